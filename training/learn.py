"""Training of the strip network, with a checkpoint to resume from."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from training.examples import Examples
from training.loop import Fitting, Schedule, stacked
from training.network import StripNetwork
from training.sensor import Seen

PEAK_RATE = 2.5e-3
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
    batch: int = 8
    seed: int = 0

    @property
    def checkpoint(self) -> Path:
        """Beside the weights; removed by whoever wants to begin anew."""
        return self.out.with_suffix(".checkpoint")


def loss_of(answer: Tensor, states: Tensor) -> Tensor:
    """Weighted cross-entropy of soft states."""
    weights = torch.tensor(STATE_WEIGHTS, device=answer.device)[None, :, None]
    return -(weights * states * answer.log_softmax(dim=1)).sum(dim=1).mean()


@dataclass(frozen=True)
class Learnt:
    """The averaged network, and the shares of the states among what it saw (since it was last resumed)."""

    network: StripNetwork
    shares: tuple[float, ...]


def train(plan: Plan) -> Learnt:
    """The averaged network after all steps; goes on from the checkpoint if there is one."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(plan.seed)
    examples = Examples(plan.data, list(plan.blocks), plan.seed)
    fitting = Fitting(StripNetwork().to(device), schedule(plan))
    _resume(plan, fitting, examples)
    seen = np.zeros(3)

    def loss(network: nn.Module) -> Tensor:
        batch = examples.batch(plan.batch)
        seen[:] += np.sum([one.states.sum(axis=1) for one in batch], axis=0) * STATE_WEIGHTS
        return _loss(network, _tensors(batch, device))

    average = fitting.run(loss, lambda: _save(plan, fitting, examples))
    return Learnt(average.cpu(), tuple((seen / seen.sum()).tolist()))


def schedule(plan: Plan) -> Schedule:
    """The strip network's."""
    return Schedule(
        name="step", steps=plan.steps, peak_rate=PEAK_RATE, decay=DECAY, averaging=AVERAGING, warm_steps=WARM_STEPS,
        report_steps=CHECKPOINT_STEPS,
    )  # fmt: skip


def _loss(network: nn.Module, batch: tuple[Tensor, ...]) -> Tensor:
    x, states = batch
    with torch.autocast(x.device.type, torch.bfloat16):
        answer = network(x)
    return loss_of(answer.float(), states)


def _tensors(batch: list[Seen], device: torch.device) -> tuple[Tensor, ...]:
    return tuple(one.to(device) for one in stacked(batch, "x", "states"))


def _save(plan: Plan, fitting: Fitting, examples: Examples) -> None:
    state = {
        "plan": (plan.blocks, plan.steps, plan.batch, plan.seed),
        "step": fitting.step,
        "network": fitting.network.state_dict(),
        "average": fitting.average.state_dict(),
        "optimiser": fitting.optimiser.state_dict(),
        "chance": pickle.dumps(examples.rng.bit_generator.state),
    }
    half = plan.checkpoint.with_suffix(".half")
    torch.save(state, half)
    half.replace(plan.checkpoint)


def _resume(plan: Plan, fitting: Fitting, examples: Examples) -> None:
    if not plan.checkpoint.is_file():
        return
    state = torch.load(plan.checkpoint, map_location="cpu", weights_only=True)
    if state["plan"] != (plan.blocks, plan.steps, plan.batch, plan.seed):
        raise SystemExit(f"{plan.checkpoint} belongs to another plan {state['plan']}; remove it to begin anew")
    fitting.network.load_state_dict(state["network"])
    fitting.average.load_state_dict(state["average"])
    fitting.optimiser.load_state_dict(state["optimiser"])
    examples.rng.bit_generator.state = pickle.loads(state["chance"])
    fitting.step = int(state["step"])
    print(f"resumed at step {fitting.step}", flush=True)
