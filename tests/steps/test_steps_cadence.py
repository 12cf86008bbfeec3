"""The cadence by hand: what was looked at, what could not be used, what nobody has counted, and the longest gap."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import shapely
from tests.imagery.local_stac import NORTH, UTM, WEST, write_image

from yardwatch import pipeline
from yardwatch.errors import InputError, UnavailableError
from yardwatch.ground import reproject_geometry
from yardwatch.imagery.catalogue import Catalogue
from yardwatch.imagery.receive import Details, receive
from yardwatch.report.chart_cadence import Bars, Monthly, cadence_chart, describe
from yardwatch.sites.init import create
from yardwatch.store.geopackage import GeoPackageStore
from yardwatch.store.rows import LookRow

ZONE = reproject_geometry(shapely.box(WEST + 100, NORTH - 300, WEST + 300, NORTH - 100), UTM, "EPSG:4326")
NOW = datetime(2025, 1, 1, tzinfo=UTC)
DAYS = [
    ("2021-01-10T03:00Z", "Sat A", True),
    ("2021-01-20T03:00Z", "Sat A", False),
    ("2021-02-05T03:00Z", "Sat B", True),
    ("2021-05-25T03:00Z", "Sat A", True),
    ("2021-06-01T03:00Z", "Sat A", None),
    ("2021-07", None, True),
    ("2022", "Sat A", True),
]
"""Day, sensor, and whether the count could use it; None: not counted."""


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("cadence") / "yard"
    create(folder, name="Yard <nowhere>", zone=ZONE)
    looks = {}
    for number, (day, sensor, usable) in enumerate(DAYS):
        image = folder.parent / f"{number}.tif"
        write_image(image, side=64, seed=number, gsd=8.0)
        scene = receive(image, folder, Details(acquired=day, sensor=sensor), now=NOW, over=None).scene
        looks[scene] = usable
    with GeoPackageStore(folder / "site.gpkg") as store:
        for scene, usable in looks.items():
            if usable is not None:
                store.put_look(look_row(scene, "old", not usable), (), ())
                store.put_look(look_row(scene, "new", usable), (), ())
    return folder


def look_row(scene, name: str, usable: bool) -> LookRow:
    return LookRow(
        id=f"{name}-{scene.id}",
        scene=scene.id,
        scene_sha256=scene.sha256,
        acquired=scene.acquired,
        code_version="1",
        parameters="{}",
        tracks_sha256="0" * 64,
        capability="cars" if usable else "none",
        capability_reason="",
        usable=usable,
        reason=None if usable else "cloud",
        visible_fraction=1.0 if usable else 0.0,
        aligned=True,
        synthetic=False,
    )


def test_by_month_and_sensor(site):
    said = pipeline.cadence(site).as_json()
    assert said["sensors"] == ["Sat A", "Sat B", "sensor not stated"]  # five, one, one
    assert (said["looks"], said["no_looks"], said["not_counted"], said["year_only"]) == (5, 1, 1, 1)
    assert [month["month"] for month in said["months"]] == [f"2021-{m:02d}" for m in range(1, 8)]
    cell = lambda looks, no_looks, not_counted: {"looks": looks, "no_looks": no_looks, "not_counted": not_counted}  # noqa: E731
    by_month = {month["month"]: month["by_sensor"] for month in said["months"]}
    assert by_month["2021-01"] == {"Sat A": cell(1, 1, 0)}  # the newest look at the second says no
    assert by_month["2021-02"] == {"Sat B": cell(1, 0, 0)}
    assert by_month["2021-03"] == {}
    assert by_month["2021-06"] == {"Sat A": cell(0, 0, 1)}
    assert by_month["2021-07"] == {"sensor not stated": cell(1, 0, 0)}
    assert said["longest_gap"] == {"after": "2021-02-05", "before": "2021-05-25", "days": 109}


def test_between_two_days(site):
    said = pipeline.cadence(site, date(2021, 2, 1), date(2021, 5, 31)).as_json()
    assert (said["looks"], said["sensors"], len(said["months"])) == (2, ["Sat A", "Sat B"], 4)


def test_the_chart_is_the_same_twice_and_says_it_in_words(site, tmp_path):
    found = pipeline.cadence(site)
    for name in ("a.svg", "b.svg", "a.png", "b.png"):
        pipeline.draw_cadence(found, tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    root = ET.fromstring((tmp_path / "a.svg").read_text())
    words = " ".join("".join(one.itertext()) for one in root.iter() if one.tag.endswith(("title", "desc")))
    assert "Yard <nowhere>" in words  # escaped in the file, whole when read
    assert "Sat A: 2 looks, 1 no-looks, 1 not counted yet" in words  # without the scene of which only the year is known
    assert "var(--" not in (tmp_path / "a.svg").read_text()  # alone, it follows no page
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_what_cannot_be_drawn(site, tmp_path):
    found = pipeline.cadence(site)
    with pytest.raises(InputError, match=r"--out x\.pdf: is neither \.svg nor \.png"):
        pipeline.draw_cadence(found, tmp_path / "x.pdf")
    with pytest.raises(UnavailableError, match="cannot be written"):
        pipeline.draw_cadence(found, tmp_path / "no folder" / "x.svg")
    with pytest.raises(InputError, match="has no dated scenes to draw"):
        pipeline.draw_cadence(pipeline.cadence(site, date(2030, 1, 1)), tmp_path / "x.svg")
    with pytest.raises(ValueError, match="needs a sensor"):
        cadence_chart([], "x", "svg", synthetic=False)
    rows = [Monthly(sensor="a", bars=(Bars(month="2021-01"),)), Monthly(sensor="b", bars=(Bars(month="2021-02"),))]
    with pytest.raises(ValueError, match="the same months"):
        cadence_chart(rows, "x", "svg", synthetic=False)


def test_many_sensors_and_simulated_ones(tmp_path):
    rows = [Monthly(sensor=f"S{i}", bars=(Bars(month="2021-01", looks=1, no_looks=i),)) for i in range(15)]
    svg = cadence_chart(rows, "x", "svg", synthetic=True).decode()
    assert "others (4)" in svg  # eleven by name, four together
    assert "SIMULATED" in svg
    assert "S14: 1 looks, 14 no-looks" in describe(rows)


def test_the_scenes_are_those_of_the_catalogue(site):
    assert len(pipeline.cadence(site).sighted) == len(Catalogue(site / "scenes").scenes()) == len(DAYS)


def test_the_command(site, tmp_path, monkeypatch, capsys):
    from yardwatch.cli import main

    for words, wanted in (
        (["cadence", str(site), "--out", str(tmp_path / "c.svg")], "longest time without a look: 109 days"),
        (["cadence", str(site), "--json"], '"longest_gap"'),
        (["list", str(site), "--from", "2021-02-01", "--to", "2021-05-31", "--json"], "2021-05-25"),
    ):
        monkeypatch.setattr("sys.argv", ["yardwatch", "scenes", *words])
        with pytest.raises(SystemExit) as left:
            main()
        out = capsys.readouterr().out
        assert not left.value.code
        assert wanted in out
    assert len(json.loads(out)["scenes"]) == 2
    assert (tmp_path / "c.svg").is_file()
    monkeypatch.setattr("sys.argv", ["yardwatch", "scenes", "list", str(site), "--zone", "none"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    assert "is no zone of yard-nowhere; zones: yard" in capsys.readouterr().err
