"""Rival explanations and judgements of a site: for its report, or asked for by themselves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from yardwatch.assess.claims import Basis, claims
from yardwatch.assess.judgement import Judged
from yardwatch.assess.weighing import Rivals
from yardwatch.report.content import ReportContent
from yardwatch.report.forms import Edition
from yardwatch.sites.folder import SiteFolder, open_site
from yardwatch.steps.assessing import Asked, ask
from yardwatch.steps.judging import judged
from yardwatch.steps.weighing import grades_of, rivals


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


def with_meaning(content: ReportContent, folder: SiteFolder, edition: Edition) -> ReportContent:
    """A report's content with rival explanations and judgements.

    Raises RefusedError for a public edition whose judgement lacks alternatives, signature or sound wording.
    """
    as_of = content.assessment.question.as_of
    found = rivals(folder, as_of, grades_of(folder.site))
    made = claims(Basis(site=content.site, assessment=content.assessment, own=content.own))
    entered = judged(folder, as_of, frozenset(claim.id for claim in made))
    if edition == "public":
        entered.require_publishable()
    return replace(content, matrix=found.matrix, rivals=found if found.matrix.rows else None, judged=entered)
