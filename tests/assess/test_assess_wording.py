"""Hedges, numbers and the bands of ICD 203."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yardwatch.assess.wording import BANDS, IntervalTerms, band, hedged, number, publisher
from yardwatch.history.days import day_words, span_words
from yardwatch.model import DateSpan, Observation, Role, Source

TERMS = IntervalTerms()


def look(value=None, **fields):
    defaults = {"zone": "z", "unit": "cars", "when": DateSpan.parse("2023-10-05")}
    return Observation(id="x", value=value, **(defaults | fields))


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (look(73.0), "about 73 freight cars (no interval was published)"),
        (look(3.0, lower=3.0, upper=3.0), "3 freight cars"),
        (look(65.0, basis="reported outright"), "65 freight cars (no interval was published)"),
        (look(role=Role.BOUND, upper=20.0, basis="reported outright"), "20 freight cars at most"),
        (look(1.0, lower=1.0, upper=1.0), "1 freight car"),
        (look(72.0, lower=61.0, upper=83.0), "about 72 freight cars (61 to 83)"),
        (look(role=Role.BOUND, upper=20.0), "about 20 freight cars at most"),
        (look(role=Role.BOUND, lower=1000.0), "at least 1,000 freight cars"),
        (look(56.4, lower=52.0, upper=60.0, own=True), f"about 56 freight cars (52 to 60, {TERMS.words})"),
        (look(33.0, unit="% filled"), "about 33 % filled (no interval was published)"),
        (look(), "no number"),
    ],
)  # fmt: skip
def test_a_quantity_keeps_its_hedge(seen, words):
    assert hedged(seen, TERMS) == words


def test_calibrated_is_said_only_when_it_is():
    seen = look(56.0, lower=52.0, upper=60.0, own=True)
    terms = IntervalTerms(level=0.8, calibrated=True)
    assert hedged(seen, terms).endswith("(52 to 60, 80 % interval, calibrated on simulated yards)")


@pytest.mark.parametrize(
    ("value", "text"), [(3.65, "3.65"), (73.0, "73"), (0.043478, "0.0435"), (1234.0, "1,234"), (12345.6, "12,346")]
)
def test_numbers(value, text):
    assert number(value) == text


def test_bands_are_those_of_icd_203():
    # Intelligence Community Directive 203 (2015), D.6.e.(2)(a)
    table = [(b.word, b.synonym, b.lower, b.upper) for b in BANDS]
    assert table == [
        ("almost no chance", "remote", 1, 5),
        ("very unlikely", "highly improbable", 5, 20),
        ("unlikely", "improbable", 20, 45),
        ("roughly even chance", "roughly even odds", 45, 55),
        ("likely", "probable", 55, 80),
        ("very likely", "highly probable", 80, 95),
        ("almost certain", "nearly certain", 95, 99),
    ]


@given(st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_every_probability_has_one_band_or_is_beyond_words(p):
    found = band(p)
    inside = 0.01 <= round(p, 11) <= 0.99
    assert (found is not None) == inside
    if found:
        assert found.lower - 1e-6 <= p * 100 <= found.upper + 1e-6


def test_no_probability_is_refused():
    with pytest.raises(ValueError, match=r"1\.2 is not a probability"):
        band(1.2)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ("2023-10-05", "5 October 2023"),
        ("2018-10/2023-10", "October 2018 to October 2023"),
        ("2023-07", "July 2023"),
        ("2014", "2014"),
        ("2023-09-29/2023-09-30", "29 September 2023 to 30 September 2023"),
    ],
)
def test_spans_in_words(span, words):
    assert span_words(DateSpan.parse(span)) == words


def test_days_do_not_hang_on_the_locale():
    assert day_words(date(2024, 2, 29)) == "29 February 2024"


def test_a_derived_number_is_not_its_publishers():
    assert publisher(Source(publisher="derived here from VOA")) == "VOA"
