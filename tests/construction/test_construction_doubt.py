"""What the looks cannot tell is said: sensors that changed with the ground, years without a look, unusable looks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from yardwatch.construction.changes import find_in
from yardwatch.construction.levelled import level
from yardwatch.construction.options import Options
from yardwatch.construction.source import Memory, coarser, part, sub_grid
from yardwatch.errors import RefusedError


def search(looks, scenes, **options):
    source = Memory.of(looks, scenes.avoid().shape)
    return find_in(source, scenes.avoid(), Options(**options))


def by_sensors(looks, switch):
    return [replace(look, sensor="early-sat" if index < switch else "late-sat") for index, look in enumerate(looks)]


def tinted(looks, scenes, switch, patch):
    """From a look on, a patch of ground is of another colour, without edges: what another sensor may make of a crop."""
    soft = np.zeros(scenes.ground().shape[1:], np.float32)
    soft[patch] = 1
    for axis in (0, 1):
        for _ in range(30):
            soft = (soft + np.roll(soft, 1, axis) + np.roll(soft, -1, axis)) / 3
    out = []
    for index, look in enumerate(looks):
        data = look.pixels.data.copy()
        if index >= switch:
            data[1] += 0.12 * soft
        out.append(replace(look, pixels=replace(look.pixels, data=data.astype(np.float32))))
    return out


def test_a_colour_that_came_with_the_sensor_is_not_a_change(scenes):
    patch = (slice(30, 70), slice(30, 90))
    looks = tinted(scenes.history(12, built_at=None), scenes, 6, patch)
    found = search(by_sensors(looks, 6), scenes)
    assert found.changes == ()
    assert any("sensor" in note for note in found.notes)


def test_a_building_is_told_in_spite_of_the_sensor_and_the_doubt_is_said(scenes):
    looks = by_sensors(scenes.history(12, built_at=6), 6)
    (change,) = search(looks, scenes).changes
    assert change.kind == "new-structure"
    assert "early-sat" in change.doubt
    assert "late-sat" in change.doubt


def test_sensors_on_both_sides_leave_no_doubt(scenes):
    looks = scenes.history(12, built_at=6)
    mixed = [replace(look, sensor=("a", "b")[index % 2]) for index, look in enumerate(looks)]
    found = search(mixed, scenes)
    (change,) = found.changes
    assert change.doubt is None
    assert not any("sensor" in note for note in found.notes)


def test_years_without_a_look_are_said(scenes):
    looks = scenes.history(12, built_at=6)
    later = [replace(look, day=look.day + timedelta(days=3 * 365 * (index >= 6))) for index, look in enumerate(looks)]
    found = search(later, scenes)
    (change,) = found.changes
    assert (change.before - change.after).days > 3 * 365
    assert "no clear look for 3.2 years" in change.doubt  # 3 × 365 + 76 days
    assert any("3.2 years" in note for note in found.notes)


def test_looks_that_were_not_used_are_counted(scenes):
    looks = scenes.history(12, built_at=6)
    snow = np.full_like(looks[8].pixels.data, 0.9)
    looks[8] = replace(looks[8], pixels=replace(looks[8].pixels, data=snow))
    assert any("1 of 12" in note for note in search(looks, scenes).notes)


def test_two_dates_are_refused_with_the_remedy(scenes):
    with pytest.raises(RefusedError, match="--before and --after"):
        search(scenes.history(2, built_at=1), scenes)


def test_a_hazy_look_weighs_less(scenes):
    rng = np.random.default_rng(1)
    looks = scenes.history(9, built_at=None)
    rough = looks[4].pixels.data + rng.normal(0, 0.15, looks[4].pixels.data.shape).astype(np.float32)
    looks[4] = replace(looks[4], pixels=replace(looks[4].pixels, data=rough))
    levelled = level(Memory.of(looks, scenes.avoid().shape), scenes.avoid())
    assert levelled.days == tuple(look.day for look in looks)
    assert levelled.weights[4] == levelled.weights.min() < 0.9


def test_windows_of_a_source_are_parts_of_its_looks(scenes):
    look = scenes.history(1, built_at=None)[0]
    box = (slice(20, 60), slice(40, None))
    window = part(look.pixels, box)
    np.testing.assert_array_equal(window.data, look.pixels.data[:, 20:60, 40:])
    assert (window.grid.west, window.grid.north) == (120.0, 890.0)  # 100 + 40 × 0.5, 900 − 20 × 0.5
    assert sub_grid(scenes.grid, box) == window.grid
    cells = coarser(look.pixels, 7)
    assert cells.data.shape == (3, 34, 45)
    np.testing.assert_allclose(cells.data[:, 2, 3], look.pixels.data[:, 14:21, 21:28].mean(axis=(1, 2)), rtol=1e-5)
    assert cells.grid.step_m == 3.5


def test_tiles_of_any_size_give_the_same(scenes, monkeypatch):
    looks = scenes.history(12, built_at=6)
    whole = search(looks, scenes).changes
    monkeypatch.setattr("yardwatch.construction.evidence.TILE_CELLS", 64)
    (tiled,) = search(looks, scenes).changes
    assert tiled.before == whole[0].before == date(2019, 4, 21)
    assert tiled.polygon.intersection(whole[0].polygon).area > 0.95 * whole[0].area_m2
