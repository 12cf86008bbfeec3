"""The site's matrix of hypotheses, weighed as of a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from yardwatch.assess.grades import weight
from yardwatch.assess.hypotheses import Hypothesis, Matrix, Rating, Row, seeded
from yardwatch.assess.weighing import Rivals, weigh, without_later
from yardwatch.model import Site
from yardwatch.sites.folder import SiteFolder
from yardwatch.sites.matrix import MatrixFile, read_matrix

FILE = "hypotheses.toml"


def rivals(folder: SiteFolder, as_of: date, graded: Mapping[str, str]) -> Rivals:
    """The site's rival explanations as of a day; `graded` gives the grade of each piece of evidence that has one.

    Facts later than the day are left out: what had not happened yet cannot speak. What had happened and was not
    disclosed yet stays in, and is marked. Raises SiteError.
    """
    site, path = folder.site, folder.file(FILE)
    dates = {one.id: one.when.earliest for one in site.record} | {one.id: one.when.earliest for one in site.events}
    whole = seeded() if path is None else _matrix(read_matrix(path, dates.keys()))
    matrix = without_later(whole, frozenset(name for name, day in dates.items() if day <= as_of))
    kept = {row.id for row in matrix.rows}
    grades = {row.id: row.grade or _best(row, graded) for row in matrix.rows}
    weights = {name: weight(grade) for name, grade in grades.items()}
    later = tuple(row.id for row in whole.rows if row.id not in kept)
    unknown = frozenset(event.id for event in site.events if event.disclosed.latest > as_of)
    return Rivals(
        matrix=matrix, weights=weights, grades=grades, weighed=weigh(matrix, weights), later=later,
        undisclosed={row.id: found for row in matrix.rows if (found := tuple(i for i in row.evidence if i in unknown))},
    )  # fmt: skip


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
