"""Training of the kind network from a bank of drawn vehicles."""

from __future__ import annotations

import time

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.as_onnx import Ports, as_onnx
from training.kinds.examples import Bank, bank
from training.kinds.network import BANDS, KindNetwork
from training.kinds.views import jolted, toned
from training.kinds.yards import COVERED_PRIOR, PRIOR
from training.layout import KINDS, UNKNOWN
from training.loop import Fitting, Schedule
from yardwatch.cars.crops import COLUMNS, ROWS, pictures
from yardwatch.model.counting import OTHER_KINDS

STREAM = 4711
"""Sets these yards apart from every benchmark's and from the strip network's."""
SCENES = 6000
STEPS, BATCH = 42000, 64
PEAK_RATE, DECAY, WARM_STEPS = 4e-3, 5e-3, 100
AVERAGING = 0.997
SMOOTHING = 0.03
COVER_WEIGHT, FREIGHT_WEIGHT = 0.7, 1.0
"""Of the loss on a sheet, and on whether a vehicle is freight at all: that alone enters the count."""
OTHER = tuple(KINDS.index(kind) for kind in OTHER_KINDS if kind in KINDS)
FREE = tuple(k for k in range(len(KINDS)) if k not in OTHER)
REPORT_STEPS = 300


def train_kinds(seed: int = 0, scenes: int = SCENES, steps: int = STEPS) -> bytes:
    """ONNX of a kind network; an hour and a half of one core, a good third of it to draw the yards."""
    begun = time.monotonic()
    held = bank(np.random.default_rng([seed, STREAM]), scenes)
    print(f"kinds: {len(held.kind)} looks at vehicles of {scenes} yards, {time.monotonic() - begun:.0f} s", flush=True)
    return exported(fitted(held, seed, steps), held)


def fitted(held: Bank, seed: int, steps: int) -> KindNetwork:
    """The averaged network after all steps."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng([seed, STREAM, 1])
    network = KindNetwork().to(memory_format=torch.channels_last)
    order: list[int] = []

    def loss(one: nn.Module) -> Tensor:
        if len(order) < BATCH:
            order[:] = rng.permutation(len(held.kind)).tolist()
        return _loss(one, held, np.array([order.pop() for _ in range(BATCH)]), rng)

    plan = Schedule(
        name="kinds", steps=steps, peak_rate=PEAK_RATE, decay=DECAY, averaging=AVERAGING, warm_steps=WARM_STEPS,
        report_steps=REPORT_STEPS,
    )  # fmt: skip
    return Fitting(network, plan).run(loss)


def loss_of(answer: Tensor, kind: Tensor, cover: Tensor) -> Tensor:
    """Cross-entropy of smoothed kinds, of freight or not, and of the cover where one could lie."""
    kinds = functional.cross_entropy(answer[:, :-1], kind, label_smoothing=SMOOTHING)
    kinds = kinds + FREIGHT_WEIGHT * _freight_loss(answer, kind)
    known = (cover != UNKNOWN).float()
    wanted = cover.clamp(min=0).float() * (1 - SMOOTHING) + SMOOTHING / 2
    covers = functional.binary_cross_entropy_with_logits(answer[:, -1], wanted, reduction="none")
    return kinds + COVER_WEIGHT * (covers * known).sum() / known.sum().clamp(min=1)


def _freight_loss(answer: Tensor, kind: Tensor) -> Tensor:
    """Cross-entropy of a vehicle's being none of freight, smoothed as its kind is."""
    odds = answer[:, OTHER].logsumexp(dim=1) - answer[:, FREE].logsumexp(dim=1)
    other = torch.isin(kind, torch.tensor(OTHER)).float()
    share = len(OTHER) / len(KINDS)
    return functional.binary_cross_entropy_with_logits(odds, other * (1 - SMOOTHING) + share * SMOOTHING)


def _loss(network: nn.Module, held: Bank, rows: np.ndarray, rng: np.random.Generator) -> Tensor:
    seen = toned(jolted(held.crops(rows)), rng)
    x = pictures(seen)[:, :, :: rng.choice([-1, 1]), :: rng.choice([-1, 1])]
    mirrored = rng.random(len(x)) < 0.5
    x[mirrored] = x[mirrored][:, :, :, ::-1]
    picture = torch.from_numpy(np.ascontiguousarray(x)).contiguous(memory_format=torch.channels_last)
    with torch.autocast("cpu", torch.bfloat16):
        answer = network(picture, torch.from_numpy(seen.numbers))
    return loss_of(answer.float(), torch.from_numpy(held.kind[rows]), torch.from_numpy(held.cover[rows]))


def towards_prior(network: KindNetwork, held: Bank) -> None:
    """What the bank holds of each kind taken back, and what yards hold put in its place, in the last bias."""
    shares = np.bincount(held.kind, minlength=len(KINDS)) / len(held.kind)
    wanted = np.array([PRIOR[kind] for kind in KINDS])
    with torch.no_grad():
        network.answer.bias[:-1] += torch.from_numpy(np.log(wanted / np.maximum(shares, 1e-3))).float()


def exported(network: KindNetwork, held: Bank) -> bytes:
    """The network as ONNX, any number of vehicles at once; the kinds' names are written inside."""
    towards_prior(network, held)
    free = {name: {0: "n"} for name in ("picture", "numbers", "answer")}
    example = (torch.zeros(2, BANDS, ROWS, COLUMNS), torch.zeros(2, 2))
    about = {"kinds": list(KINDS), "shares": [*(PRIOR[kind] for kind in KINDS), COVERED_PRIOR]}
    return as_onnx(
        network, Ports(example=example, inputs=("picture", "numbers"), outputs=("answer",), free=free), about
    )
