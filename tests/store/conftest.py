"""Rows to put into a store."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
import shapely

from yardwatch.model import Capability, Car, Change, ChangeState, Forecast, Outcome, Verdict
from yardwatch.store.ids import content_id, count_id
from yardwatch.store.rows import CarRow, CountRow, LookRow


@pytest.fixture(scope="session")
def rows():
    """Makers of valid rows; what is given by name takes the place of the default."""
    return SimpleNamespace(look=look, count=count, car=car, change=change, grown=grown)


def look(number=1, **changed):
    given_ = {
        "id": content_id({"look": number}),
        "scene": f"scene-{number}",
        "scene_sha256": f"{number:064x}",
        "acquired": datetime(2023, 10, 5, 2, 10, 0, 123_456, tzinfo=UTC),
        "code_version": "0.1.0",
        "parameters": '{"level":0.9}',
        "tracks_sha256": "ab" * 32,
        "capability": Capability.CARS,
        "capability_reason": "0.5 m",
        "usable": True,
        "reason": None,
        "visible_fraction": 0.75,
        "shift_x_m": -1.25,
        "align_residual_m": 0.1 + 0.2,
        "align_windows": 9,
        "aligned": True,
        "synthetic": False,
    }
    return LookRow(**given_ | changed)


def count(of, zone="facility", **changed):
    given_ = {
        "id": count_id(look=of.id, zone=zone, zone_version=2),
        "look": of.id,
        "zone": zone,
        "zone_version": 2,
        "pmf": (0.1, 0.2, 0.7),
        "length_mean": 1.9,
        "length_lower": 1.0,
        "length_upper": 3.0,
        "occupied_m": 27.84,
        "visible_fraction": 1.0,
    }
    return CountRow(**given_ | changed)


def car(of, number=1, **changed):
    given_ = {"id": f"c{number}", "track": "t1", "start_m": 10.0, "end_m": 23.92, "probability": 0.97}
    west = 130.6 + number * 1e-4
    return CarRow(
        look=of.id,
        car=Car(**given_ | changed),
        polygon=shapely.box(west, 42.42, west + 1.6e-4, 42.42003),
        zones=("facility", "depot-north"),
    )


def change(number, **changed):
    given_ = {
        "id": f"g{number}",
        "kind": "new-structure",
        "polygon": shapely.box(130.0 + number, 42.0, 130.001 + number, 42.001, ccw=False),
        "area_m2": 720.5,
        "after": date(2023, 1, 2),
        "before": None,
        "persistence": 5,
        "probability": None,
        "stage": "roofed",
    }
    return Change(**given_ | changed)


def grown(number):
    """One row for each table that only grows."""
    day = date(2024, 1, number)
    gone = {"status": "gone"} if number == 2 else {}
    return {
        "change_states": ChangeState(
            id=f"s{number}", change=change(number, score=1.5, doubt="one sensor"), run="r", until=day, **gone
        ),
        "change_verdicts": Verdict(
            id=f"v{number}", change="g1", verdict="unsure", by="Ünal", given=day, note="a\nb", state="s1"
        ),
        "forecasts": Forecast(
            id=f"f{number}", text="in use", word="likely", lower=0.55, upper=0.8, made=day, due=date(2025, 1, 1), by="A"
        ),
        "forecast_outcomes": Outcome(id=f"o{number}", forecast="f1", happened="no", known=day, by="B", entered=day),
    }
