"""Every field of every value has a column, and every column a place in the manual."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from yardwatch.model import Car, Change, ChangeState, Forecast, Observation, Outcome, Source, Verdict
from yardwatch.store.ledger_tables import CHANGE_STATES, FORECASTS, OUTCOMES, VERDICTS
from yardwatch.store.rows import CarRow, CountRow, LookRow, ReviewRow, RunRow
from yardwatch.store.tables import CARS, CHANGES, COUNTS, LOOKS, OBSERVATIONS, REVIEWED_CARS, REVIEWS, RUNS, TABLES

MANUAL = Path(__file__).parents[2] / "docs" / "store.md"


def names(*kinds):
    return {field.name for kind in kinds for field in fields(kind)}


@pytest.mark.parametrize(
    ("table", "needed"),
    [
        (LOOKS, names(LookRow)),
        (COUNTS, names(CountRow) | {"scene_sha256", "code_version", "parameters", "mean", "lower", "upper"}),
        (CARS, names(Car, CarRow) - {"car", "polygon"} | {"geom", "acquired"}),
        (REVIEWED_CARS, names(Car, CarRow) - {"car", "polygon"} | {"geom", "review"}),
        (CHANGES, names(Change) - {"polygon"} | {"geom", "run"}),
        (OBSERVATIONS, names(Observation, Source) - {"when", "source"} | {"earliest", "latest"}),
        (REVIEWS, names(ReviewRow)),
        (RUNS, names(RunRow)),
        (CHANGE_STATES, names(Change, ChangeState) - {"polygon"} | {"geom"}),
        (VERDICTS, names(Verdict)),
        (FORECASTS, names(Forecast)),
        (OUTCOMES, names(Outcome)),
    ],
)
def test_every_field_has_a_column(table, needed):
    assert needed <= set(table.columns)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_manual_has_every_column(table):
    text = MANUAL.read_text(encoding="utf-8")
    section = text.split(f"### `{table.name}`")[1].split("\n#")[0]
    assert not [name for name in table.columns if f"`{name}`" not in section]
