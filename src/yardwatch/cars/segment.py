"""Evidence to cars and counts: the explicit-duration decoder of DESIGN.md.

    P(segmentation | strip) ∝ Π_runs p(state | state before) · p_state(length) · Π_steps q(step, state)^w

with q the evidence and `w = step / witness` (at most 1; `lengths.Habits`), because neighbouring steps see the same
ground through the image's blur and are no independent witnesses. Lengths are those of stock, and of what a first pass
meets along the strip, by samples (`own_lengths`). Given them the count's pmf sums over all segmentations, exactly; the
drawn cars are those most of which are right (`choose`), over segmentations sampled from the same law; a car's
probability is the share of samples that hold about the same one, times `SUREST`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from yardwatch.cars import lengths
from yardwatch.cars.backward import draw
from yardwatch.cars.chain import chain_of
from yardwatch.cars.choose import Bodies, choose
from yardwatch.cars.lengths import CASE, Habits
from yardwatch.cars.own_lengths import bodies_met, expecting
from yardwatch.cars.sweep import Ending, Sweep, ending, sweep
from yardwatch.cars.tally import Rule, count_pmfs
from yardwatch.model import Car, Evidence
from yardwatch.model.refuse import refuse

Floats = NDArray[np.float64]

SUREST = 0.9
"""Factor of every car's probability while nothing is calibrated: the samples know the decoder's doubts, not those of
the hand-set evidence (on one real block 0.96 was said where 0.85 held)."""
CUT_SHORTEST_M = (lengths.STOCK[0][1] - lengths.GAP_MEAN_M) / 2
"""A body cut by the strip's end counts from half a gondola on."""
FIRST_SAMPLES = 100
"""Segmentations of the first pass, from which a strip's own lengths are known."""
BATCH_STEPS = 200_000
"""Steps decoded together, a hundred kilometres at half a metre; a step takes about 300 bytes."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Segmentation:
    """What the decoder makes of one strip."""

    track: str
    cars: tuple[Car, ...]
    """Those most of which are right, along the track; metres from the strip's beginning."""
    pmf: Floats
    """(n + 1,): chance of 0, 1, … n cars."""
    samples_count: int
    """Sampled segmentations the cars' probabilities rest on."""
    log_likelihood: float
    """Log of the sum over all segmentations, under the strip's own lengths where it has any."""


def decode(evidence: Evidence, *, rng: np.random.Generator, samples: int = 400, habits: Habits = CASE) -> Segmentation:
    """Cars and count of one strip. Raises ValueError for an empty strip."""
    return decode_many([evidence], rng=rng, samples=samples, habits=habits)[0]


def decode_many(
    evidence: Sequence[Evidence], *, rng: np.random.Generator, samples: int = 400, habits: Habits = CASE
) -> tuple[Segmentation, ...]:
    """Cars and count of many strips of one step at once, in their order; quicker than one by one.

    Raises ValueError when a strip has no steps, when the steps differ, or when no sample is asked for.
    """
    if not evidence:
        return ()
    refuse(samples < 1, f"needs at least one sample, got {samples}")
    refuse(any(len(e.log_prob) == 0 for e in evidence), "a strip without steps cannot be decoded")
    refuse(len({e.step_m for e in evidence}) > 1, "strips decoded together need one step")
    found: list[Segmentation] = []
    seed = int(rng.integers(1 << 62))
    for batch in _batches(evidence):
        found.extend(_decode(batch, seed, samples, habits))
    return tuple(found)


def _chance(seed: int, evidence: Evidence) -> np.random.Generator:
    """A strip's own, by its track: its cars are the same whatever is decoded beside it."""
    return np.random.default_rng([seed, crc32(evidence.track.encode())])


def _batches(evidence: Sequence[Evidence]) -> list[list[Evidence]]:
    batches: list[list[Evidence]] = []
    widest = 0
    for one in evidence:
        widest = max(widest, len(one.log_prob))
        if not batches or widest * (len(batches[-1]) + 1) > BATCH_STEPS:
            batches.append([])
            widest = len(one.log_prob)
        batches[-1].append(one)
    return batches


def _decode(evidence: Sequence[Evidence], seed: int, samples: int, habits: Habits) -> list[Segmentation]:
    found: list[Segmentation] = []
    for filtered, strips in _filtered(evidence, seed, habits):
        found.extend(_segmented(filtered, strips, seed, samples))
    return found


def _filtered(evidence: Sequence[Evidence], seed: int, habits: Habits) -> Iterator[tuple[Sweep, Sequence[Evidence]]]:
    """The strips filtered: all at once, or one by one with the lengths that a first pass met along each."""
    step_m = evidence[0].step_m
    chain, steps = chain_of(step_m, habits), np.array([len(one.log_prob) for one in evidence])
    scores = np.zeros((len(steps), steps.max(), 3))
    for i, one in enumerate(evidence):
        scores[i, : steps[i]] = np.where(one.visible[:, None], one.log_prob, 0.0) * min(1.0, step_m / habits.witness_m)
    first = sweep(chain, scores, steps, "sum")
    if np.isinf(habits.kappa):
        yield first, evidence
        return
    for i, one in enumerate(evidence):
        sampled = draw(first, i, FIRST_SAMPLES, _chance(seed, one)).cars()
        met = bodies_met(sampled, FIRST_SAMPLES, steps[i], chain.car.longest)
        own = expecting(chain, met, step_m, habits.kappa)
        yield sweep(own, scores[i : i + 1, : steps[i]], steps[i : i + 1], "sum"), [one]


def _segmented(filtered: Sweep, strips: Sequence[Evidence], seed: int, samples: int) -> Iterator[Segmentation]:
    rule = _rule(strips, filtered.lengths)
    for i, (one, pmf) in enumerate(zip(strips, count_pmfs(filtered, rule), strict=True)):
        sampled = draw(filtered, i, samples, _chance(seed, one)).cars()
        counted = rule.counts(np.asarray(i), sampled.start, sampled.end, filtered.lengths[i])
        last: Ending = ending(filtered, i)
        yield Segmentation(
            track=one.track,
            cars=_cars(one.track, choose(sampled.where(counted), samples), one.step_m),
            pmf=pmf,
            samples_count=samples,
            log_likelihood=last.total,
        )


def _rule(strips: Sequence[Evidence], steps: NDArray[np.int64]) -> Rule:
    visible = np.zeros((len(strips), steps.max()), bool)
    for i, one in enumerate(strips):
        visible[i, : steps[i]] = one.visible
    return Rule.of(visible, int(np.ceil(CUT_SHORTEST_M / strips[0].step_m)))


def _cars(track: str, chosen: Bodies, step_m: float) -> tuple[Car, ...]:
    ends = zip(chosen.mean_start * step_m, chosen.mean_end * step_m, SUREST * chosen.right, strict=True)
    return tuple(
        Car(id=f"{track}@{start:.1f}", track=track, start_m=float(start), end_m=float(end), probability=float(chance))
        for start, end, chance in ends
    )
