"""What people said of each object, and what it means for the list of findings.

The newest verdict holds. `false` takes an object off the findings and onto the list of judged ones, and keeps it there
while looks arrive; when the object becomes another one since, that is told, and a person may look again. A part split
off a judged object is judged with it. An object that took in one nobody judged false is a finding again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yardwatch.construction.ledger import latest, widened
from yardwatch.model import Change, ChangeState, Verdict
from yardwatch.model.judged import FALSE, FOUND, GONE, MERGED

MUCH = 1.5
"""Times the area, up or down, that makes an object another one than was judged."""
SHARED = 0.5
"""Intersection over union below which the outline is another one."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One object of the ledger: what it is now, how it came to be, what was said of it."""

    state: ChangeState
    """The last."""
    history: tuple[ChangeState, ...]
    """All, oldest first, the last included."""
    verdicts: tuple[Verdict, ...]
    """All, oldest first; those of the object it was split from where it has none of its own."""
    changed_since: tuple[str, ...]
    """What is much different from what the newest verdict judged, a sentence part each."""
    merged: tuple[str, ...]
    """Objects that became part of this one."""
    not_dismissed: tuple[str, ...] = ()
    """Of these, those nobody judged false."""

    @property
    def change(self) -> Change:
        """The object as last found."""
        return self.state.change

    @property
    def verdict(self) -> Verdict | None:
        """The newest."""
        return self.verdicts[-1] if self.verdicts else None

    @property
    def inherited(self) -> bool:
        """Whether the verdict was given on the object this one was split from."""
        return self.verdict is not None and self.verdict.change != self.change.id

    @property
    def dismissed(self) -> bool:
        """Judged false, with all that became part of it: no finding."""
        return self.verdict is not None and self.verdict.verdict == FALSE and not self.not_dismissed

    @property
    def disputed(self) -> bool:
        """Whether people, each by their newest word, do not agree."""
        words = {verdict.by.strip().casefold(): verdict.verdict for verdict in self.verdicts}
        return len(set(words.values())) > 1


def entries(states: Sequence[ChangeState], verdicts: Sequence[Verdict]) -> dict[str, Entry]:
    """Every object of the ledger by id, in the order first found; outlines in ground metres."""
    last = latest(states)
    said: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        said.setdefault(verdict.change, []).append(verdict)
    judged = {id_: _said(state, last, said) for id_, state in last.items()}
    into: dict[str, list[str]] = {}
    for id_, state in last.items():
        if state.status == MERGED and state.merged_into:
            into.setdefault(state.merged_into, []).append(id_)
    by_id = {state.id: state for state in states}
    return {
        id_: Entry(
            state=state,
            history=tuple(one for one in states if one.change.id == id_),
            verdicts=judged[id_],
            changed_since=_since(judged[id_], by_id, state),
            merged=tuple(into.get(id_, ())),
            not_dismissed=tuple(one for one in into.get(id_, ()) if not _false(judged[one])),
        )
        for id_, state in last.items()
    }


def much_changed(then: Change, now: Change) -> tuple[str, ...]:
    """How an object differs so much that a verdict on it may no longer fit; nothing where it does not."""
    said = []
    if then.kind != now.kind:
        said.append(f"kind {then.kind} → {now.kind}")
    if now.stage is not None and then.stage != now.stage:
        said.append(f"stage {then.stage or 'unknown'} → {now.stage}")
    if not 1 / MUCH < now.area_m2 / max(then.area_m2, 1e-9) < MUCH:
        said.append(f"area {then.area_m2:.0f} → {now.area_m2:.0f} m²")
    old, new = widened(then.polygon), widened(now.polygon)
    common = old.intersection(new).area / old.union(new).area
    if common < SHARED:
        said.append(f"outline shares {common:.0%} of its ground with the one judged")
    return tuple(said)


def _said(
    state: ChangeState, last: Mapping[str, ChangeState], said: Mapping[str, Sequence[Verdict]]
) -> tuple[Verdict, ...]:
    """Verdicts on the object, else on the one it was split from, and so on back."""
    seen: set[str] = set()
    one: ChangeState | None = state
    while one is not None and one.change.id not in seen:
        if said.get(one.change.id):
            return tuple(said[one.change.id])
        seen.add(one.change.id)
        one = last.get(one.split_from or "")
    return ()


def _false(verdicts: Sequence[Verdict]) -> bool:
    return bool(verdicts) and verdicts[-1].verdict == FALSE


def _since(verdicts: Sequence[Verdict], by_id: Mapping[str, ChangeState], now: ChangeState) -> tuple[str, ...]:
    judged = by_id.get(verdicts[-1].state) if verdicts else None
    if judged is None:
        return ()
    if now.status == GONE and judged.status == FOUND:
        return ("no longer found",)
    return much_changed(judged.change, now.change)
