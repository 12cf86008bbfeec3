"""Limits and hypotheses."""

from dataclasses import replace

import pytest

from yardwatch.assess.hypotheses import SEEDED, Entry, Matrix, Rating, seeded
from yardwatch.assess.limits import limits
from yardwatch.assess.wording import IntervalTerms
from yardwatch.errors import InputError


def said(content, scenes=None, terms=None):
    found = limits(
        content.site, content.assessment, content.record, content.all_scenes if scenes is None else scenes,
        terms or content.terms,
    )  # fmt: skip
    return {limit.id: limit for limit in found}


def test_a_published_case_says_what_was_not_examined(cases):
    found = said(cases.published_case())
    assert "their images were not examined here" in found["l-published"].text
    assert "1 February 2020 to 1 November 2022" in found["l-break-covid"].text
    assert "approximate" in found["l-approximate-zone"].text
    assert "l-detail" not in found


def test_an_own_case_says_what_the_sensor_hid(cases):
    found = said(cases.fictional_case())
    assert "0.5 m a pixel" in found["l-detail"].text
    assert "3 scenes were taken obliquely" in found["l-oblique"].text
    assert "90 % visible" in found["l-hidden"].text
    assert "l-uncalibrated" in found
    assert "l-approximate-zone" not in found
    calibrated = said(cases.fictional_case(), terms=IntervalTerms(calibrated=True))
    assert "l-uncalibrated" not in calibrated
    assert "simulated yards: on real ones they may" in calibrated["l-calibrated-elsewhere"].text


def test_the_longest_gap_between_looks(cases):
    # 30 looks over 2000 days, one in seven unusable: neighbours are 67 days apart, 133 across a no-look
    assert (
        "is 133 days" in said(cases.fictional_case())["l-gaps"].text
        or "is 134 days" in said(cases.fictional_case())["l-gaps"].text
    )


@pytest.mark.parametrize(("gsd", "limit"), [(0.5, "l-detail"), (3.0, "l-coarse"), (10.0, "l-presence")])
def test_ground_detail_decides_what_may_be_counted(cases, gsd, limit):
    found = said(cases.fictional_case(), scenes=(replace(cases.scene(), gsd_m=gsd),))
    assert set(found) & {"l-detail", "l-coarse", "l-presence"} == {limit}


def test_every_limit_names_its_evidence(cases):
    for case in (cases.published_case(), cases.fictional_case()):
        assert all(limit.evidence for limit in said(case).values())


def test_the_seeded_list_has_deception_and_nothing_unusual_and_no_rating():
    matrix = seeded()
    assert {"deception", "nothing-unusual", "transfer-out", "transfer-in"} <= {h.id for h in matrix.hypotheses}
    assert matrix.entries == ()


def test_deception_cannot_be_left_out():
    with pytest.raises(InputError, match="lack deception"):
        Matrix(hypotheses=tuple(h for h in SEEDED if h.id != "deception"))


def test_a_rating_needs_a_known_hypothesis_and_a_name():
    with pytest.raises(InputError, match="'war'"):
        Matrix(hypotheses=SEEDED, entries=(Entry(hypothesis="war", claim="c", rating=Rating.NEUTRAL, rated_by="A"),))
    with pytest.raises(InputError, match="unsigned"):
        Matrix(hypotheses=SEEDED, entries=(Entry(hypothesis="bulk", claim="c", rating=Rating.NEUTRAL, rated_by=" "),))


def test_ratings_are_tallied():
    entries = tuple(
        Entry(hypothesis="bulk", claim=f"c{i}", rating=rating, rated_by="A. Analyst")
        for i, rating in enumerate((Rating.INCONSISTENT, Rating.INCONSISTENT, Rating.NEUTRAL))
    )
    tally = Matrix(hypotheses=SEEDED, entries=entries).tally("bulk")
    assert tally == {Rating.CONSISTENT: 0, Rating.INCONSISTENT: 2, Rating.NEUTRAL: 1}
