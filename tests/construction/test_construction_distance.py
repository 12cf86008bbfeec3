"""Reference, distance and persistence on numbers worked by hand and against numpy."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from yardwatch.construction.composite import newest
from yardwatch.construction.distance import distance
from yardwatch.construction.looks import Look, smoothed
from yardwatch.construction.persistence import smallest_of_newest, threshold
from yardwatch.construction.reference import Reference, make_reference, references, season
from yardwatch.ground import Frame
from yardwatch.model import Grid, Pixels


def looks(values, visible=None, start=date(2020, 1, 1), every=30):
    """Looks from (look, band, y, x)."""
    values = np.asarray(values, np.float32)
    visible = np.ones((len(values), *values.shape[2:]), bool) if visible is None else visible
    grid = Grid(frame=Frame(0, 0), west=0, north=0, step_m=1.0, width=values.shape[3], height=values.shape[2])
    return [
        Look(day=start + timedelta(days=every * i), pixels=Pixels(grid=grid, data=data, visible=seen))
        for i, (data, seen) in enumerate(zip(values, visible, strict=True))
    ]


def test_median_and_mad_are_numpys_over_what_is_visible():
    rng = np.random.default_rng(1)
    values = rng.random((9, 2, 6, 7)).astype(np.float32)
    visible = rng.random((9, 6, 7)) > 0.4
    visible[:, 0, 0] = False
    visible[0, 0, 1:] = True
    reference = make_reference(looks(values, visible))
    hidden = np.where(visible[:, None], values, np.nan)
    hidden[:, :, 0, 0] = 0
    median = np.nanmedian(hidden, axis=0)
    mad = np.nanmedian(np.abs(hidden - median), axis=0)
    seen = visible.any(axis=0)
    np.testing.assert_allclose(reference.median[:, seen], median[:, seen], rtol=1e-6)
    np.testing.assert_allclose(reference.spread[:, seen], 1.4826 * mad[:, seen], rtol=1e-4, atol=1e-7)
    np.testing.assert_array_equal(reference.looks, visible.sum(axis=0))
    assert np.isfinite(reference.low).all()
    assert np.isfinite(reference.high).all()


def test_the_range_reaches_one_pixel_and_leaves_out_one_in_six():
    values = np.full((6, 1, 5, 5), 0.3)
    values[:, 0, 2, 2] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.9]  # trimmed range 0.2–0.5
    reference = make_reference(looks(values))
    assert reference.high[0, 2, 2] == pytest.approx(0.5)
    assert reference.high[0, 1, 1] == pytest.approx(0.5)
    assert reference.low[0, 3, 2] == pytest.approx(0.2)
    assert reference.high[0, 0, 0] == pytest.approx(0.3)


def test_a_season_stands_alone_from_six_looks():
    values = np.full((16, 1, 3, 3), 0.4)
    many = looks(values, every=91)  # four a year, so four a season
    usual = make_reference(many)
    assert all(one is usual for one in references(many, usual, {0, 1, 2, 3}).values())
    winter = looks(np.full((7, 1, 3, 3), 0.8), start=date(2019, 12, 1), every=10)
    summer = looks(np.full((9, 1, 3, 3), 0.2), start=date(2020, 6, 1), every=10)
    both = make_reference(winter + summer)
    found = references(winter + summer, both, {0, 1, 2})
    assert found[0].median[0, 1, 1] == pytest.approx(0.8)
    assert found[2].median[0, 1, 1] == pytest.approx(0.2)
    assert found[1] is both


def test_seasons_are_quarters_from_december():
    days = (date(2020, 12, 31), date(2020, 2, 29), date(2020, 3, 1), date(2020, 11, 1))
    assert [season(day) for day in days] == [0, 0, 1, 3]


def test_distance_worked_by_hand():
    shape = (2, 1, 3)
    reference = Reference(
        median=np.full(shape, 0.3, np.float32),
        spread=np.full(shape, 0.03, np.float32),
        low=np.full(shape, 0.2, np.float32),
        high=np.full(shape, 0.4, np.float32),
        looks=np.full((1, 3), 5),
    )
    values = np.array([[[0.3, 0.6, 0.1]], [[0.4, 0.4, 0.05]]], np.float32)
    found = distance(values, reference, np.array([0.04, 0.04], np.float32))
    # σ = 0.05; pixel 1: (0.2/0.05)² = 16 and 0, mean 8; pixel 2: (0.1/0.05)² = 4 and (0.15/0.05)² = 9, mean 6.5
    np.testing.assert_allclose(found[0], [0, np.sqrt(8), np.sqrt(6.5)], rtol=1e-5)


def test_smallest_over_the_newest_three_clear_looks():
    far = [np.array([[v]], np.float32) for v in (9, 1, 7, 5, 2)]
    clear = [np.array([[v]]) for v in (True, False, True, True, True)]
    pairs = list(zip(far, clear, strict=True))
    assert smallest_of_newest(pairs, 3)[0, 0] == 5  # 9, 7, 5: the hidden 1 and the older 2 do not enter
    assert smallest_of_newest(pairs, 4)[0, 0] == 2
    assert smallest_of_newest(pairs, 5)[0, 0] == 0  # only four see it


def test_threshold_is_twice_what_stable_ground_shows():
    smallest = np.linspace(0, 4, 101, dtype=np.float32)[None]
    ground = np.ones_like(smallest, bool)
    assert threshold(smallest, ground) == pytest.approx(2 * 3.6)
    assert threshold(smallest / 10, ground) == 3.0
    assert threshold(smallest, ~ground) == 3.0


def test_newest_composite_is_the_median_of_the_last_k_that_see_it():
    values = np.array([[[[9.0, 1.0]]], [[[4.0, 2.0]]], [[[6.0, 3.0]]], [[[0.0, 4.0]]]])
    visible = np.array([[[True, False]], [[True, False]], [[True, True]], [[True, False]]])
    found = newest(looks(values, visible), (slice(None), slice(None)), 3)
    np.testing.assert_allclose(found[0, 0], [6, 3])


def test_smoothing_is_a_mean_of_nine_and_takes_the_rim_of_nodata():
    data = np.zeros((1, 1, 9, 9), np.float32)
    data[0, 0, 4, 4] = 0.9
    visible = np.ones((1, 9, 9), bool)
    visible[0, :, 0] = False
    one = smoothed(looks(data, visible)[0].pixels)
    np.testing.assert_allclose(one.data[0, 3:6, 3:6], 0.1, rtol=1e-5)
    assert one.data[0, 2, 4] == pytest.approx(0, abs=1e-6)
    assert not one.visible[:, :3].any()
    assert one.visible[:, 3:].all()
