"""Judgements: what must be there before one may be published."""

from dataclasses import replace
from datetime import date

import pytest

from yardwatch.assess.judgement import Judgement, faults, judgement_claims, signature
from yardwatch.model import Layer
from yardwatch.steps.linting import lexicon

GOOD = Judgement(
    id="goods", text="It is likely that goods were being moved over the border.", likelihood="likely",
    confidence="moderate",
    because="two of three sources are graded, and one look stands alone",
    alternatives=("ordinary trade resuming", "storage without transit", "a display", "a busy day"),
    rests_on=("o-observed", "i-ratio"), signed_by="A. Analyst", signed_on=date(2024, 1, 2),
)  # fmt: skip
KNOWN = ("o-observed", "i-ratio")


def told(**changed):
    return " | ".join(faults(replace(GOOD, **changed), KNOWN, lexicon()))


def test_a_whole_judgement_has_no_fault_and_three_sentences():
    assert told() == ""
    names = [claim.id for claim in judgement_claims(GOOD) if claim.layer is Layer.JUDGEMENT]
    assert names == ["j-goods", "j-goods-alternatives", "j-goods-confidence"]
    assert all(claim.rests_on == KNOWN for claim in judgement_claims(GOOD))
    assert signature(GOOD) == "Judged by A. Analyst on 2 January 2024."


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"alternatives": ()}, "names no alternatives"),
        ({"signed_by": "  "}, "is not signed"),
        ({"signed_on": None}, "is not signed"),
        ({"confidence": "very sure"}, "has confidence 'very sure'"),
        ({"rests_on": ()}, "rests on no claim"),
        ({"rests_on": ("o-gone",)}, "rests on 'o-gone', which is no claim"),
        ({"text": "Goods were being moved."}, "has no word of likelihood"),
        ({"likelihood": "unlikely"}, "names 'unlikely' as its likelihood"),
        ({"text": "It is likely or probable that goods were moved."}, "make them one and the same"),
        ({"text": "It is likely, with high confidence, that goods were moved."}, "likelihood-confidence"),
        ({"text": "It is likely that the summit caused the rise."}, "causal"),
    ],
)
def test_each_fault_is_told_with_its_remedy(changed, said):
    assert said in told(**changed)


def test_an_unsigned_one_says_so():
    assert signature(replace(GOOD, signed_by="")) == "Nobody has signed this judgement."
