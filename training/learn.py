"""Training of the strip network in two rounds, with checkpoints to resume from."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training import simulated
from training.examples import Examples
from training.loop import Fitting, Schedule, stacked
from training.network import StripNetwork
from training.rings import FEW, MANY, Rings
from training.sensor import Seen

Floats = NDArray[np.float64]

PEAK_RATE, LAST_RATE = 2.5e-3, 1.5e-3
DECAY = 2e-3
WARM_STEPS = 100
AVERAGING = 0.998
"""Share of the averaged weights kept at each step."""
STATE_WEIGHTS = (1.0, 1.0, 1.6)
"""A missed gap merges two cars; gaps are a twentieth of the cells."""
CHECKPOINT_STEPS = 250


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is trained on what."""

    data: Path
    blocks: tuple[str, ...]
    out: Path
    steps: int = 9000
    last_steps: int = 5000
    batch: int = 8
    seed: int = 0

    def checkpoint(self, number: int) -> Path:
        """Of a round, beside the weights; removed by whoever wants to begin anew."""
        return self.out.with_suffix(f".round-{number + 1}.checkpoint")

    @property
    def told(self) -> tuple[tuple[str, ...], int, int, int, int]:
        """What a checkpoint must agree with."""
        return self.blocks, self.steps, self.last_steps, self.batch, self.seed


def loss_of(answer: Tensor, states: Tensor) -> Tensor:
    """Weighted cross-entropy of soft states."""
    weights = torch.tensor(STATE_WEIGHTS, device=answer.device)[None, :, None]
    return -(weights * states * answer.log_softmax(dim=1)).sum(dim=1).mean()


@dataclass(frozen=True)
class Learnt:
    """The averaged network, and the shares of the states among what it saw in the last round."""

    network: StripNetwork
    shares: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Round:
    """One pass of the training: how long and fast, and how many smears there are."""

    schedule: Schedule
    rings: Rings


def rounds(plan: Plan) -> tuple[Round, Round]:
    """The network learns what vehicles look like; then, from its averaged weights, that a smear is none."""
    first = Schedule(
        name="step", steps=plan.steps, peak_rate=PEAK_RATE, decay=DECAY, averaging=AVERAGING, warm_steps=WARM_STEPS,
        report_steps=CHECKPOINT_STEPS,
    )  # fmt: skip
    last = replace(first, name="last step", steps=plan.last_steps, peak_rate=LAST_RATE)
    return Round(schedule=first, rings=FEW), Round(schedule=last, rings=MANY)


def train(plan: Plan) -> Learnt:
    """The averaged network after both rounds; goes on from the checkpoints if there are any."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(plan.seed)
    network, scenes, shares = StripNetwork(), simulated.corpus(plan.seed, simulated.SCENES), np.zeros(3)
    for number, part in enumerate(rounds(plan)):
        torch.manual_seed(plan.seed + number)
        examples = Examples(plan.data, list(plan.blocks), plan.seed + number, scenes)
        examples.rings = part.rings
        network, shares = _round(plan, number, Fitting(network.to(device), part.schedule), examples)
    return Learnt(network.cpu(), tuple((shares / shares.sum()).tolist()))


def _round(plan: Plan, number: int, fitting: Fitting, examples: Examples) -> tuple[Any, Floats]:
    """The averaged network of a round, and the weight of each state in what it saw."""
    seen = _resume(plan, number, fitting, examples)

    def loss(network: nn.Module) -> Tensor:
        batch = examples.batch(plan.batch)
        seen[:] += np.sum([one.states.sum(axis=1) for one in batch], axis=0) * STATE_WEIGHTS
        return _loss(network, _tensors(batch, next(network.parameters()).device))

    return fitting.run(loss, lambda: _save(plan, number, fitting, examples, seen)), seen


def _loss(network: nn.Module, batch: tuple[Tensor, ...]) -> Tensor:
    x, states = batch
    with torch.autocast(x.device.type, torch.bfloat16):
        answer = network(x)
    return loss_of(answer.float(), states)


def _tensors(batch: list[Seen], device: torch.device) -> tuple[Tensor, ...]:
    return tuple(one.to(device) for one in stacked(batch, "x", "states"))


def _save(plan: Plan, number: int, fitting: Fitting, examples: Examples, seen: Floats) -> None:
    state = {
        "plan": plan.told,
        "step": fitting.step,
        "network": fitting.network.state_dict(),
        "average": fitting.average.state_dict(),
        "optimiser": fitting.optimiser.state_dict(),
        "chance": pickle.dumps(examples.rng.bit_generator.state),
        "seen": seen.tolist(),
    }
    path = plan.checkpoint(number)
    half = path.with_suffix(".half")
    torch.save(state, half)
    half.replace(path)


def _resume(plan: Plan, number: int, fitting: Fitting, examples: Examples) -> Floats:
    """What was seen so far."""
    path = plan.checkpoint(number)
    if not path.is_file():
        return np.zeros(3)
    state = torch.load(path, map_location="cpu", weights_only=True)
    if state["plan"] != plan.told:
        raise SystemExit(f"{path} belongs to another plan {state['plan']}; remove it to begin anew")
    fitting.network.load_state_dict(state["network"])
    fitting.average.load_state_dict(state["average"])
    fitting.optimiser.load_state_dict(state["optimiser"])
    examples.rng.bit_generator.state = pickle.loads(state["chance"])
    fitting.step = int(state["step"])
    print(f"round {number + 1} resumed at step {fitting.step}", flush=True)
    return np.array(state["seen"])
