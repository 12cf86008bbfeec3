"""Tables that only grow: the history of each change, what people said of it, forecasts and what came of them.

Every store keeps them by two operations alone, `keep` and `kept`, so that another such table costs no store a line.
"""

from __future__ import annotations

from typing import Any

from yardwatch.model import Change
from yardwatch.model.judged import ChangeState, Forecast, Outcome, Verdict
from yardwatch.store.table import GEOMETRY, Cells, Table, columns, fields_of, only

CHANGE_COLUMNS = columns(
    "TEXT kind",
    "DOUBLE area_m2",
    "DATE after before",
    "INTEGER persistence",
    "DOUBLE probability",
    "TEXT stage",
    "DOUBLE score rectangularity straight_edges length_m",
    "TEXT doubt",
)
"""What is said of a change, beside its id and its outline."""


def flatten_change(row: Change) -> Cells:
    """A change as cells."""
    return fields_of(row) | {GEOMETRY: row.polygon}


def build_change(cells: Cells) -> Change:
    """A change from its cells."""
    return Change(**only(Change, cells | {"polygon": cells[GEOMETRY]}))


def _flatten_state(row: ChangeState) -> Cells:
    return flatten_change(row.change) | fields_of(row) | {"change": row.change.id}


def _build_state(cells: Cells) -> ChangeState:
    change = build_change(cells | {"id": cells["change"]})
    return ChangeState(**only(ChangeState, cells | {"change": change}))


CHANGE_STATES = Table(
    name="change_states",
    says="The history of each change: what every search said of it, oldest first",
    key=("id",),
    columns=columns("POLYGON geom", "TEXT id change status split_from merged_into run", "DATE until") | CHANGE_COLUMNS,
    flatten=_flatten_state,
    build=_build_state,
)
VERDICTS = Table(
    name="change_verdicts",
    says="What a person said of a change: real, false or unsure; the newest holds",
    key=("id",),
    columns=columns("TEXT id change verdict by", "DATE given", "TEXT note state"),
    flatten=fields_of,
    build=lambda cells: Verdict(**only(Verdict, cells)),
)
FORECASTS = Table(
    name="forecasts",
    says="Judgements about what will have happened by a day, each with a word of likelihood and its band",
    key=("id",),
    columns=columns("TEXT id text word", "DOUBLE lower upper", "DATE made due", "TEXT about by note"),
    flatten=fields_of,
    build=lambda cells: Forecast(**only(Forecast, cells)),
)
OUTCOMES = Table(
    name="forecast_outcomes",
    says="What became of a forecast: yes, no or void; the newest holds",
    key=("id",),
    columns=columns("TEXT id forecast happened", "DATE known", "TEXT by", "DATE entered", "TEXT note"),
    flatten=fields_of,
    build=lambda cells: Outcome(**only(Outcome, cells)),
)
JUDGED_VIEW = """
CREATE VIEW changes_judged AS SELECT c.*, v.verdict, v.by AS judged_by, v.given AS judged_on, v.note AS judged_note
  FROM changes AS c LEFT JOIN change_verdicts AS v
  ON v.fid = (SELECT max(fid) FROM change_verdicts WHERE change = c.id)
"""
"""The layer `changes_judged`: the changes as last found, each with the newest verdict on it, for QGIS."""
GROWING: tuple[Table[Any], ...] = (CHANGE_STATES, VERDICTS, FORECASTS, OUTCOMES)
