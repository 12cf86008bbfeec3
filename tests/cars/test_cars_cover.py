"""The share of covered wagons, by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yardwatch.cars.cover import covered_share


def test_by_hand():
    """Jeffreys' 90 % interval of 7 in 20: Beta(7.5, 13.5) from 0.197 to 0.533."""
    share = covered_share([1.0] * 7 + [0.0] * 13)
    assert share.value == pytest.approx(0.35)
    assert share.lower == pytest.approx(0.1970, abs=1e-3)
    assert share.upper == pytest.approx(0.5332, abs=1e-3)


def test_no_wagon_with_its_load_in_view_is_no_zero():
    assert covered_share([]) is None


def test_none_of_many_is_nearly_zero_and_bounded():
    share = covered_share([0.0] * 50)
    assert share.value == share.lower == 0
    assert 0.02 < share.upper < 0.06


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_the_interval_holds_the_value(chances):
    share = covered_share(chances)
    assert 0 <= share.lower <= share.value <= share.upper <= 1
