"""Notes as values: the days they carry are the days their words name, each has an id of its own."""

from __future__ import annotations

import re
from datetime import date, timedelta

import numpy as np
import pytest

from yardwatch.history.assess import assess
from yardwatch.history.days import MONTHS
from yardwatch.history.note import About, names
from yardwatch.model import DateSpan

DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})")


def days_read(text):
    """The single days a sentence names, read off its words."""
    return {date(int(year), MONTHS.index(month) + 1, int(day)) for day, month, year in DAY.findall(text)}


def record(make, seed):
    """Looks of a zone and a part of it over five years, some known to a month, some of one day, and a rise."""
    rng = np.random.default_rng(seed)
    rows = [make.bound("2018-10/2022-12", 6.0)] if seed % 3 == 0 else []
    for _ in range(int(rng.integers(3, 40))):
        day = date(2019, 1, 1) + timedelta(days=int(rng.integers(0, 1800)))
        value = float(rng.poisson(24 if day > date(2023, 6, 1) else 8))
        when = day.isoformat()[: 7 if rng.random() < 0.2 else 10]
        low, high = (value - 1, value + 3) if value and rng.random() < 0.5 else (None, None)
        rows.append(make.row(when, value, "shed" if rng.random() < 0.2 else "yard", lower=low, upper=high))
    return make.site(*rows, zones={"yard": None, "shed": "yard"})


def answers(make, tumangang):
    yield assess(tumangang(), make.question("2023-10-06", "facility"))
    yield assess(tumangang(), make.question("2024-06-18", "facility"))
    part = make.row("2021-05-01", 30, "shed")
    rows = (make.row("2021-04-01", 10), part, make.row("2022-01-01", 20))
    yield assess(make.site(*rows, zones={"yard": None, "shed": "yard"}), make.question("2022-01-01"))
    yield from (assess(record(make, seed), make.question("2023-12-31")) for seed in range(30))


def test_the_days_of_a_note_and_of_the_verdict_are_those_its_words_name(make, tumangang):
    met = set()
    for answer in answers(make, tumangang):
        said = [(answer.verdict, answer.verdict_days)] if answer.observed else []
        for text, days in (*said, *((note.text, note.days) for note in answer.notes)):
            ends = {end for span in days for end in (span.earliest, span.latest)}
            assert days_read(text) <= ends, text
            assert {span.earliest for span in days if span.earliest == span.latest} <= days_read(text), text
        met |= {note.about for note in answer.notes}
        assert len({note.id for note in answer.notes}) == len(answer.notes)
    assert met == set(About)


@pytest.mark.parametrize(
    ("named", "when", "does"),
    [
        ("2024-02-29", "2024-02-29", True),
        ("2024-02-29", "2024-02", True),  # the last day of a month in which there was a look
        ("2024-02-28", "2024-02", False),
        ("2023-10-05", "2023-10", False),
        ("2018-10/2023-10", "2018-10/2023-10", True),
        ("2023-09-14/2023-09-22", "2023-09-22", True),
        ("2023-09-14/2023-09-22", "2023-09-18", False),
    ],
)
def test_a_look_is_named_by_its_days_or_by_an_end_of_them(named, when, does):
    assert names((DateSpan.parse(named),), DateSpan.parse(when)) is does
    assert not names((), DateSpan.parse(when))
