"""Heat in eight turns: a stand-in network that answers for bright lines along its rows."""

from __future__ import annotations

import numpy as np
import pytest

from yardwatch.cars.tracing.contrast import normalise, paired
from yardwatch.cars.tracing.heat import Tracer, heat
from yardwatch.errors import InputError


class Rows:
    """Logit: how much brighter a cell is than those 3 m above and below, averaged along 11 m of its row."""

    def run(self, _names, given):
        grey = given["image"][0].mean(axis=0)
        cells = 0.5 * (grey[::2] + grey[1::2])
        pad = np.pad(cells, ((3, 3), (5, 5)))
        bright = 2 * pad[3:-3] - pad[:-6] - pad[6:]
        along = np.mean([bright[:, k : k + cells.shape[1]] for k in range(11)], axis=0)
        ahead = np.stack([np.ones_like(along), np.zeros_like(along)])  # cos 2θ = 1: along the row
        return [np.concatenate([along[None] - 3, ahead])[None].astype(np.float32)]


def lined(degrees: float, size: int = 240) -> np.ndarray:
    at = (np.arange(size) - (size - 1) / 2) * 0.5
    x, y = np.meshgrid(at, at)
    angle = np.deg2rad(degrees)
    across = np.cos(angle) * y - np.sin(angle) * x
    return np.repeat(np.where(np.abs(across) < 0.8, 0.9, 0.3)[None], 3, axis=0).astype(np.float32)


@pytest.mark.parametrize("degrees", [0, 22.5, 45, 67.5, 90, 112.5, 157.5])
def test_a_line_is_hot_where_it_lies_and_its_direction_is_told(degrees):
    data = lined(degrees)
    found = heat(data, np.ones(data.shape[1:], bool), Tracer(Rows(), ""))
    at = np.arange(120) - 59.5
    x, y = np.meshgrid(at, at)
    angle = np.deg2rad(degrees)
    across, far = np.cos(angle) * y - np.sin(angle) * x, np.hypot(x, y)
    on, off = (np.abs(across) < 0.6) & (far < 45), (np.abs(across) > 4) & (far < 45)
    assert found.logit[on].mean() > found.logit[off].mean() + 3
    hottest = found.logit[on]
    assert (hottest > np.quantile(found.logit[off], 0.99)).mean() > 0.9
    told = 0.5 * np.arctan2(found.direction[1][on], found.direction[0][on])
    turned = (told - angle + np.pi / 2) % np.pi - np.pi / 2
    assert np.abs(np.median(turned)) < 0.01


def test_what_is_not_seen_has_no_heat():
    data, seen = lined(0), np.ones((240, 240), bool)
    seen[:, :60] = False
    found = heat(data, seen, Tracer(Rows(), ""))
    assert np.isneginf(found.logit[:, :30]).all()
    assert np.isfinite(found.logit[:, 31:]).all()


def test_light_and_contrast_fall_out():
    data = np.random.default_rng(0).uniform(0.2, 0.8, (3, 80, 80)).astype(np.float32)
    seen = np.ones((80, 80), bool)
    assert np.corrcoef(normalise(data, seen).ravel(), normalise(0.3 * data + 0.4, seen).ravel())[0, 1] > 0.999


def test_one_band_is_seen_as_grey_and_columns_are_paired_by_hand():
    assert normalise(np.ones((1, 40, 40), np.float32), np.ones((40, 40), bool)).shape == (3, 40, 40)
    assert paired(np.array([[[1.0, 3, 5, 9]]], np.float32)).tolist() == [[[2, 7]]]


def test_bytes_that_are_no_network_are_refused():
    with pytest.raises(InputError, match="hold no track network"):
        Tracer.from_bytes(b"nothing")
