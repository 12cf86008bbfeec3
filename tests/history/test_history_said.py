"""One observation is said alike in notes and claims."""

from datetime import date

import pytest

from yardwatch.assess.wording import spoken
from yardwatch.history.wording import said
from yardwatch.model import DateSpan, Observation


def look(value, lower=None, upper=None, basis="reported"):
    return Observation(
        id="a", zone="yard", when=DateSpan.on(date(2023, 10, 5)), unit="cars", value=value, lower=lower, upper=upper,
        basis=basis,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("seen", "in_notes", "in_claims"),
    [
        (look(73.0), "about 73 cars", "about 73 freight cars"),
        (look(73.0, basis="reported outright"), "73 cars", "73 freight cars"),
        (look(3.0, 3.0, 3.0), "3 cars", "3 freight cars"),
        (look(50.0, lower=50.0), "at least 50 cars", "at least 50 freight cars"),
        (look(50.0, lower=40.0), "about 50 cars", "about 50 freight cars"),
    ],
)
def test_hedges_agree(seen, in_notes, in_claims):
    assert said(seen, unit=True) == in_notes
    assert spoken(seen) == in_claims
