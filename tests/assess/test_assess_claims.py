"""Claims: layers, what they rest on, and their numbers."""

import re
from dataclasses import replace
from datetime import date

import pytest

from yardwatch.assess.citation import citation
from yardwatch.assess.claims import Basis, claims
from yardwatch.assess.wording import IntervalTerms
from yardwatch.history.assess import assess
from yardwatch.history.assessment import Question, Ratio
from yardwatch.history.leads import rivals_told
from yardwatch.model import Change, DateSpan, Layer, Window
from yardwatch.report.assessment_table import assessment_rows

TERMS = IntervalTerms()


def made(content):
    changes = tuple(figure.change for figure in content.changes)
    basis = Basis(site=content.site, assessment=content.assessment, own=content.own, changes=changes)
    return {claim.id: claim for claim in claims(basis)}


def test_the_published_case_in_sentences(cases):
    found = {i: claim.text for i, claim in made(cases.published_case()).items()}
    assert found["o-observed"] == (
        "For 5 October 2023, Beyond Parallel published about 73 freight cars (no interval was published) "
        "in zone facility."
    )
    assert found["o-maximum"].startswith(
        "For October 2018 to October 2023, Beyond Parallel (quoted by Meduza) published"
    )
    assert found["i-ratio"] == (
        "That is about 3.65 times the highest number published for the window "
        "(no interval can be given, because none was published)."
    )
    assert "is refused: n is unknown" in found["i-unprecedented"]
    assert (
        found["i-onset"] == "The rise began between 14 September 2023 and 22 September 2023, seen in zone depot-north."
    )
    assert "61 to 83, holds the observed number, about 73 freight cars" in found["i-cross-1"]
    # five events begin before 22 September 2023; only the voyages were disclosed after 6 October
    assert found["i-events"].startswith("Of 7 dated events listed, 5 came before it or may have; 1 had not")
    assert "i-p-record" not in found


def test_of_two_equal_maxima_every_sentence_names_the_one_the_ratio_is_of(cases):
    days = (("bare", "2021-01-01", None, None), ("told", "2021-03-01", 7.0, 12.0), ("newer", "2021-05-01", 7.0, 12.0))
    equal = [cases.seen(name, day, 8.0, lower=low, upper=high, source=cases.BP) for name, day, low, high in days]
    observed = cases.seen("observed", "2022-01-01", 24.0, lower=24.0, upper=24.0, source=cases.BP)
    site = replace(cases.tumangang(), record=(*equal, observed))
    window = Window.before(date(2022, 1, 1), "5y")
    held = assess(site, Question(zone="facility", unit="cars", as_of=date(2022, 1, 1), window=window))
    assert (held.ratio.lower, held.ratio.upper) == (24 / 12, 24 / 7)  # by hand: of the look whose interval is 7 to 12
    maximum = next(claim.text for claim in claims(Basis(site=site, assessment=held)) if claim.id == "o-maximum")
    known = {row.id: row for row in site.record}
    table = {row.id: row.text for row in assessment_rows(held, known, TERMS)}["maximum"]
    assert "on 1 March 2021" in maximum
    assert "1 March 2021" in held.verdict
    assert "2021-03-01" in table


def test_a_note_on_rivals_rests_on_the_events_it_names_and_the_rise_is_not_among_them(cases):
    content = cases.published_case()
    first, *rest = content.assessment.events
    events = (*rest, replace(first, event=replace(first.event, id="itself", kind="observation")))
    told = rivals_told(events, content.assessment.onset)
    held = replace(content.assessment, events=events, notes=told)
    (note,) = (c for c in claims(Basis(site=content.site, assessment=held)) if c.text == told[0].text)
    named = {lead.event.id for lead in events if lead.event.title in note.text}
    assert named
    assert named <= set(note.evidence)
    assert "itself" not in note.evidence
    assert all(lead.lead_days[1] > 0 for lead in events if lead.event.id in note.evidence)


def test_a_report_of_the_rise_is_not_counted_before_it(cases):
    content = cases.published_case()
    first, *rest = content.assessment.events
    itself = replace(first, event=replace(first.event, id="itself", kind="observation"))
    held = replace(content.assessment, events=(*rest, itself))
    claim = {c.id: c for c in claims(Basis(site=content.site, assessment=held))}["i-events"]
    assert claim.numbers == {"events": 7, "reports": 1, "before": 4, "undisclosed": 1}
    assert claim.text.startswith("Of 7 dated events listed, 1 reports the rise itself, 4 came before it or may have")


def test_what_nobody_published_is_not_said_to_be_published(cases):
    found = {i: claim.text for i, claim in made(cases.published_case()).items()}
    assert found["o-cross-1"] == (
        "For 6 October 2023, about 72 freight cars (61 to 83) in zone voa-stop follow from what VOA published, "
        "by length / wagon pitch."
    )
    assert "follow from what Beyond Parallel published" in found["o-superseding"]


@pytest.mark.parametrize("case", ["published_case", "fictional_case"])
def test_layers_rest_on_the_layer_below(cases, case):
    found = made(getattr(cases, case)())
    assert {claim.layer for claim in found.values()} == {Layer.OBSERVATION, Layer.INTERPRETATION}
    for claim in found.values():
        assert all(found[i].layer is Layer.OBSERVATION for i in claim.rests_on)
        if claim.layer is Layer.OBSERVATION:
            assert claim.evidence
            assert not claim.rests_on


@pytest.mark.parametrize("case", ["published_case", "fictional_case"])
def test_every_number_of_a_claim_is_in_its_sentence(cases, case):
    for claim in made(getattr(cases, case)()).values():
        if claim.id == "i-p-model":
            assert claim.text.endswith("less than 0.0001.")
            continue
        stated = [float(x.replace(",", "")) for x in re.findall(r"\d[\d,]*(?:\.\d+)?", claim.text)]
        for name, value in claim.numbers.items():
            if not isinstance(value, str):
                assert any(abs(x - value) <= 0.005 * max(abs(value), 0.1) for x in stated), (claim.id, name)


def test_an_interval_is_stated_when_there_is_one(cases):
    found = made(cases.fictional_case())
    assert "(58 to 65, 90 % interval, not calibrated)" in found["o-observed"].text
    assert found["o-observed"].evidence == ("own-029", "count-029")
    assert (
        "is about 57 freight cars (54 to 61, 90 % interval, not calibrated), on 20 February 2024"
        in found["o-maximum"].text
    )


def test_a_cross_check_far_off_is_not_compared(cases):
    content = cases.published_case()
    late = replace(content.assessment.cross_checks[0], when=cases.DateSpan.parse("2023-10-20"))
    content = replace(content, assessment=replace(content.assessment, cross_checks=(late,)))
    assert "o-cross-1" in made(content)
    assert "i-cross-1" not in made(content)


def test_nothing_observed_makes_no_claim(cases):
    content = cases.published_case()
    bare = replace(
        content.assessment, observed=None, ratio=Ratio(value=None, lower=None, upper=None), cross_checks=(), onset=None,
        superseded_by=None, withdrawn=(), reason="no observation in the window",
    )  # fmt: skip
    found = made(replace(content, assessment=bare))
    assert not {"o-observed", "i-verdict", "i-ratio", "i-onset"} & set(found)
    assert citation(content.site, bare, TERMS).startswith("As of 6 October 2023 no observation of Tumangang")


def test_an_uncalibrated_change_says_so(cases):
    shape = cases.shapely.box(0, 0, 10, 10)
    change = Change(
        id="c", kind="new-structure", polygon=shape, area_m2=1234.6, after=None, before=date(2024, 1, 2), persistence=3,
        probability=None,
    )  # fmt: skip
    content = cases.fictional_case(changes=(cases.ChangeFigure(change=change),))
    found = made(content)
    assert found["o-change-1"].text.startswith("At some time before the look of 2 January 2024, 1,235 m²")
    assert found["i-change-1"].text == "The change reads as a new structure; its probability is not calibrated."


@pytest.mark.parametrize(("probability", "said"), [(0.9999, "over 0.99"), (0.99, "over 0.99"), (0.618, "0.62")])
def test_a_chance_is_never_said_as_a_certainty(cases, probability, said):
    wall = Change(
        id="c", kind="wall", polygon=cases.shapely.box(0, 0, 312, 1), area_m2=312, after=None, before=date(2024, 1, 2),
        persistence=3, probability=probability, length_m=312.4,
    )  # fmt: skip
    found = made(cases.fictional_case(changes=(cases.ChangeFigure(change=wall),)))
    assert "a strip of ground 312 m long became something else" in found["o-change-1"].text
    text = f"The change reads as a new wall or fence; its chance of being real, as fitted on other places, is {said}."
    assert found["i-change-1"].text == text


def test_the_citation_holds_hedge_interval_and_what_may_not_be_said(cases):
    published = cases.published_case()
    text = citation(published.site, published.assessment, TERMS)
    for part in ("about 73", "no interval was published", "about 3.65 times", "about 20, number of looks unknown",
                 "“unprecedented” is not supported", "about 255 freight cars", "as of 6 October 2023"):  # fmt: skip
        assert part in text
    fictional = cases.fictional_case()
    text = citation(fictional.site, fictional.assessment, TERMS)
    assert "a place that does not exist" in text
    assert "(58 to 65, 90 % interval, not calibrated)" in text


def test_a_maximum_among_looks_of_unknown_number_says_so(cases):
    content = cases.fictional_case()
    found = made(replace(content, assessment=replace(content.assessment, n=None)))
    assert found["o-maximum"].text.startswith("The highest earlier comparable look on record in zone yard")
    assert found["o-maximum"].text.endswith("how many looks were made is not known.")


def test_a_withdrawn_maximum_names_what_beats_it(cases):
    # as of June 2024 the observed look is the 255; October's 73 is withdrawn
    content = cases.published_case()
    assessment = replace(content.assessment, observed=cases.RECORD[5], superseded_by=None)
    found = made(replace(content, assessment=assessment))
    assert found["i-withdrawn-1"].text == (
        "The look of 5 October 2023 may no longer be called the highest: the look of 17 June 2024 beats it, "
        "with about 255 freight cars."
    )
    assert found["i-withdrawn-1"].rests_on == ("o-withdrawn-1", "o-beaten-by-1")


def test_a_day_does_not_name_the_month_it_lies_in(cases):
    content = cases.published_case()
    month = replace(content.assessment.observed, id="month", when=DateSpan.parse("2023-10"), value=80.0)
    held = replace(content.assessment, superseded_by=month)
    found = {claim.id: claim for claim in claims(Basis(site=content.site, assessment=held))}
    assert "5 October 2023" in found["i-verdict"].text
    assert "o-observed" in found["i-verdict"].rests_on
    assert "o-superseding" not in found["i-verdict"].rests_on


def test_a_note_rests_on_the_looks_it_names():
    """The later record and the onset are named in notes: their claims must be under them."""
    from datetime import date

    from yardwatch import pipeline
    from yardwatch.assess.claims import Basis, claims

    answer = pipeline.assess("tumangang", pipeline.Asked(as_of=date(2023, 10, 6), today=date(2026, 1, 1)))
    made = {claim.id: claim for claim in claims(Basis(site=answer.site, assessment=answer.assessment))}
    notes = [claim for name, claim in made.items() if name.startswith("i-note-")]
    beaten = next(note for note in notes if "255" in note.text)
    onset = next(note for note in notes if note.text.startswith("The onset "))
    assert "o-superseding" in beaten.rests_on
    assert {"o-onset-1", "o-onset-2"} <= set(onset.rests_on)
    assert made["i-verdict"].rests_on == ("o-observed", "o-maximum", "o-superseding")
