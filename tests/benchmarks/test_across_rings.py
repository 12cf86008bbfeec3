"""Several draws of decoy rings as one: scores summed track by track, counts averaged."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from benchmarks.across import Run, compare, markdown, pooled_draws
from benchmarks.scoring import Score

from benchmarks import across


def run(hits: tuple[int, int], mean: float) -> Run:
    parts = [Score(hit=hit, false=1, missed=10 - hit) for hit in hits]
    return Run(parts=parts, mean=mean, words={})


def test_draws_are_summed_by_track_and_the_total_is_their_mean() -> None:
    both = pooled_draws([run((9, 8), 20.0), run((7, 10), 18.0)])
    assert [part.hit for part in both.parts] == [16, 18]
    assert (both.total.hit, both.total.false, both.total.missed) == (34, 4, 6)
    found = compare({"west": both}, true=20)
    assert found["f1"] == round(2 * 34 / (2 * 34 + 4 + 6), 3)
    assert found["total"] == {"mean": 19.0, "true": 20, "error": -0.05}
    row = markdown({"0.50 m decoys": found | {"f1_of_each_draw": [0.85, 0.9]}}).splitlines()[-1]
    assert row.startswith("| 0.50 m decoys, 2 draws (0.850–0.900) | 0.872 |")


def test_every_draw_disturbs_the_block_anew(monkeypatch) -> None:
    """A counter that loses as many cars as the rings' seed lies above the first one's."""
    bare = SimpleNamespace(vehicles={"T": [SimpleNamespace(visible=1.0)] * 20}, lost=0)
    monkeypatch.setattr(across, "read_block", lambda muttenz, name: bare)
    monkeypatch.setattr(across, "with_decoys", lambda block, seed: SimpleNamespace(lost=seed - across.SEED))
    monkeypatch.setattr(across, "count_block", lambda block, gsd, network: run((9 - block.lost, 9), 18.0))
    monkeypatch.setattr(across, "GSDS_M", (0.5,))
    table = across.cross_block(Path("muttenz"), {"west": SimpleNamespace()})
    assert (table["0.50 m"]["hit"], table["0.50 m decoys"]["hit"]) == (18, 18 + 17 + 16 + 15 + 14)
    each = [2 * hit / (2 * hit + 2 + 20 - hit) for hit in (18, 17, 16, 15, 14)]
    assert table["0.50 m decoys"]["f1_of_each_draw"] == pytest.approx(each, abs=5e-4)
