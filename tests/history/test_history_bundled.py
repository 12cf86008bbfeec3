"""The published case as the bundled sites hold it."""

from __future__ import annotations

import pytest

from yardwatch.history.assess import assess
from yardwatch.history.contract import as_json


@pytest.fixture(scope="module")
def bundled():
    folder = pytest.importorskip("yardwatch.sites.folder", reason="the bundled sites are not there yet")
    return lambda name: folder.open_site(name).site


def ask(bundled, make, name, as_of):
    site = bundled(name)
    return as_json(assess(site, make.question(as_of, site.default_zone, site.default_unit)))


def test_tumangang_october(bundled, make):
    told = ask(bundled, make, "tumangang", "2023-10-06")
    assert (told["zone"], told["unit"], told["n"]) == ("facility", "cars", None)
    assert (told["observed"]["date"], told["observed"]["value"]) == ("2023-10-05", 73)
    assert (told["baseline"]["max"], told["baseline"]["max_is_bound"]) == (20, True)
    assert told["ratio"] == {"value": 3.65, "lower": None, "upper": None}
    assert told["unprecedented"]["holds"] is None
    assert [row["value"] for row in told["unprecedented"]["outside"]] == [65]
    assert (told["superseded_by"]["date"], told["superseded_by"]["value"]) == ("2024-06-17", 255)
    assert {(x["date"], x["value"], x["lower"], x["upper"]) for x in told["cross_checks"]} == {
        ("2023-09-24", 28, 24, 33),
        ("2023-10-06", 72, 61, 83),
    }
    assert (told["onset"]["earliest"], told["onset"]["latest"]) == ("2023-09-14", "2023-09-22")
    assert told["onset"]["zones"] == ["depot-north"]
    assert any("33 of the window's 60 months" in note for note in told["notes"])
    assert (
        "above the highest count published for the window (about 20; number of images not published)"
        in (told["verdict"])
    )
    voyages = next(x for x in told["events"] if x["date"] == "2023-08-15")
    assert voyages["known"] is False
    assert voyages["lead_days"] == {"min": 25, "max": 43}


def test_tumangang_june(bundled, make):
    told = ask(bundled, make, "tumangang", "2024-06-18")
    assert told["observed"]["by_kind"] == {"ore": 175, "box": 14, "tank": 66}
    assert told["withdrawn"] == [{"date": "2023-10-05", "value": 73, "by": {"date": "2024-06-17", "value": 255}}]
    assert (told["baseline"]["max"], told["superseded_by"], told["n"]) == (73, None, None)


def test_khasan_june(bundled, make):
    told = ask(bundled, make, "khasan", "2024-06-18")
    assert told["observed"]["value"] == 149
    assert told["observed"]["by_kind"] == {"ore": 112, "box": 4, "tank": 33}


def test_khasan_has_no_look_of_cars_in_a_short_window(bundled, make):
    site = bundled("khasan")
    told = as_json(assess(site, make.question("2023-10-06", site.default_zone, window="90d")))
    assert told["observed"] is None
    assert "no usable look" in told["reason"]
