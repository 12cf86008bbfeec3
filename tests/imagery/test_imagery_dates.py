"""Dates with their precision."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yardwatch.errors import SceneError
from yardwatch.imagery.dates import coarsened, moment, refuse_future


@pytest.mark.parametrize(
    ("text", "at", "precision", "said"),
    [
        ("2023-10-05", (2023, 10, 5), "day", "2023-10-05"),
        ("20231005", (2023, 10, 5), "day", "2023-10-05"),
        ("2023-10", (2023, 10, 1), "month", "2023-10"),
        ("2023", (2023, 1, 1), "year", "2023"),
        ("2023-10-05T02:11Z", (2023, 10, 5, 2, 11), "instant", "2023-10-05"),
        ("2023-10-05 02:11:30", (2023, 10, 5, 2, 11, 30), "instant", "2023-10-05"),
        ("2023:10:05 02:11:30", (2023, 10, 5, 2, 11, 30), "instant", "2023-10-05"),
        ("2023-10-05T02:11:00+09:00", (2023, 10, 4, 17, 11), "instant", "2023-10-04"),  # a UTC day
        (date(2023, 10, 5), (2023, 10, 5), "day", "2023-10-05"),
        (datetime(2023, 10, 5, 2), (2023, 10, 5, 2), "instant", "2023-10-05"),  # noqa: DTZ001
        (datetime(2023, 10, 5, 2, tzinfo=timezone(timedelta(hours=9))), (2023, 10, 4, 17), "instant", "2023-10-04"),
    ],
)
def test_what_is_a_date(text, at, precision, said):
    found = moment(text, "x.tif")
    assert found.at == datetime(*at, tzinfo=UTC)
    assert (found.precision, found.text) == (precision, said)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2023-13-05", "2023-02-30", "05.10.2023", "10/05/2023", "2023-10-5", "0000:00:00 00:00:00", "99999"],
)
def test_what_is_none(text):
    with pytest.raises(SceneError, match=r"^x\.tif: .* is not a date; write 2023-10-05"):
        moment(text, "x.tif")


@given(st.text(max_size=25))
@settings(max_examples=60, deadline=None)
def test_any_text_is_a_date_or_a_clear_error(text):
    with suppress(SceneError):  # and no other error
        assert moment(text, "x").at.tzinfo is UTC


@given(st.datetimes(min_value=datetime(1960, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
@settings(max_examples=40, deadline=None)
def test_an_instant_survives_writing(at):
    assert moment(at.isoformat(), "x").at == at


def test_a_tag_may_say_that_less_is_known():
    midnight = moment("2018:01:01 00:00:00", "x")
    assert coarsened(midnight, "year").text == "2018"
    assert coarsened(midnight, "month").text == "2018-01"
    assert coarsened(midnight, None).precision == "day"  # nobody flies at 00:00:00
    assert coarsened(midnight, "instant").precision == "instant"
    assert coarsened(moment("2018:06:07 10:30:00", "x"), None).precision == "instant"
    assert coarsened(moment("2018-06", "x"), "day").text == "2018-06"  # no tag makes a date finer


def test_span_of_a_month():
    span = moment("2024-02", "x").span
    assert (span.earliest, span.latest) == (date(2024, 2, 1), date(2024, 2, 29))


def test_the_future_is_refused(now):
    refuse_future(moment("2024-12-31", "x"), now, "x.tif")
    with pytest.raises(SceneError, match=r"x\.tif: acquired 2025-01-02 lies in the future"):
        refuse_future(moment("2025-01-02", "x"), now, "x.tif")
