"""Assess: one observation held against its baseline; the story of this room, top to bottom."""

from __future__ import annotations

from collections.abc import Sequence

from yardwatch.history import exceedance
from yardwatch.history.assessment import Assessment, Question
from yardwatch.history.baseline import baseline, fit_looks, looks_counted, predict, ratio
from yardwatch.history.calibration import Calibration
from yardwatch.history.coverage import coverage
from yardwatch.history.days import day_words
from yardwatch.history.leads import leads
from yardwatch.history.levels import Levels
from yardwatch.history.notes import notes
from yardwatch.history.onset import onset, told
from yardwatch.history.precedent import superseded_by, unprecedented, withdrawn
from yardwatch.history.quantity import known
from yardwatch.history.record_notes import Found, record_notes
from yardwatch.history.selection import Selection, select
from yardwatch.history.series import suspects
from yardwatch.history.shifts import levels_in
from yardwatch.history.surge_notes import surge_notes
from yardwatch.history.testing import Place, put_to_test
from yardwatch.history.verdict import verdict
from yardwatch.model import Observation, Site


def assess(
    site: Site, question: Question, own: Sequence[Observation] = (), calibration: Calibration | None = None
) -> Assessment:
    """The answer to a question put to a site's record and the own observations beside it.

    `calibration` is a table of sibling series of other sites (`calibration.calibrate`), built once for many sites.

    With no usable look in the window the assessment has no observed value and `reason` says so. Raises InputError
    for a zone the site does not have, SiteError for a synthetic row in the record of a real site.
    """
    rows = select(site, question, own)
    observed = rows.observed
    fitted, why_no_model = fit_looks(rows, site.breaks)
    predictive = predict(fitted, observed) if fitted and observed else None
    test = put_to_test(rows, fitted, Place(site=site, own=own, calibration=calibration))
    base = baseline(rows, predictive, fitted)
    share = ratio(rows, base)
    n = looks_counted(rows)
    rise, why_no_onset = onset(rows, question, base)
    listed = leads(site.events, question, rise)
    seen, cut = coverage(rows, question, site.breaks), _levels(rows)
    word = unprecedented(rows, question, n)
    reason = None if observed else _nothing(site, question, own)
    sentence = verdict(rows, question, base, word)
    return Assessment(
        site=site.id,
        question=question,
        n=n,
        observed=observed,
        by_kind=_by_kind(rows),
        baseline=base,
        ratio=share,
        p_model=test.p_model,
        p_calibrated=test.p_calibrated,
        p_record=exceedance.p_record(n) if observed else None,
        unprecedented=word,
        superseded_by=superseded_by(rows),
        withdrawn=withdrawn(rows, question),
        cross_checks=rows.cross_checks,
        onset=rise,
        events=listed,
        no_looks=rows.no_looks,
        notes=(
            *notes(rows, question, base, site.breaks),
            *(surge_notes(test) if observed else ()),
            *((told(rise, rows, question, base),) if rise else ()),
            *record_notes(rows, question, Found(coverage=seen, levels=cut, onset=rise, events=listed)),
        ),
        why_null=_whys(
            rows, n, {"p_model": why_no_model, "p_calibrated": test.why_not_calibrated, "onset": why_no_onset}
        ),
        surge=test if observed else None,
        verdict=f"As of {day_words(question.as_of)}: {reason}." if reason else sentence.text,
        verdict_days=sentence.days,
        reason=reason,
        coverage=seen,
        levels=cut,
    )


def _levels(rows: Selection) -> Levels | None:
    looks = (*rows.earlier, *((rows.observed,) if rows.observed else ()))
    return levels_in(rows, frozenset(look.id for look in suspects(looks)))


def _by_kind(rows: Selection) -> dict[str, float]:
    kinds: dict[str, float] = {}
    for part in rows.parts:
        kinds[str(part.kind)] = kinds.get(str(part.kind), 0.0) + known(part)
    return kinds


def _whys(rows: Selection, n: int | None, found: dict[str, str | None]) -> dict[str, str]:
    whys = {name: text for name, text in found.items() if text}
    if n is None:
        unknown = "a published bound overlaps the window, and the number of images behind it was not published"
        whys |= {"n": unknown, "p_record": unknown}
    if rows.observed is None:
        whys["p_record"] = "there is no observed look"
    return whys


def _nothing(site: Site, question: Question, own: Sequence[Observation]) -> str:
    window, here = question.window, [x for x in (*site.record, *own) if x.zone == question.zone]
    units = sorted({x.unit for x in here if x.value is not None})
    have = f"its record has looks in: {', '.join(units)}" if units else "its record has no look at all"
    return (
        f"no usable look at zone {question.zone} in {question.unit} from {day_words(window.first)} to "
        f"{day_words(min(window.last, question.as_of))}; {have}"
    )
