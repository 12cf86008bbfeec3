"""Training: a fixed number of steps, a cosine rate, an averaged copy of the weights, a checkpoint to resume from."""

from __future__ import annotations

import copy
import math
import pickle
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from training.examples import Examples
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
    steps: int = 7000
    batch: int = 8
    seed: int = 0

    @property
    def checkpoint(self) -> Path:
        """Beside the weights; removed by whoever wants to begin anew."""
        return self.out.with_suffix(".checkpoint")


def rate(step: int, steps: int) -> float:
    """Warm-up, then half a cosine down to nothing."""
    warm = min(1.0, (step + 1) / WARM_STEPS)
    return PEAK_RATE * warm * 0.5 * (1 + math.cos(math.pi * step / steps))


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
    network = StripNetwork().to(device)
    average = copy.deepcopy(network)
    optimiser = torch.optim.AdamW(network.parameters(), PEAK_RATE, weight_decay=DECAY)
    first = _resume(plan, network, average, optimiser, examples)
    begun, losses, seen = time.monotonic(), [], np.zeros(3)
    for step in range(first, plan.steps):
        for group in optimiser.param_groups:
            group["lr"] = rate(step, plan.steps)
        batch = examples.batch(plan.batch)
        seen += np.sum([one.states.sum(axis=1) for one in batch], axis=0) * STATE_WEIGHTS
        losses.append(_step(network, optimiser, _tensors(batch, device)))
        _average(average, network, min(AVERAGING, (step + 1) / (step + 10)))
        if (step + 1) % CHECKPOINT_STEPS == 0 or step + 1 == plan.steps:
            spent = time.monotonic() - begun
            print(f"step {step + 1}/{plan.steps} loss {np.mean(losses):.4f} {spent:.0f} s", flush=True)
            losses = []
            _save(plan, step + 1, network, average, optimiser, examples)
    return Learnt(average.cpu().eval(), tuple((seen / seen.sum()).tolist()))


def _step(network: nn.Module, optimiser: torch.optim.Optimizer, batch: tuple[Tensor, ...]) -> float:
    network.train()
    x, states = batch
    with torch.autocast(x.device.type, torch.bfloat16):
        answer = network(x)
    loss = loss_of(answer.float(), states)
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 2.0)
    optimiser.step()
    return float(loss.detach())


def _tensors(batch: list[Seen], device: torch.device) -> tuple[Tensor, ...]:
    columns = ([b.x for b in batch], [b.states for b in batch])
    return tuple(torch.from_numpy(np.stack(column)).to(device) for column in columns)


def _average(average: nn.Module, network: nn.Module, keep: float) -> None:
    with torch.no_grad():
        for kept, new in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
            kept.lerp_(new, 1 - keep) if kept.is_floating_point() else kept.copy_(new)


def _save(plan: Plan, step: int, network: nn.Module, average: nn.Module, optimiser, examples: Examples) -> None:  # noqa: ANN001
    state = {
        "plan": (plan.blocks, plan.steps, plan.batch, plan.seed),
        "step": step,
        "network": network.state_dict(),
        "average": average.state_dict(),
        "optimiser": optimiser.state_dict(),
        "chance": pickle.dumps(examples.rng.bit_generator.state),
    }
    half = plan.checkpoint.with_suffix(".half")
    torch.save(state, half)
    half.replace(plan.checkpoint)


def _resume(plan: Plan, network: nn.Module, average: nn.Module, optimiser, examples: Examples) -> int:  # noqa: ANN001
    if not plan.checkpoint.is_file():
        return 0
    state = torch.load(plan.checkpoint, map_location="cpu", weights_only=True)
    if state["plan"] != (plan.blocks, plan.steps, plan.batch, plan.seed):
        raise SystemExit(f"{plan.checkpoint} belongs to another plan {state['plan']}; remove it to begin anew")
    network.load_state_dict(state["network"])
    average.load_state_dict(state["average"])
    optimiser.load_state_dict(state["optimiser"])
    examples.rng.bit_generator.state = pickle.loads(state["chance"])
    print(f"resumed at step {state['step']}", flush=True)
    return int(state["step"])
