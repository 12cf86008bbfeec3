"""Rival explanations and judgements of a site, asked for by themselves."""

from __future__ import annotations

from pathlib import Path

from yardwatch.assess.claims import Basis, claims
from yardwatch.sites.folder import open_site
from yardwatch.steps.assessing import Asked, ask
from yardwatch.steps.judging import Judged, judged
from yardwatch.steps.weighing import Rivals, grades_of, rivals


def weigh_site(where: str | Path, asked: Asked) -> Rivals:
    """The site's matrix as of the day asked for, weighed. Raises SiteError."""
    folder = open_site(where)
    return rivals(folder, asked.as_of, grades_of(folder.site))


def judge_site(where: str | Path, asked: Asked) -> Judged:
    """The site's judgements for that day, checked against the claims its report makes. Raises SiteError."""
    folder = open_site(where)
    answer = ask(folder, asked)
    made = claims(Basis(site=folder.site, assessment=answer.assessment, own=answer.own))
    return judged(folder, asked.as_of, frozenset(claim.id for claim in made))
