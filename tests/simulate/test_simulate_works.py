"""Places over years: the truth is drawn where it says, when it says, and nowhere else."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import shapely

from yardwatch.simulate.works.day import draw_days
from yardwatch.simulate.works.drawing import draw_plan
from yardwatch.simulate.works.plan import Block, House, Work
from yardwatch.simulate.works.render import GSD_M, see

SEED = 3


def test_the_same_seed_gives_the_same_pixels():
    first, second = draw_plan(SEED), draw_plan(SEED)
    assert first == second
    one, other = see(first, draw_days(first)[2]), see(second, draw_days(second)[2])
    np.testing.assert_array_equal(one.data, other.data)
    assert one.synthetic


def test_works_lie_apart_and_between_looks():
    for seed in range(1, 20):
        plan = draw_plan(seed)
        assert 14 <= len(plan.days) <= 40
        for index, work in enumerate(plan.works):
            assert plan.days[6] < work.begun <= work.done < plan.days[-6]
            for other in plan.works[index + 1 :]:
                assert not work.house.block.polygon.intersects(other.house.block.polygon)


def test_without_building_the_place_and_its_days_are_the_same():
    built, idle = draw_plan(SEED), draw_plan(SEED, build=False)
    assert idle.works == ()
    assert (built.houses, built.days, built.trees) == (idle.houses, idle.days, idle.trees)
    days = draw_days(built)
    early = see(built, days[0]), see(idle, draw_days(idle)[0])
    np.testing.assert_array_equal(early[0].data, early[1].data)
    late = see(built, days[-1]), see(idle, draw_days(idle)[-1])
    differs = (late[0].data.astype(int) - late[1].data).any(axis=0)
    around = shapely.union_all([work.house.block.polygon.buffer(70) for work in built.works])
    rows, columns = np.nonzero(differs)
    points = shapely.points((columns + 0.5) * GSD_M, 300 - (rows + 0.5) * GSD_M)
    assert differs.any()
    # shadows reach 64 m; beyond, only the steps in which tall things lean depend on the tallest of all
    assert (~shapely.contains(around, points)).sum() < 0.01 * differs.size


def test_a_wall_is_held_as_a_strip_and_stages_follow_the_days():
    block = Block(centre=(100, 100), length=120, width=0.4, turn_rad=0)
    plan = draw_plan(SEED)
    begun = plan.days[8]
    work = Work(
        kind="wall", house=House(block=block, height=2.5, colour=(0.6, 0.6, 0.6)), begun=begun,
        done=begun + timedelta(days=40),
    )  # fmt: skip
    assert work.truth.area == 120 * 4
    after = [begun + timedelta(days=days) for days in (-1, 0, 19, 20, 40)]
    assert [work.stage(day) for day in after] == ["before", "cleared", "cleared", "rising", "done"]
