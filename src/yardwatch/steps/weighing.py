"""The site's matrix of hypotheses, weighed as of a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yardwatch.assess.grades import weight
from yardwatch.assess.hypotheses import Hypothesis, Matrix, Rating, Row, seeded
from yardwatch.assess.weighing import Weighed, weigh, without_later
from yardwatch.model import Site
from yardwatch.sites.folder import SiteFolder
from yardwatch.sites.matrix import MatrixFile, read_matrix

FILE = "hypotheses.toml"


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
        }


def rivals(folder: SiteFolder, as_of: date, graded: Mapping[str, str]) -> Rivals:
    """The site's rival explanations as of a day; `graded` gives the grade of each piece of evidence that has one.

    Facts later than the day are left out: what had not happened yet cannot speak. Raises SiteError.
    """
    site, path = folder.site, folder.file(FILE)
    dates = {one.id: one.when.earliest for one in site.record} | {one.id: one.when.earliest for one in site.events}
    whole = seeded() if path is None else _matrix(read_matrix(path, dates.keys()))
    matrix = without_later(whole, frozenset(name for name, day in dates.items() if day <= as_of))
    kept = {row.id for row in matrix.rows}
    grades = {row.id: row.grade or _best(row, graded) for row in matrix.rows}
    weights = {name: weight(grade) for name, grade in grades.items()}
    later = tuple(row.id for row in whole.rows if row.id not in kept)
    return Rivals(matrix=matrix, weights=weights, grades=grades, weighed=weigh(matrix, weights), later=later)


def grades_of(site: Site) -> dict[str, str]:
    """Grades given in the record and the events, by row."""
    rows = [*((one.id, one.source) for one in site.record), *((one.id, one.source) for one in site.events)]
    return {name: source.grade for name, source in rows if source is not None and source.grade}


def _best(row: Row, graded: Mapping[str, str]) -> str:
    """The best grade among the row's evidence: one good source is not worsened by a bad one beside it."""
    found = [graded[name] for name in row.evidence if name in graded]
    return max(found, key=weight, default="")


def _matrix(file: MatrixFile) -> Matrix:
    own = [Hypothesis(id=h.id, title=h.title, expects=h.expects, against=h.against) for h in file.hypothesis]
    rows = [
        Row(
            id=fact.id, fact=fact.fact, evidence=fact.evidence, grade=fact.grade, note=fact.note,
            rated_by=file.rated_by.strip(),
            ratings=dict.fromkeys(fact.consistent, Rating.CONSISTENT)
            | dict.fromkeys(fact.inconsistent, Rating.INCONSISTENT),
        )
        for fact in file.row
    ]  # fmt: skip
    return seeded(rows, own)
