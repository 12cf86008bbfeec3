"""The transcript in docs/finding.md is what the commands print, against the STAC API written by hand for these tests.

`YARDWATCH_TRANSCRIPT=1` writes it anew; read what it says before it is committed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import shapely
from tests.imagery.local_stac import NORTH, UTM, WEST, item, serve_items, write_image
from tests.imagery.misbehaving import serving

from yardwatch.cli import main
from yardwatch.ground import reproject_geometry
from yardwatch.sites.init import create

PAGE = Path(__file__).parents[2] / "docs" / "finding.md"
BLOCK = re.compile(r"(```console\n)(.*?)(```)", re.DOTALL)
COG = {"type": "image/tiff; application=geotiff; profile=cloud-optimized"}
SEARCH = "yardwatch scenes search harbour-yard --api http://localhost/stac --from 2019-01-01 --max-cloud 30 --max-gsd 1"
COMMANDS = [
    SEARCH,
    f"{SEARCH} --add -q",
    "yardwatch scenes list harbour-yard",
    "yardwatch scenes cadence harbour-yard",
    "yardwatch verify harbour-yard",
]


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "files").mkdir()
    zone = reproject_geometry(shapely.box(WEST + 150, NORTH - 400, WEST + 350, NORTH - 250), UTM, "EPSG:4326")
    create(tmp_path / "harbour-yard", name="Harbour yard (fictional place, open ocean)", zone=zone)
    with serving(tmp_path / "files") as server:
        yield server, serve_items(server, offers(tmp_path / "files"))


def offers(folder: Path) -> list[dict]:
    """Five items: good, another year, cloudy, half covered with a month for a date, and one that is gone."""
    whole = write_image(folder / "a.tif")
    write_image(folder / "b.tif", seed=2)
    write_image(folder / "d.tif", seed=3)
    west, south, east, north = whole
    half = [west, south, (west + east) / 2 - 0.0008, north]

    def of(file: str) -> dict:
        return {
            "visual": {**COG, "href": f"../../{file}", "roles": ["visual"]},
            "dsm": {**COG, "href": "../../dsm.tif"},
        }

    said = {"gsd": 0.5, "platform": "Aero 1"}
    month = {"start_datetime": "2023-05-02T00:00:00Z", "end_datetime": "2023-05-20T00:00:00Z"}
    return [
        item(
            "o-2019-114",
            whole,
            datetime="2019-06-11T10:20:00Z",
            assets=of("a.tif"),
            **said,
            **{"eo:cloud_cover": 4, "view:off_nadir": 11.2},
        ),
        item(
            "o-2021-087",
            whole,
            datetime="2021-04-02T10:05:00Z",
            assets=of("b.tif"),
            **said,
            **{"eo:cloud_cover": 22, "view:off_nadir": 3},
        ),
        item(
            "o-2021-090", whole, datetime="2021-04-05T10:05:00Z", assets=of("c.tif"), **said, **{"eo:cloud_cover": 81}
        ),
        item("o-2023-may", half, assets=of("d.tif"), platform="Aero 2", gsd=0.4, **month),
        item(
            "o-2024-001", whole, datetime="2024-01-03T10:00:00Z", assets=of("gone.tif"), **said, **{"eo:cloud_cover": 0}
        ),
    ]


def run(command: str, url: str, monkeypatch, capsys) -> str:
    words = command.replace("http://localhost/stac", url).split()
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit):
        main()
    seen = capsys.readouterr()
    text = (seen.out + seen.err).replace(url.removesuffix("/stac"), "http://localhost")
    text = re.sub(r"(20\d\d-\d\d(?:-\d\d)?)-[0-9a-f]{8}", r"\1-········", text)  # hashes follow GDAL's version
    text = re.sub(r"[0-9a-f]{16,64}", "················", text)
    text = re.sub(r"\d+\.\d MB", "… MB", text)
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def test_the_transcript_is_what_is_printed(world, monkeypatch, capsys):
    _, url = world
    said = "".join(f"$ {command}\n{run(command, url, monkeypatch, capsys)}\n" for command in COMMANDS).rstrip() + "\n"
    page = PAGE.read_text(encoding="utf-8")
    if os.environ.get("YARDWATCH_TRANSCRIPT"):
        PAGE.write_text(BLOCK.sub(lambda found: found[1] + said + found[3], page), encoding="utf-8")
    assert BLOCK.search(PAGE.read_text(encoding="utf-8"))[2] == said
