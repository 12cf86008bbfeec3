"""Training of the strip network in four rounds, with checkpoints to resume from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from training.loop import Fitting, Schedule
from training.network import StripNetwork
from training.plan import JUDGED, Plan
from training.rings import FEW, MANY, Rings
from training.segments import Segments
from training.sources import PackSource, PoolSource, Source
from yardwatch.cars.chain import chain_of
from yardwatch.cars.lengths import ANYWHERE
from yardwatch.cars.network import CELL_M

PEAK_RATES = (5e-3, 2.5e-3, 2.5e-3, 1.2e-3)
"""Of each round."""
DECAY = 2e-3
WARM_STEPS = 100
AVERAGING = 0.996
"""Share of the averaged weights kept at each step."""
STATE_WEIGHTS = (1.0, 1.0, 1.6)
"""A missed gap merges two cars; gaps are a twentieth of the cells."""
SHARES = (0.55, 0.39, 0.06)
"""Of *empty, body, gap* among the cells of the examples, by their weight in the loss; divided out of the answers."""
CELLS_WEIGHT, SEGMENTS_WEIGHT = 0.25, 1 / 48
"""In the last two rounds, of the loss cell by cell and of a strip's nats (`segments`)."""
CHECKPOINT_STEPS = 250
LAYOUT = torch.channels_last
"""Of the pictures in memory: a quarter faster on a processor."""


def loss_of(answer: Tensor, states: Tensor) -> Tensor:
    """Weighted cross-entropy of soft states."""
    weights = torch.tensor(STATE_WEIGHTS, device=answer.device)[None, :, None]
    return -(weights * states * answer.log_softmax(dim=1)).sum(dim=1).mean()


@dataclass(frozen=True, kw_only=True, eq=False)
class Round:
    """One pass of the training: how long and fast, how many smears there are, and what the answers are judged by."""

    schedule: Schedule
    rings: Rings
    segments: Segments | None = None
    """Where there are any, whole cars count and cells count less."""
    hard: bool = False
    """Whether simulated strips are shown the oftener the worse the round before left them."""


def rounds(plan: Plan, spread: Callable[..., Iterator] = map) -> tuple[Round, ...]:
    """What vehicles look like, cell by cell; that a smear is none; what the decoder makes of it; the hard strips."""
    first, second, third, fourth = (_schedule(k, steps) for k, steps in enumerate(plan.steps))
    decoded = Segments(chain=chain_of(CELL_M, ANYWHERE), shares=SHARES, spread=spread)
    return (
        Round(schedule=first, rings=FEW),
        Round(schedule=second, rings=MANY),
        Round(schedule=third, rings=MANY, segments=decoded),
        Round(schedule=fourth, rings=MANY, segments=decoded, hard=True),
    )


def _schedule(number: int, steps: int) -> Schedule:
    return Schedule(
        name=f"round {number + 1} step", steps=steps, peak_rate=PEAK_RATES[number], decay=DECAY,
        averaging=AVERAGING, warm_steps=WARM_STEPS, report_steps=CHECKPOINT_STEPS,
    )  # fmt: skip


def train(plan: Plan) -> nn.Module:
    """The averaged network after all rounds; goes on from the checkpoints if there are any."""
    with ProcessPoolExecutor(plan.workers) if plan.workers else nullcontext() as pool:
        return _trained(plan, pool.map if pool else map)


def _trained(plan: Plan, spread: Callable[..., Iterator]) -> nn.Module:
    source: Source = (PoolSource if plan.device == "cuda" else PackSource)(plan, spread)
    torch.manual_seed(plan.seed)
    torch.backends.cudnn.deterministic = True
    network: nn.Module = StripNetwork().to(plan.device, memory_format=LAYOUT)
    for number, part in enumerate(rounds(plan, spread)):
        if part.hard:  # before anything is resumed: also for a round that was stopped, by the round before
            source.harden(network)
        fitting = Fitting(network, part.schedule)
        _resume(plan, number, fitting)
        stream = source.of_round(number, part.rings, fitting.step)
        network = fitting.run(partial(_loss, stream, part.segments, fitting), partial(_save, plan, number, fitting))
    return network.cpu()


def _loss(
    stream: Iterator[tuple[Tensor, ...]], segments: Segments | None, fitting: Fitting, network: nn.Module
) -> Tensor:
    """Of a fresh batch: of cells alone, or of cells and of whole cars."""
    device = next(network.parameters()).device
    x, states = (one.to(device) for one in next(stream))
    x = x.contiguous(memory_format=LAYOUT)
    with torch.autocast(device.type, torch.bfloat16):
        answer = network(x).float()
    cells = loss_of(answer, states)
    if segments is None:
        return cells
    whole = segments.loss(answer[:JUDGED], states[:JUDGED], np.random.default_rng(fitting.step))
    return CELLS_WEIGHT * cells + SEGMENTS_WEIGHT * whole


def _save(plan: Plan, number: int, fitting: Fitting) -> None:
    state = {
        "plan": plan.told,
        "step": fitting.step,
        "network": fitting.network.state_dict(),
        "average": fitting.average.state_dict(),
        "optimisers": [one.state_dict() for one in fitting.optimisers],
    }
    path = plan.checkpoint(number)
    half = path.with_suffix(".half")
    torch.save(state, half)
    half.replace(path)


def _resume(plan: Plan, number: int, fitting: Fitting) -> None:
    path = plan.checkpoint(number)
    if not path.is_file():
        return
    state = torch.load(path, map_location="cpu", weights_only=True)
    if state["plan"] != plan.told:
        raise SystemExit(f"{path} belongs to another plan {state['plan']}; remove it to begin anew")
    fitting.network.load_state_dict(state["network"])
    fitting.average.load_state_dict(state["average"])
    for one, kept in zip(fitting.optimisers, state["optimisers"], strict=True):
        one.load_state_dict(kept)
    fitting.step = int(state["step"])
    print(f"round {number + 1} resumed at step {fitting.step}", flush=True)
