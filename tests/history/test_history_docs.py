"""The page on this room: its example runs, and it names every figure's field."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "history.md"


def test_the_example_runs(capsys):
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 1
    exec(compile(blocks[0], str(PAGE), "exec"), {})
    assert "about 73 cars on 5 October 2023 in zone yard" in capsys.readouterr().out


def test_thresholds_on_the_page_are_those_of_the_code():
    from yardwatch.history import baseline, leads, precedent, predictive, quantity

    text = PAGE.read_text(encoding="utf-8")
    assert f"{baseline.LEFT_OUT.days // 7} before the observed day" in text
    assert f"| looks needed | {baseline.MIN_FIT_LOOKS} |" in text
    assert f"half of the track ({baseline.MIN_VISIBLE})" in text
    assert f"n < {precedent.MIN_LOOKS} " in text
    assert f"r > {predictive.ANSCOMBE_THRESHOLD} " in text
    assert f"± {leads.APPROXIMATE.days} days" in text
    assert f"÷ {quantity.LONGEST_WAGON_M} m" in text
    assert f"÷ {quantity.SHORTEST_WAGON_M} m" in text
    assert f"at {quantity.WAGON_PITCH_M} m" in text
