"""The answer of `forecasts list --json`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from yardwatch.assess.scoring import Calibration, Row, Scored


def forecasts_json(scored: Sequence[Scored], table: Calibration) -> dict[str, Any]:
    """Every forecast, and the calibration over those whose outcome is known."""
    return {
        "forecasts": [scored_json(one) for one in scored],
        "open": sum(one.outcome is None for one in scored),
        "overdue": sum(one.overdue for one in scored),
        "calibration": {
            "n": table.n,
            "brier": _rounded(table.brier),
            "base_rate": _rounded(table.base_rate),
            "brier_of_base_rate": _rounded(table.brier_of_base_rate),
            "bands": [_row(row) for row in table.rows],
        },
    }


def scored_json(one: Scored) -> dict[str, Any]:
    """One forecast with what became of it."""
    said, ended = one.forecast, one.outcome
    return {
        "id": said.id,
        "text": said.text,
        "word": said.word,
        "band": [said.lower, said.upper],
        "chance": _rounded(said.chance),
        "made": said.made.isoformat(),
        "due": said.due.isoformat(),
        "about": said.about or None,
        "by": said.by,
        "note": said.note,
        "outcome": None
        if ended is None
        else {
            "happened": ended.happened,
            "known": ended.known.isoformat(),
            "by": ended.by,
            "entered": ended.entered.isoformat(),
            "note": ended.note,
        },
        "brier": _rounded(one.brier),
        "overdue": one.overdue,
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "words": row.words,
        "band": [row.lower, row.upper],
        "n": row.n,
        "happened": row.happened,
        "share": _rounded(row.share),
        "share_interval": [_rounded(row.share_lower), _rounded(row.share_upper)],
        "outside_band": row.outside,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
