"""Training of the strip network in four rounds, with checkpoints to resume from."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from training import simulated
from training.examples import Examples
from training.hard import chances
from training.loop import Fitting, Schedule
from training.network import StripNetwork
from training.rings import FEW, MANY, Rings
from training.segments import Segments
from training.stream import batches
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


def spare_workers() -> int:
    """A graphics card waits for nobody: every processor but one draws for it. One core does without."""
    return max((os.cpu_count() or 1) - 1, 0) if torch.cuda.is_available() else 0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is trained on what."""

    data: Path
    blocks: tuple[str, ...]
    out: Path
    steps: tuple[int, ...] = (3000, 1400, 4600, 2400)
    """Of each round."""
    batch: int = 16
    seed: int = 0
    workers: int = field(default_factory=spare_workers)
    """Processes that draw examples and decode; their number changes no batch."""

    def checkpoint(self, number: int) -> Path:
        """Of a round, beside the weights; removed by whoever wants to begin anew."""
        return self.out.with_suffix(f".round-{number + 1}.checkpoint")

    @property
    def told(self) -> tuple[tuple[str, ...], tuple[int, ...], int, int]:
        """What a checkpoint must agree with."""
        return self.blocks, self.steps, self.batch, self.seed


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
    scenes = simulated.corpus(plan.seed, simulated.SCENES, spread)
    torch.manual_seed(plan.seed)
    torch.backends.cudnn.deterministic = True
    network: nn.Module = StripNetwork().to("cuda" if torch.cuda.is_available() else "cpu", memory_format=LAYOUT)
    examples = Examples(plan.data, list(plan.blocks), plan.seed, scenes)
    for number, part in enumerate(rounds(plan, spread)):
        # Before anything is resumed: the hard strips are those of the round before, also for a round that was stopped.
        hard = chances(network, scenes, plan.seed) if part.hard else None
        shown, fitting = examples.of_round(number, part.rings, hard), Fitting(network, part.schedule)
        _resume(plan, number, fitting)
        stream = batches(shown, plan.batch, fitting.step, plan.workers)
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
    return CELLS_WEIGHT * cells + SEGMENTS_WEIGHT * segments.loss(answer, states, np.random.default_rng(fitting.step))


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
