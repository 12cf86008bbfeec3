"""`judgement.toml`: what people hold the findings to mean, beside `site.yaml`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, model_validator

from yardwatch.sites.config import Line, Slug
from yardwatch.sites.tomlfile import read_form


class Entered(BaseModel):
    """One judgement. What is left empty is told when the judgement is checked, not when the file is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Slug
    as_of: date | None = None
    """As-of day of the report it belongs to; None: of every report."""
    text: Line
    likelihood: str = ""
    confidence: str = ""
    because: str = ""
    alternatives: tuple[Line, ...] = ()
    rests_on: tuple[Line, ...] = ()
    signed_by: str = ""
    signed_on: date | None = None


class JudgementFile(BaseModel):
    """The file's keys; any other is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    judgement: tuple[Entered, ...] = ()

    @model_validator(mode="after")
    def _distinct(self) -> JudgementFile:
        ids = [one.id for one in self.judgement]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"judgement {twice[0]} is there twice; give each its own id")
        return self


def read_judgements(path: Path) -> tuple[Entered, ...]:
    """The judgements of the file, in its order. Raises SiteError."""
    return read_form(path, JudgementFile).judgement
