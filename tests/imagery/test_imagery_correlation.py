"""Two methods on known shifts, and windows against a plain loop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from yardwatch.imagery.correlation import masked_peak, orientation, orientation_peak, texture
from yardwatch.imagery.windows import choose_windows


def moved(image, rows, columns):
    """The image with its content that much lower and further right, exact by Fourier's shift theorem."""
    spectrum = ndimage.fourier_shift(np.fft.fft2(image), (rows, columns))
    return np.fft.ifft2(spectrum).real.astype(np.float32)


def grey(textured, size=160, seed=5):
    return (textured(size, size, seed)[0] / 255).astype(np.float32)


ALL = np.ones((160, 160), bool)


@pytest.mark.parametrize(("rows", "columns"), [(0, 0), (5, -7), (0.5, 0.25), (-3.35, 11.8), (-12, 12)])
@pytest.mark.parametrize("look", ["same", "inverted", "dim"])
def test_orientation_finds_a_known_shift_in_any_light(textured, rows, columns, look):
    image = grey(textured)
    other = moved(image, rows, columns)
    other = {"same": other, "inverted": 1 - other, "dim": 0.6 + 0.1 * other}[look]
    inner = (slice(16, -16), slice(16, -16))  # nothing wraps round
    peak = orientation_peak(orientation(image, ALL)[inner], orientation(other, ALL)[inner], 14)
    assert (peak.rows, peak.columns) == pytest.approx((rows, columns), abs=0.07)
    assert peak.correlation > 0.5


@given(st.integers(-9, 9), st.integers(-9, 9), st.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_masked_correlation_equals_numpys_at_its_peak(rows, columns, seed):
    rng = np.random.default_rng(seed)
    image = ndimage.gaussian_filter(rng.normal(size=(80, 90)), 1.5).astype(np.float32)
    other = np.roll(image, (rows, columns), axis=(0, 1))
    seen_a, seen_b = rng.uniform(size=(2, 80, 90)) > 0.2
    found = masked_peak((image, seen_a), (other, seen_b), 10)
    assert found[:2] == pytest.approx((rows, columns), abs=0.35)
    # the coefficient at the whole-pixel shift, from its definition
    a = image[max(0, -rows) : 80 - max(0, rows), max(0, -columns) : 90 - max(0, columns)]
    both = seen_a[max(0, -rows) : 80 - max(0, rows), max(0, -columns) : 90 - max(0, columns)]
    b = other[max(0, rows) : 80 + min(0, rows), max(0, columns) : 90 + min(0, columns)]
    both = both & seen_b[max(0, rows) : 80 + min(0, rows), max(0, columns) : 90 + min(0, columns)]
    assert found[2] == pytest.approx(np.corrcoef(a[both], b[both])[0, 1], abs=1e-3)


def test_a_masked_belt_does_not_hold_the_shift_at_zero(textured):
    image, other = grey(textured), moved(grey(textured), 6, -4)
    off = ALL.copy()
    off[60:100] = False
    peak = orientation_peak(orientation(image, off), orientation(other, off), 12)
    assert (peak.rows, peak.columns) == pytest.approx((6, -4), abs=0.1)


def test_a_peak_at_the_end_of_the_search_is_told(textured):
    first, second = (orientation(image, ALL) for image in (grey(textured), moved(grey(textured), 0, 9)))
    assert orientation_peak(first, second, 12).inside
    assert not orientation_peak(first, second, 9).inside


def test_unlike_ground_stays_at_chance(textured):
    for seed in range(6, 12):
        peak = orientation_peak(
            orientation(grey(textured), ALL)[16:-16, 16:-16],
            orientation(grey(textured, seed=seed), ALL)[16:-16, 16:-16],
            14,
        )
        assert peak.correlation < 0.15


def test_nothing_to_hold_on_to():
    nothing = np.zeros((40, 40), np.complex64)
    assert orientation_peak(nothing, nothing, 5).correlation == 0
    assert not orientation(np.ones((40, 40), np.float32), np.zeros((40, 40), bool)).any()


def test_texture_is_blind_to_polarity(textured):
    image = grey(textured)
    assert texture(1 - image) == pytest.approx(texture(image), abs=1e-3)


def test_windows_are_spread_and_off_the_tracks():
    usable = np.ones((200, 400), bool)
    usable[80:130] = False  # tracks
    places = choose_windows(usable, np.ones((200, 400), np.float32), 60)
    assert 9 <= len(places) <= 25
    for place in places:
        assert usable[place.slices].shape == (60, 60)
        assert usable[place.slices].mean() >= 0.4
    assert min(place.left for place in places) < 80
    assert max(place.left for place in places) > 240
    assert {place.top < 100 for place in places} == {True, False}


def test_windows_are_the_strongest_of_their_field():
    strength = np.full((60, 60), 0.1, np.float32)
    strength[31:51, 7:27] = 5.0
    (best,) = [p for p in choose_windows(np.ones((60, 60), bool), strength, 20) if (p.top, p.left) == (30, 5)]
    sums = {(t, s): strength[t : t + 20, s : s + 20].sum() for t in range(0, 41, 5) for s in range(0, 41, 5)}
    assert max(sums, key=sums.get) == (best.top, best.left)


def test_no_window_where_none_fits():
    assert choose_windows(np.ones((30, 300), bool), np.ones((30, 300), np.float32), 60) == ()
    assert choose_windows(np.zeros((100, 100), bool), np.ones((100, 100), np.float32), 40) == ()
