"""`hypotheses.toml`: facts held against rival explanations, beside `site.yaml`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from yardwatch.errors import SiteError
from yardwatch.sites.config import Line, Slug
from yardwatch.sites.files import label
from yardwatch.sites.tomlfile import read_form
from yardwatch.sites.values import shown

Grade = Annotated[str, StringConstraints(pattern=r"^([A-F][1-6])?$")]


class OwnHypothesis(BaseModel):
    """An explanation of the site's own; one with a seeded id takes the place of the seeded one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Slug
    title: Line
    expects: Line
    against: Line


class Fact(BaseModel):
    """One row: a fact with the hypotheses it is consistent and inconsistent with; to all others it is neutral."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Slug
    fact: Line
    evidence: tuple[Line, ...] = Field(min_length=1)
    """Ids of rows of `record.csv` and `events.csv`."""
    consistent: tuple[Slug, ...] = ()
    inconsistent: tuple[Slug, ...] = ()
    grade: Grade = ""
    note: str = ""

    @model_validator(mode="after")
    def _one_rating_each(self) -> Fact:
        both = sorted(set(self.consistent) & set(self.inconsistent))
        if both:
            raise ValueError(f"{both[0]} is rated consistent and inconsistent; keep one")
        return self


class MatrixFile(BaseModel):
    """The file's keys; any other is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rated_by: str = ""
    """Name of the person who stands behind the ratings; empty: a proposal."""
    rated_on: date | None = None
    hypothesis: tuple[OwnHypothesis, ...] = ()
    row: tuple[Fact, ...] = ()

    @model_validator(mode="after")
    def _distinct(self) -> MatrixFile:
        ids = [one.id for one in self.row]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"row {twice[0]} is there twice; give each its own id")
        if self.rated_by and not self.rated_by.isprintable():
            raise ValueError("rated_by holds control characters; write a name on one line")
        return self


def read_matrix(path: Path, known: Collection[str]) -> MatrixFile:
    """The file, its evidence checked against the ids of the record and the events. Raises SiteError."""
    found = read_form(path, MatrixFile)
    for row in found.row:
        for name in row.evidence:
            if name not in known:
                raise SiteError(
                    f"{label(path)}: row {row.id}: evidence {shown(name)} is no id of record.csv or events.csv; "
                    "correct it, or enter the fact there first"
                )
    return found
