"""The answer of `changes --json` for a site: each object with what was said of it and how it came to be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from yardwatch.construction.contract import as_json
from yardwatch.construction.verdicts import Entry
from yardwatch.model import ChangeState, Verdict
from yardwatch.model.judged import GONE


def ledger_json(found: Sequence[Entry], everything: Sequence[Entry]) -> dict[str, Any]:
    """`changes`: found and not judged false; `judged`: found and judged false; `gone`: not found any more.

    Args:
        found: what the newest search found, outlines lon/lat.
        everything: the whole ledger, outlines lon/lat.
    """
    return {
        "changes": [entry_json(entry) for entry in found if not entry.dismissed],
        "judged": [entry_json(entry) for entry in found if entry.dismissed],
        "gone": [entry_json(entry) for entry in everything if entry.state.status == GONE],
    }


def entry_json(entry: Entry) -> dict[str, Any]:
    """The contract's fields of a change, then those of the ledger."""
    (said,) = as_json([entry.change])["changes"]
    return said | {
        "verdict": None if entry.verdict is None else verdict_json(entry.verdict) | {"inherited": entry.inherited},
        "earlier_verdicts": [verdict_json(verdict) for verdict in entry.verdicts[:-1]],
        "disputed": entry.disputed,
        "changed_since_verdict": list(entry.changed_since),
        "split_from": entry.state.split_from,
        "merged": list(entry.merged),
        "history": [_state(state) for state in entry.history],
    }


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """One person's word."""
    return {
        "is": verdict.verdict,
        "by": verdict.by,
        "on": verdict.given.isoformat(),
        "note": verdict.note,
        "change": verdict.change,
    }


def _state(state: ChangeState) -> dict[str, Any]:
    return {
        "until": state.until.isoformat() if state.until else None,
        "status": state.status,
        "kind": state.change.kind,
        "stage": state.change.stage,
        "area_m2": round(state.change.area_m2, 1),
        "persistence": state.change.persistence,
    }
