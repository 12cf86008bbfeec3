"""Lengths of stock: hand-worked masses, and the window formulas against summing over what the window hides."""

from __future__ import annotations

import numpy as np
import pytest

from yardwatch.cars.chain import CAR, EMPTY, GAP, chain_of
from yardwatch.cars.durations import Durations, EmptyRuns
from yardwatch.cars.lengths import body_durations, gap_durations


@pytest.mark.parametrize("step_m", [0.25, 0.5, 1.0])
def test_the_likeliest_body_is_a_gondola_less_one_gap(step_m: float) -> None:
    mass = np.exp(body_durations(step_m).log_mass[0, 0])
    assert mass.sum() == pytest.approx(1)
    assert mass.argmax() * step_m == pytest.approx(13.92 - 1.05, abs=step_m / 2 + 0.01)


def test_two_section_tank_is_likelier_as_two_tanks_than_as_one_car() -> None:
    """24.04 m: two bodies of 10.97 m and a gap of 1.05 m, against one of 22.99 m."""
    chain = chain_of(0.5)
    two = 2 * chain.car.log_mass[0, 0, 22] + chain.gap.log_mass[0, 0, 2] + np.log(chain.coupled)
    assert two > chain.car.log_mass[0, 0, 46]


@pytest.mark.parametrize(("step_m", "likeliest"), [(0.25, {3, 4, 5}), (0.5, {2}), (1.0, {1}), (3.0, {1})])
def test_gaps_are_about_a_metre(step_m: float, likeliest: set[int]) -> None:
    assert int(gap_durations(step_m).log_mass[0, 0].argmax()) in likeliest


def test_windows_of_bounded_durations() -> None:
    """Mass 0.25, 0, 0.75 of 1, 2, 3 steps: mean 2.5, survival 1, 0.75, 0.75, beyond 2.5, 1.5, 0.75 (over 2.5)."""
    table = np.exp(Durations.from_mass(np.array([1.0, 0, 3.0])).log_mass)
    np.testing.assert_allclose(table[0, 0], [0, 0.25, 0, 0.75], atol=1e-12)
    np.testing.assert_allclose(table[0, 1], [0, 1, 0.75, 0.75], atol=1e-12)
    np.testing.assert_allclose(table[1, 0], [0, 0.4, 0.3, 0.3], atol=1e-12)
    np.testing.assert_allclose(table[1, 1], [0, 1.0, 0.6, 0.3], atol=1e-12)


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 9])
def test_windows_of_empty_runs_agree_with_long_sums(steps: int) -> None:
    runs = EmptyRuns(shortest=3, stay=0.8)
    k = np.arange(1, 500)
    mass = np.where(k >= 3, 0.2 * 0.8 ** (k - 3.0), 0)
    mean = float(k @ mass)
    assert runs.mean == pytest.approx(mean)
    at = np.array([steps])
    tail = mass[k >= steps].sum()
    whole = ((k - steps + 1) * mass)[k >= steps].sum() / mean
    assert np.exp(runs.log_mass(at, cut_start=False, cut_end=True))[0] == pytest.approx(tail)
    assert np.exp(runs.log_mass(at, cut_start=True, cut_end=False))[0] == pytest.approx(tail / mean)
    assert np.exp(runs.log_mass(at, cut_start=True, cut_end=True))[0] == pytest.approx(whole)


def test_a_place_picked_blindly() -> None:
    """Ten cars a train and 120 m between trains: 10 bodies, 9 gaps, one run in every cycle."""
    start = np.exp(chain_of(0.5).log_start)
    assert start.sum() == pytest.approx(1)
    body_m, gap_m = chain_of(0.5).car.mean * 0.5, chain_of(0.5).gap.mean * 0.5
    cycle = 10 * body_m + 9 * gap_m + 120
    assert start[[EMPTY, CAR, GAP]] * cycle == pytest.approx([120, 10 * body_m, 9 * gap_m], rel=0.01)


@pytest.mark.parametrize("mass", [np.zeros(3), np.array([1.0, -0.1])])
def test_durations_without_mass_are_refused(mass: np.ndarray) -> None:
    with pytest.raises(ValueError, match="positive mass"):
        Durations.from_mass(mass)


def test_empty_runs_without_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="no sense"):
        EmptyRuns(shortest=0, stay=0.5)
