"""`yardwatch report` and `yardwatch verify`, from a counted site to files, and what stands in their way."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from pathlib import Path

import pytest

from yardwatch.report.bundle import Bundle, bundle
from yardwatch.steps.forms import _until_last_report

DAY = "--as-of"


@pytest.fixture
def as_of(simulated):
    return simulated.looks[-1].acquired.date().isoformat()


def written(out):
    return [line.strip() for line in out.splitlines() if line.strip()]


@pytest.mark.slow
def test_every_form_of_a_counted_site_and_a_bundle_that_is_sound(cli, run_site, as_of, tmp_path):
    pytest.importorskip("weasyprint", reason="pango is missing")
    forms = "html,json,md,docx,pdf,figures,bundle"
    code, out, _ = cli("report", run_site, DAY, as_of, "--form", forms, "--out", tmp_path / "r")
    assert code == 0
    paths = written(out)
    assert [path.rsplit(".", 1)[-1] for path in paths[:5]] == ["html", "json", "md", "docx", "pdf"]
    code, out, _ = cli("verify", paths[-1], "--json")
    found = json.loads(out)
    assert code == 0
    assert found["ok"] is True
    assert found["command"].startswith("yardwatch report")
    with zipfile.ZipFile(next(path for path in paths if path.endswith(".zip"))) as held:
        names = held.namelist()
        head = json.loads(held.read(next(name for name in names if name.endswith("custody-head.json"))))
    assert not any(name.endswith("custody.jsonl") for name in names), "the log names people; a public bundle does not"
    log = (run_site / "custody.jsonl").read_bytes().splitlines()
    assert hashlib.sha256(log[head["lines"] - 1]).hexdigest() == head["head"]


def test_a_bundle_changed_on_the_way_is_exit_1_with_its_reason(cli, tmp_path):
    code, out, _ = cli("report", "tumangang", DAY, "2023-10-06", "--out", tmp_path)
    assert code == 0
    page, data = (Path(path).read_bytes() for path in written(out))
    path = tmp_path / "tumangang-2023-10-06.zip"
    files = {"report.html": page, "report.json": data}
    path.write_bytes(bundle(Bundle(name=path.name, report=json.loads(data), files=files)))
    assert cli("verify", path)[0] == 0
    data = bytearray(path.read_bytes())
    at = data.index(b"report.html") + 2_000
    data[at] ^= 0xFF
    path.write_bytes(data)
    code, out, _ = cli("verify", path, "--json")
    found = json.loads(out)
    assert code == 1
    assert "report.html is not what was put in" in found["reason"]
    code, out, _ = cli("verify", path)
    assert code == 1
    assert "Not sound" in out


@pytest.mark.parametrize("ending", ["html", "json", "md", "docx", "pdf", "PDF"])
def test_one_form_of_a_report_is_no_evidence_to_verify(cli, tmp_path, ending):
    path = tmp_path / f"report.{ending}"
    path.write_bytes(b"anything")
    code, _, said = cli("verify", path)
    assert code == 2
    assert "--form bundle" in said


def test_both_editions_stand_beside_each_other(cli, tmp_path):
    for edition in ("public", "internal"):
        assert cli("report", "tumangang", DAY, "2023-10-06", "--edition", edition, "--out", tmp_path)[0] == 0
    assert sorted(path.name for path in tmp_path.glob("*.html")) == [
        "tumangang-2023-10-06-internal.html",
        "tumangang-2023-10-06.html",
    ]


def test_an_image_that_changed_stops_the_report_and_is_named(cli, run_site, as_of):
    image = min((run_site / "scenes").glob("*/*.tif"))
    data = bytearray(image.read_bytes())
    data[len(data) // 2] ^= 1
    image.write_bytes(data)
    code, _, err = cli("report", run_site, DAY, as_of)
    assert code == 1
    assert image.stem in err
    assert "no longer what was received" in err
    assert not (run_site / "reports").is_dir() or not any((run_site / "reports").iterdir())


def test_a_missing_image_is_said_and_its_cars_are_drawn(cli, run_site, as_of):
    image = max((run_site / "scenes").glob("*/*.tif"))
    image.unlink()
    code, out, _ = cli("report", run_site, DAY, as_of)
    assert code == 0
    page = Path(written(out)[0]).read_text(encoding="utf-8")
    assert f"no longer at hand, so that their counts cannot be looked at again: {image.stem}" in page
    assert "the image is not at hand" in page
    assert 'class="car"' in page


def test_a_site_with_no_observation_still_has_a_page(cli, site, tmp_path):
    shutil.rmtree(site / "scenes")
    code, out, err = cli("report", site, DAY, "2020-01-01", "--form", "html,json,md", "--out", tmp_path)
    assert code == 1, "nothing could be held against the record"
    assert "no usable look at zone" in err
    assert "No look at this zone" in Path(written(out)[0]).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--form", "html,powerpoint"), "--form 'powerpoint' is unknown; choose from html, json"),
        (("--form", ""), "is unknown; choose from html"),
        (("--edition", "secret"), "--edition 'secret' is unknown; choose internal or public"),
    ],
)
def test_a_mistake_is_one_line(cli, words, says):
    code, _, err = cli("report", "tumangang", DAY, "2023-10-06", *words)
    assert code == 2
    assert says in err
    assert len(err.strip().splitlines()) == 1


def test_verifying_nothing_is_exit_3_and_verifying_something_else_exit_2(cli, tmp_path):
    code, _, err = cli("verify", tmp_path / "none.zip")
    assert code == 3
    (tmp_path / "x.zip").write_bytes(b"x")
    code, _, err = cli("verify", tmp_path / "x.zip")
    assert code == 2
    assert "no readable zip" in err


def test_reports_made_since_change_nothing_in_the_next_ones_custody_log():
    lines = [
        json.dumps({"n": n, "what": what}).encode() + b"\n" for n, what in enumerate(("received", "reported", "ran"), 1)
    ]
    said = json.dumps({"n": 4, "what": "reported"}).encode() + b"\n"
    assert _until_last_report(b"".join(lines)) == b"".join(lines)
    assert _until_last_report(b"".join([*lines, said, said])) == b"".join(lines)
    assert _until_last_report(b"torn") == b"torn"
    assert _until_last_report(b"") == b""
