"""The whole search on small scenes whose truth is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import shapely

from yardwatch.construction.changes import find_changes
from yardwatch.construction.options import Options
from yardwatch.errors import InputError, RefusedError
from yardwatch.model import Pixels

TRUTH = shapely.box(200, 852, 240, 870)
"""Ground metres: columns 200–280 and rows 60–96 of half-metre pixels from west 100, north 900."""


def find(looks, scenes, **options):
    return find_changes(looks, scenes.avoid(), Options(**options))


def overlap(polygon):
    return polygon.intersection(TRUTH).area / polygon.union(TRUTH).area


def test_a_building_that_appears_halfway_is_found_and_nothing_else(scenes):
    (change,) = find(scenes.history(12, built_at=6), scenes)
    assert change.kind == "new-structure"
    assert overlap(change.polygon) > 0.9
    assert change.area_m2 == pytest.approx(720, rel=0.06)
    assert change.area_m2 == pytest.approx(change.polygon.area)
    # 2018-01-20 plus 5 and 6 times 76 days
    assert (change.after, change.before) == (date(2019, 2, 4), date(2019, 4, 21))
    assert change.persistence == 6
    assert change.probability > 0.9
    assert change.stage == "roofed"


@pytest.mark.parametrize("built_at", [5, 9])
def test_the_first_seen_interval_follows_the_building(scenes, built_at):
    days = scenes.days(12)
    (change,) = find(scenes.history(12, built_at=built_at), scenes)
    assert (change.after, change.before) == (days[built_at - 1], days[built_at])
    assert change.persistence == 12 - built_at


@pytest.mark.parametrize("seed", range(3))
def test_where_nothing_is_built_nothing_is_found(scenes, seed):
    assert find(scenes.history(12, built_at=None, seed=seed), scenes) == ()


def misplaced(looks, scenes, seed):
    """Every look moved by up to a pixel in x and y."""
    rng = np.random.default_rng(seed)
    return [
        scenes.look(one.day, one.pixels.data, rng, shift=(int(rng.integers(-1, 2)), int(rng.integers(-1, 2))))
        for one in looks
    ]


def test_a_pixel_of_misplacement_neither_makes_nor_hides_a_change(scenes):
    assert find(misplaced(scenes.history(12, built_at=None), scenes, 1), scenes) == ()
    (change,) = find(misplaced(scenes.history(12, built_at=6), scenes, 1), scenes)
    assert overlap(change.polygon) > 0.85


def test_what_stands_on_one_date_is_not_reported(scenes):
    rng = np.random.default_rng(4)
    for index in (5, 11):
        looks = scenes.history(12, built_at=None)
        scene = scenes.ground()
        scenes.build(scene)
        looks[index] = scenes.look(looks[index].day, scene, rng)
        assert find(looks, scenes) == ()


def test_what_stood_and_went_is_not_reported(scenes):
    rng = np.random.default_rng(4)
    looks = scenes.history(14, built_at=None)
    for index in range(6, 12):
        scene = scenes.ground()
        scenes.build(scene)
        looks[index] = scenes.look(looks[index].day, scene, rng)
    assert find(looks, scenes) == ()


def test_snow_and_haze_in_between_do_not_break_it(scenes):
    rng = np.random.default_rng(5)
    looks = scenes.history(12, built_at=6)
    snow = np.full((3, scenes.grid.height, scenes.grid.width), 0.85, np.float32)
    looks[8] = scenes.look(looks[8].day, snow, rng, noise=0.02)
    looks[10] = scenes.look(looks[10].day, 0.35 * looks[10].pixels.data + 0.5, rng)
    (change,) = find(looks, scenes)
    assert overlap(change.polygon) > 0.85
    assert change.before == looks[6].day


def test_a_building_that_went_is_removed(scenes):
    rng = np.random.default_rng(6)
    looks = []
    for index, day in enumerate(scenes.days(12)):
        scene = scenes.ground()
        if index < 7:
            scenes.build(scene)
        looks.append(scenes.look(day, scene, rng))
    (change,) = find(looks, scenes)
    assert change.kind == "removed"
    assert change.stage is None
    assert overlap(change.polygon) > 0.85
    assert (change.after, change.before) == (looks[6].day, looks[7].day)


def test_trains_count_only_where_the_tracks_are_not_marked(scenes):
    rng = np.random.default_rng(7)
    looks = []
    for index, day in enumerate(scenes.days(12)):
        scene = scenes.ground()
        if index >= 6:
            scene[:, 154:166, 60:200] = 0.7  # a train, as wide as 6 m, that never leaves
        looks.append(scenes.look(day, scene, rng))
    assert find(looks, scenes) == ()
    nowhere = np.zeros((scenes.grid.height, scenes.grid.width), bool)
    assert len(find_changes(looks, nowhere, Options())) == 1


def test_winter_shadows_at_the_end_are_not_a_change(scenes):
    rng = np.random.default_rng(8)
    looks = []
    days = [date(2017 + i // 2, (5, 8)[i % 2], 10) for i in range(9)]
    days += [date(2021, 11, 20), date(2021, 12, 20), date(2022, 1, 20)]
    for day in days:
        scene = scenes.ground()
        scenes.build(scene, shadow=40 if day.month in {11, 12, 1} else 6)
        looks.append(scenes.look(day, scene, rng))
    assert find(looks, scenes) == ()


def test_half_a_window_behind_cloud_leaves_the_rest(scenes):
    visible = np.ones((scenes.grid.height, scenes.grid.width), bool)
    visible[:, :120] = False
    looks = scenes.history(12, built_at=6)
    hidden = [
        replace(one, pixels=Pixels(grid=scenes.grid, data=one.pixels.data * visible, visible=visible)) for one in looks
    ]
    (change,) = find(hidden, scenes)
    assert overlap(change.polygon) > 0.9
    visible = np.ones_like(visible)
    visible[:, 150:] = False
    hidden = [
        replace(one, pixels=Pixels(grid=scenes.grid, data=one.pixels.data * visible, visible=visible)) for one in looks
    ]
    assert find(hidden, scenes) == ()


def test_a_cloud_over_the_first_dates_of_the_building_opens_the_interval(scenes):
    looks = scenes.history(13, built_at=6)
    for index in (6, 7):
        visible = np.ones((scenes.grid.height, scenes.grid.width), bool)
        visible[40:120, 180:300] = False
        data = looks[index].pixels.data * visible
        looks[index] = replace(looks[index], pixels=Pixels(grid=scenes.grid, data=data, visible=visible))
    (change,) = find(looks, scenes)
    assert (change.after, change.before) == (looks[5].day, looks[8].day)
    assert change.persistence == 5


def test_too_few_looks_are_refused_with_the_number_needed(scenes):
    with pytest.raises(RefusedError, match=r"need 7 clear looks .* 2 of 2 can be used"):
        find(scenes.history(2, built_at=1), scenes)
    with pytest.raises(RefusedError, match="6 of 6"):
        find(scenes.history(6, built_at=3), scenes)
    with pytest.raises(RefusedError, match="0 of 0"):
        find([], scenes)
    assert find(scenes.history(7, built_at=None), scenes) == ()


def test_all_unusable_is_refused(scenes):
    dark = np.zeros((scenes.grid.height, scenes.grid.width), bool)
    with pytest.raises(RefusedError, match="0 of 12"):
        find(scenes.history(12, built_at=6, visible=dark), scenes)


def test_all_snow_is_refused(scenes):
    rng = np.random.default_rng(9)
    snow = np.full((3, scenes.grid.height, scenes.grid.width), 0.9, np.float32)
    with pytest.raises(RefusedError, match="clear looks"):
        find([scenes.look(day, snow, rng) for day in scenes.days(12)], scenes)


def test_since_says_which_looks_are_reference(scenes):
    looks = scenes.history(14, built_at=6)
    (change,) = find(looks, scenes, since=looks[6].day)
    assert change.before == looks[6].day
    assert find(looks, scenes, since=looks[10].day) == ()
    with pytest.raises(RefusedError, match=r"since .* 12 lie before and 2 after"):
        find(looks, scenes, since=looks[12].day)


def test_looks_in_any_order_and_run_again_give_the_same(scenes):
    looks = scenes.history(12, built_at=6)
    once, again = find(looks, scenes), find(looks[::-1], scenes)
    assert [change.id for change in once] == [change.id for change in again]
    assert once == again


def test_the_id_stays_as_looks_arrive(scenes):
    looks = scenes.history(14, built_at=6)
    ids = {find(looks[:count], scenes)[0].id for count in (12, 14)}
    assert len(ids) == 1


def test_grey_and_colour_together_are_compared_in_grey(scenes):
    looks = scenes.history(12, built_at=6)
    one = looks[7].pixels
    looks[7] = replace(looks[7], pixels=replace(one, data=one.data.mean(axis=0, keepdims=True)))
    (change,) = find(looks, scenes)
    assert change.before == looks[6].day


def test_windows_that_do_not_fit_are_refused(scenes):
    looks = scenes.history(3, built_at=None)
    with pytest.raises(InputError, match="mask of tracks"):
        find_changes(looks, np.zeros((3, 3), bool), Options())
    moved = replace(looks[1], pixels=replace(looks[1].pixels, grid=replace(scenes.grid, west=101.0)))
    with pytest.raises(InputError, match=r"2018-04-06 lies on another grid"):
        find([looks[0], moved], scenes)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"persistence": 2}, "persistence 2"),
        ({"reference_looks": 2}, "2 reference looks"),
        ({"min_area_m2": 50, "max_area_m2": 40}, "smallest area"),
        ({"min_width_m": 0}, "smallest width"),
        ({"rectangularity": 1.5}, "rectangularity 1.5"),
    ],
)
def test_options_that_make_no_sense_are_refused(wrong, said):
    with pytest.raises(ValueError, match=said):
        Options(**wrong)
