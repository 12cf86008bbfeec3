"""The pages on onset and on look planning: examples run, thresholds and fields are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

from yardwatch.history import changepoint, next_look, onset_views, shifts
from yardwatch.history.assess import assess
from yardwatch.history.contract import as_json

DOCS = Path(__file__).parents[2] / "docs"


def page(name):
    return (DOCS / name).read_text(encoding="utf-8")


def test_the_examples_of_look_planning_run_in_order():
    blocks = re.findall(r"```python\n(.*?)```", page("look-planning.md"), re.DOTALL)
    assert len(blocks) == 4
    exec(compile("\n".join(blocks), "look-planning.md", "exec"), {})


def test_thresholds_are_those_of_the_code():
    text = page("history-onset.md")
    assert f"τ | {changepoint.DEFAULT_PRIOR.days_between_changes:g} days" in text
    assert f"newest {changepoint.MAX_LOOKS} " in text
    prior = changepoint.DEFAULT_PRIOR
    assert f"half-Cauchy({prior.root_mean:g}), half-normal({prior.spread:g})" in text
    assert (onset_views.LEAST_BEFORE, onset_views.LEVEL) == (8, 0.9)
    assert "fewer than eight looks" in text
    assert "holds 90 %" in text
    assert f"factor of {shifts.EFFECT} or" in text
    assert f"penalty of {shifts.PENALTY:g} ln n" in text
    assert (shifts.LEAST_LOOKS, shifts.NEW_LEVEL_LOOKS, shifts.NEW_LEVEL_AFTER.days) == (3, 6, 365)
    assert next_look.review_chances({"a": 0.0}) == {"a": 1.0}


def test_the_page_names_every_added_field(make):
    rows = make.monthly([10, 14, 9, 12, 11, 13, 8, 12, 10, 11, 9, 12, 13, 52, 60])
    told = as_json(assess(make.site(*rows), make.question("2022-03-30")))
    text = page("history-onset.md") + page("history.md")
    for name in (*told["onset"], *told["coverage"], *told["levels"]):
        assert name in text, name
