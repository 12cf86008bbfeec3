"""Training of the strip network in three rounds, with checkpoints to resume from."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from training import simulated
from training.examples import Examples
from training.loop import Fitting, Schedule, stacked
from training.network import StripNetwork
from training.rings import FEW, MANY, Rings
from training.segments import Segments
from training.sensor import Seen
from yardwatch.cars.chain import chain_of
from yardwatch.cars.lengths import ANYWHERE
from yardwatch.cars.network import CELL_M

PEAK_RATE, LATER_RATE = 2.5e-3, 1.5e-3
DECAY = 2e-3
WARM_STEPS = 100
AVERAGING = 0.998
"""Share of the averaged weights kept at each step."""
STATE_WEIGHTS = (1.0, 1.0, 1.6)
"""A missed gap merges two cars; gaps are a twentieth of the cells."""
SHARES = (0.55, 0.39, 0.06)
"""Of *empty, body, gap* among the cells of the examples, by their weight in the loss; divided out of the answers."""
CELLS_WEIGHT, SEGMENTS_WEIGHT = 0.25, 1 / 48
"""In the last round, of the loss cell by cell and of a strip's nats (`segments`)."""
CHECKPOINT_STEPS = 250


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is trained on what."""

    data: Path
    blocks: tuple[str, ...]
    out: Path
    steps: tuple[int, ...] = (9000, 5000, 9000)
    """Of each round."""
    batch: int = 8
    seed: int = 0

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


def rounds(plan: Plan) -> tuple[Round, ...]:
    """What vehicles look like, cell by cell; that a smear is none; then what the decoder makes of the answers."""
    first, second, third = (_schedule(k, steps) for k, steps in enumerate(plan.steps))
    decoded = Segments(chain=chain_of(CELL_M, ANYWHERE), shares=SHARES)
    return (
        Round(schedule=first, rings=FEW),
        Round(schedule=second, rings=MANY),
        Round(schedule=third, rings=MANY, segments=decoded),
    )


def _schedule(number: int, steps: int) -> Schedule:
    return Schedule(
        name=f"round {number + 1} step", steps=steps, peak_rate=LATER_RATE if number else PEAK_RATE, decay=DECAY,
        averaging=AVERAGING, warm_steps=WARM_STEPS, report_steps=CHECKPOINT_STEPS,
    )  # fmt: skip


def train(plan: Plan) -> nn.Module:
    """The averaged network after all rounds; goes on from the checkpoints if there are any."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(plan.seed)
    network: nn.Module = StripNetwork()
    scenes = simulated.corpus(plan.seed, simulated.SCENES)
    for number, part in enumerate(rounds(plan)):
        torch.manual_seed(plan.seed + number)
        examples = Examples(plan.data, list(plan.blocks), plan.seed + number, scenes)
        examples.rings = part.rings
        fitting = Fitting(network.to(device), part.schedule)
        _resume(plan, number, fitting, examples)
        network = fitting.run(
            partial(_loss, examples, plan.batch, part.segments), partial(_save, plan, number, fitting, examples)
        )
    return network.cpu()


def _loss(examples: Examples, batch: int, segments: Segments | None, network: nn.Module) -> Tensor:
    """Of a fresh batch: of cells alone, or of cells and of whole cars."""
    x, states = _tensors(examples.batch(batch), next(network.parameters()).device)
    with torch.autocast(x.device.type, torch.bfloat16):
        answer = network(x).float()
    cells = loss_of(answer, states)
    if segments is None:
        return cells
    return CELLS_WEIGHT * cells + SEGMENTS_WEIGHT * segments.loss(answer, states, examples.rng)


def _tensors(batch: list[Seen], device: torch.device) -> tuple[Tensor, ...]:
    return tuple(one.to(device) for one in stacked(batch, "x", "states"))


def _save(plan: Plan, number: int, fitting: Fitting, examples: Examples) -> None:
    state = {
        "plan": plan.told,
        "step": fitting.step,
        "network": fitting.network.state_dict(),
        "average": fitting.average.state_dict(),
        "optimiser": fitting.optimiser.state_dict(),
        "chance": pickle.dumps(examples.rng.bit_generator.state),
    }
    path = plan.checkpoint(number)
    half = path.with_suffix(".half")
    torch.save(state, half)
    half.replace(path)


def _resume(plan: Plan, number: int, fitting: Fitting, examples: Examples) -> None:
    path = plan.checkpoint(number)
    if not path.is_file():
        return
    state = torch.load(path, map_location="cpu", weights_only=True)
    if state["plan"] != plan.told:
        raise SystemExit(f"{path} belongs to another plan {state['plan']}; remove it to begin anew")
    fitting.network.load_state_dict(state["network"])
    fitting.average.load_state_dict(state["average"])
    fitting.optimiser.load_state_dict(state["optimiser"])
    examples.rng.bit_generator.state = pickle.loads(state["chance"])
    fitting.step = int(state["step"])
    print(f"round {number + 1} resumed at step {fitting.step}", flush=True)
