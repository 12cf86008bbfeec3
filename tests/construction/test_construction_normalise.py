"""IR-MAD and relative normalisation against what they must not depend on, and against numbers put in."""

from __future__ import annotations

import numpy as np
import pytest

from yardwatch.construction.irmad import no_change_weights
from yardwatch.construction.normalise import apply, cells_of, choose_anchor, fit, fit_spread


def samples(changed=300, count=3000, seed=1):
    """x, y = a linear mixing of x with noise, but for the first `changed` samples, which are other ground."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(count, 3)) @ np.array([[1, 0.4, 0.2], [0, 0.8, 0.3], [0, 0, 0.5]])
    y = 0.8 * x + 0.3 + rng.normal(0, 0.05, x.shape)
    y[:changed] += rng.normal(0, 1.5, (changed, 3))
    return x, y


def test_changed_samples_lose_their_weight():
    weights, rho = no_change_weights(*samples())
    assert np.median(weights[:300]) < 0.01
    assert np.median(weights[300:]) > 0.05
    assert (weights[:300] > 0.05).mean() < 0.05
    assert rho.min() > 0.9


def test_weights_do_not_depend_on_gain_offset_or_mixing_of_bands():
    x, y = samples()
    mixed = y @ np.array([[2.0, 0.5, -0.3], [0.1, 1.5, 0.7], [-0.4, 0.2, 0.9]]) + np.array([3.0, -1.0, 0.2])
    plain, rho = no_change_weights(x, y)
    again, rho_again = no_change_weights(x, mixed)
    np.testing.assert_allclose(again, plain, atol=0.02)
    np.testing.assert_allclose(rho_again, rho, atol=1e-3)


def test_canonical_correlations_agree_with_the_svd_of_the_whitened_samples():
    rng = np.random.default_rng(2)
    x = rng.normal(size=(4000, 3))
    y = x @ rng.normal(size=(3, 3)) + 0.8 * rng.normal(size=(4000, 3))
    q_x, q_y = (np.linalg.qr(part - part.mean(axis=0))[0] for part in (x, y))
    oracle = np.sort(np.linalg.svd(q_x.T @ q_y, compute_uv=False))
    from yardwatch.construction.irmad import _mad

    variates, rho = _mad(x, y, np.ones(len(x)))
    np.testing.assert_allclose(rho, oracle, atol=1e-4)
    np.testing.assert_allclose(variates.var(axis=0), 2 * (1 - oracle), atol=1e-3)


def test_images_with_nothing_in_common_do_not_collapse_onto_a_few_samples():
    rng = np.random.default_rng(3)
    weights, _ = no_change_weights(rng.normal(size=(3000, 3)), rng.standard_t(2, size=(3000, 3)))
    assert weights.mean() >= 0.2


def test_three_equal_bands_can_be_solved():
    x, y = samples()
    weights, _ = no_change_weights(np.repeat(x[:, :1], 3, axis=1), np.repeat(y[:, :1], 3, axis=1))
    assert np.isfinite(weights).all()
    assert np.median(weights[:300]) < 0.1 < np.median(weights[300:])


def test_gain_and_offset_come_back_although_a_tenth_is_built_over(scenes):
    rng = np.random.default_rng(4)
    first = scenes.look(scenes.days(1)[0], scenes.ground(), rng, noise=0.005).pixels
    data = (first.data - np.array([0.05, -0.02, 0.1])[:, None, None]) / np.array([0.7, 1.3, 1.0])[:, None, None]
    data[:, :80, :100] = 0.9
    moving = type(first)(grid=first.grid, data=data.astype(np.float32), visible=first.visible)
    line = fit(cells_of(first, scenes.avoid()), cells_of(moving, scenes.avoid()))
    assert line is not None
    np.testing.assert_allclose(line[0], [0.7, 1.3, 1.0], rtol=0.03)
    np.testing.assert_allclose(line[1], [0.05, -0.02, 0.1], atol=0.012)
    back = apply(moving, line).data[:, 130:, 120:]
    assert np.abs(back - first.data[:, 130:, 120:]).mean() < 0.01


def test_snow_has_no_line(scenes):
    rng = np.random.default_rng(5)
    first = scenes.look(scenes.days(1)[0], scenes.ground(), rng).pixels
    snow = scenes.look(scenes.days(1)[0], np.full_like(first.data, 0.85), rng, noise=0.03).pixels
    assert fit(cells_of(first, scenes.avoid()), cells_of(snow, scenes.avoid())) is None


def test_another_place_has_no_line(scenes):
    rng = np.random.default_rng(6)
    one, other = (scenes.look(scenes.days(1)[0], scenes.ground(seed), rng).pixels for seed in (1, 2))
    one.data[:, 100:130] = other.data[:, 100:130] = 0.35  # not even the road
    assert fit(cells_of(one, scenes.avoid()), cells_of(other, scenes.avoid())) is None


def test_spread_matching_is_median_and_spread():
    from yardwatch.construction.normalise import Cells

    values = np.arange(1000, dtype=float)[:, None]
    usable = np.ones(1000, bool)
    gain, offset = fit_spread(Cells(values, usable), Cells(4 * values + 7, usable))
    assert gain[0] == pytest.approx(0.25)
    assert offset[0] == pytest.approx(-7 / 4)
    assert fit_spread(Cells(values, usable), Cells(-values, usable)) is None


def test_the_anchor_is_never_the_odd_one_out(scenes):
    rng = np.random.default_rng(7)
    windows = [one.pixels for one in scenes.history(5, built_at=None)]
    windows[2] = scenes.look(scenes.days(1)[0], np.full_like(windows[0].data, 0.85), rng, noise=0.05).pixels
    assert choose_anchor([cells_of(window, scenes.avoid()) for window in windows]) != 2


def test_cells_touching_tracks_or_nodata_are_not_used(scenes):
    window = scenes.history(1, built_at=None)[0].pixels
    window.visible[:, :32] = False
    cells = cells_of(window, scenes.avoid())
    side = 3  # round(sqrt(240 × 320 / 10,000)) = round(2.77)
    usable = cells.usable.reshape(240 // side, 320 // side)
    assert not usable[:, :11].any()
    assert not usable[50:57].any()  # rows 150–170 are tracks
    assert usable[:50, 11:].all()
    np.testing.assert_allclose(
        cells.values.reshape(80, 106, 3)[4, 40], window.data[:, 12:15, 120:123].mean(axis=(1, 2)), rtol=1e-5
    )
