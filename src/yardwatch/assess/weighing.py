"""Weighing: hypotheses ordered by how little speaks against them, and how much that order hangs on single facts.

After Heuer (1999): what is consistent with a hypothesis proves little, since it is mostly consistent with others too;
what counts is what is inconsistent with it.

    inconsistency(h) = Σ over rows rated inconsistent with h of weight(row)
    worth(row)       = weight(row) · 4 k (H − k) / H²,   k of the H hypotheses rated inconsistent

A row that speaks against none or against all of them separates nothing and is worth 0. The order is an order of
what is least contradicted, no probability, and nothing is picked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from yardwatch.assess.hypotheses import Matrix, Rating, Row

SAME = 1e-9
"""Sums of weights nearer than this are equal."""


@dataclass(frozen=True, kw_only=True)
class Rank:
    """Hypotheses that the same weight speaks against."""

    inconsistency: float
    hypotheses: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Without:
    """The least inconsistent hypotheses when one row is left out."""

    row: str
    least: tuple[str, ...]
    changes: bool
    """Whether they are others than with the row."""


@dataclass(frozen=True, kw_only=True)
class Watch:
    """What would end a hypothesis's place among the least inconsistent."""

    hypothesis: str
    look_for: str
    """What would speak against it."""
    weight: float
    """Weight of further facts against it that must be exceeded; 0: any fact would do."""


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """A matrix, weighed."""

    order: tuple[Rank, ...]
    worth: Mapping[str, float]
    """By row, largest first."""
    without: tuple[Without, ...]
    watch: tuple[Watch, ...]

    @property
    def least(self) -> tuple[str, ...]:
        """The least inconsistent hypotheses; more than one where the rows do not separate them."""
        return self.order[0].hypotheses


@dataclass(frozen=True, kw_only=True)
class Rivals:
    """The matrix of a site as of a day, with its weights and the order they give."""

    matrix: Matrix
    weights: Mapping[str, float]
    grades: Mapping[str, str]
    """By row: the grade its weight comes from; empty where nobody graded."""
    weighed: Weighed | None
    later: tuple[str, ...] = ()
    """Rows left out: their evidence lies after the day."""
    undisclosed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By row: its events that had happened by the day and were disclosed only after it."""

    def as_json(self) -> dict[str, Any]:
        """Rows, order, worth, leave-one-out and what would change the order; nothing is picked."""
        found = self.weighed
        return {
            "signed": self.matrix.signed,
            "picked": None,
            "hypotheses": [
                {"id": h.id, "title": h.title, "expects": h.expects, "against": h.against}
                for h in self.matrix.hypotheses
            ],
            "rows": [self._row(row) for row in self.matrix.rows],
            "left_out": list(self.later),
            "order": [{"inconsistency": r.inconsistency, "hypotheses": list(r.hypotheses)} for r in found.order]
            if found
            else [],
            "leave_one_out": [
                {"row": one.row, "least": list(one.least), "changes": one.changes} for one in found.without
            ]
            if found
            else [],
            "would_change": [
                {"hypothesis": one.hypothesis, "look_for": one.look_for, "weight": one.weight} for one in found.watch
            ]
            if found
            else [],
        }

    def _row(self, row: Row) -> dict[str, Any]:
        return {
            "id": row.id,
            "fact": row.fact,
            "evidence": list(row.evidence),
            "grade": self.grades[row.id],
            "weight": self.weights[row.id],
            "worth": self.weighed.worth[row.id] if self.weighed else None,
            "ratings": {h.id: row.rating(h.id).value for h in self.matrix.hypotheses},
            "rated_by": row.rated_by,
            "note": row.note,
            "undisclosed": list(self.undisclosed.get(row.id, ())),
        }


def weigh(matrix: Matrix, weights: Mapping[str, float]) -> Weighed | None:
    """The matrix weighed with a weight a row; None where it has no rows."""
    if not matrix.rows:
        return None
    order = _order(matrix, matrix.rows, weights)
    least = set(order[0].hypotheses)
    without = []
    for row in matrix.rows:
        left = _order(matrix, [one for one in matrix.rows if one is not row], weights)[0].hypotheses
        without.append(Without(row=row.id, least=left, changes=set(left) != least))
    worth = {row.id: _worth(matrix, row, weights[row.id]) for row in matrix.rows}
    ranked = dict(sorted(worth.items(), key=lambda pair: (-pair[1], pair[0])))
    return Weighed(order=order, worth=ranked, without=tuple(without), watch=_watch(matrix, order))


def without_later(matrix: Matrix, kept: frozenset[str]) -> Matrix:
    """The matrix with those rows alone whose evidence is all among `kept`: what was not known yet cannot speak."""
    rows = tuple(row for row in matrix.rows if set(row.evidence) <= kept)
    return replace(matrix, rows=rows)


def _order(matrix: Matrix, rows: Sequence[Row], weights: Mapping[str, float]) -> tuple[Rank, ...]:
    against = {
        hypothesis.id: sum(weights[row.id] for row in rows if row.rating(hypothesis.id) is Rating.INCONSISTENT)
        for hypothesis in matrix.hypotheses
    }
    ranks: list[Rank] = []
    for name, total in sorted(against.items(), key=lambda pair: pair[1]):
        if ranks and total - ranks[-1].inconsistency < SAME:
            ranks[-1] = replace(ranks[-1], hypotheses=(*ranks[-1].hypotheses, name))
        else:
            ranks.append(Rank(inconsistency=round(total, 4), hypotheses=(name,)))
    return tuple(ranks)


def _worth(matrix: Matrix, row: Row, weight: float) -> float:
    every = len(matrix.hypotheses)
    against = sum(row.rating(hypothesis.id) is Rating.INCONSISTENT for hypothesis in matrix.hypotheses)
    return round(weight * 4 * against * (every - against) / every**2, 4)


def _watch(matrix: Matrix, order: Sequence[Rank]) -> tuple[Watch, ...]:
    """For each of the least inconsistent, what to look for: against one of several any fact will do."""
    least = order[0].hypotheses
    next_one = order[1].inconsistency if len(order) > 1 else order[0].inconsistency
    margin = 0.0 if len(least) > 1 else round(next_one - order[0].inconsistency, 4)
    titles = {hypothesis.id: hypothesis.against for hypothesis in matrix.hypotheses}
    return tuple(Watch(hypothesis=name, look_for=titles[name], weight=margin) for name in least)
