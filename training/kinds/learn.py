"""Training of the kind network: a bank of drawn vehicles, a fixed number of steps, an averaged copy of the weights."""

from __future__ import annotations

import copy
import io
import json
import math
import time
import warnings

import numpy as np
import onnx
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.kinds.examples import Bank, bank
from training.kinds.network import BANDS, KindNetwork
from training.kinds.yards import COVERED_PRIOR, PRIOR
from training.layout import KINDS, UNKNOWN
from yardwatch.cars.crops import COLUMNS, ROWS, Crops, pictures

STREAM = 4711
"""Sets these yards apart from every benchmark's and from the strip network's."""
SCENES = 500
STEPS, BATCH = 9000, 64
PEAK_RATE, DECAY, WARM_STEPS = 4e-3, 5e-3, 100
AVERAGING = 0.997
SMOOTHING = 0.03
COVER_WEIGHT = 0.7
GAMMA = (0.75, 1.33)
GREY_SHARE = 0.1
"""Augmentation: what a picture's tones may have gone through besides what the simulated camera does."""
NOISE = 0.012
REPORT_STEPS = 300


def train_kinds(seed: int = 0, scenes: int = SCENES, steps: int = STEPS) -> bytes:
    """ONNX of a kind network; twelve minutes of one core, half of them to draw the yards."""
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
    average = copy.deepcopy(network)
    optimiser = torch.optim.AdamW(network.parameters(), PEAK_RATE, weight_decay=DECAY)
    begun, losses = time.monotonic(), []
    order: list[int] = []
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = rate(step, steps)
        if len(order) < BATCH:
            order = rng.permutation(len(held.kind)).tolist()
        rows = np.array([order.pop() for _ in range(BATCH)])
        losses.append(_step(network, optimiser, held, rows, rng))
        _average(average, network, min(AVERAGING, (step + 1) / (step + 10)))
        if (step + 1) % REPORT_STEPS == 0 or step + 1 == steps:
            print(f"kinds {step + 1}/{steps} loss {np.mean(losses):.4f} {time.monotonic() - begun:.0f} s", flush=True)
            losses = []
    return average.eval()


def rate(step: int, steps: int) -> float:
    """Warm-up, then half a cosine down to nothing."""
    return PEAK_RATE * min(1.0, (step + 1) / WARM_STEPS) * 0.5 * (1 + math.cos(math.pi * step / steps))


def loss_of(answer: Tensor, kind: Tensor, cover: Tensor) -> Tensor:
    """Cross-entropy of smoothed kinds; of the cover where one could lie."""
    kinds = functional.cross_entropy(answer[:, :-1], kind, label_smoothing=SMOOTHING)
    known = (cover != UNKNOWN).float()
    wanted = cover.clamp(min=0).float() * (1 - SMOOTHING) + SMOOTHING / 2
    covers = functional.binary_cross_entropy_with_logits(answer[:, -1], wanted, reduction="none")
    return kinds + COVER_WEIGHT * (covers * known).sum() / known.sum().clamp(min=1)


def toned(seen: Crops, rng: np.random.Generator) -> Crops:
    """The same through another gamma, some of them grey, with a little noise."""
    n = len(seen.data)
    gamma = np.exp(rng.uniform(*np.log(GAMMA), n)).astype(np.float32)
    data = np.clip(seen.data, 0, 1) ** gamma[:, None, None, None]
    grey = (rng.random(n) < GREY_SHARE)[:, None, None, None]
    data = np.where(grey, data.mean(axis=1, keepdims=True), data)
    data = data + NOISE * rng.random((n, 1, 1, 1), np.float32) * rng.standard_normal(data.shape, np.float32)
    ends = np.clip(seen.contrast[:, :1] + seen.contrast[:, 1:] * np.array([-1, 0, 1], np.float32), 0.001, None)
    low, middle, high = (ends ** gamma[:, None]).T
    contrast = np.stack([middle, np.maximum((high - low) / 2, 0.02)], axis=1)
    return Crops(data=data, visible=seen.visible, contrast=contrast, numbers=seen.numbers)


def _step(
    network: nn.Module, optimiser: torch.optim.Optimizer, held: Bank, rows: np.ndarray, rng: np.random.Generator
) -> float:
    network.train()
    seen = toned(held.crops(rows), rng)
    x = pictures(seen)[:, :, :: rng.choice([-1, 1]), :: rng.choice([-1, 1])]
    mirrored = rng.random(len(x)) < 0.5
    x[mirrored] = x[mirrored][:, :, :, ::-1]
    picture = torch.from_numpy(np.ascontiguousarray(x)).contiguous(memory_format=torch.channels_last)
    with torch.autocast("cpu", torch.bfloat16):
        answer = network(picture, torch.from_numpy(seen.numbers))
    loss = loss_of(answer.float(), torch.from_numpy(held.kind[rows]), torch.from_numpy(held.cover[rows]))
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 2.0)
    optimiser.step()
    return float(loss.detach())


def _average(average: nn.Module, network: nn.Module, keep: float) -> None:
    with torch.no_grad():
        for kept, new in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
            kept.lerp_(new, 1 - keep) if kept.is_floating_point() else kept.copy_(new)


def towards_prior(network: KindNetwork, held: Bank) -> None:
    """What the bank holds of each kind taken back, and what yards hold put in its place, in the last bias."""
    shares = np.bincount(held.kind, minlength=len(KINDS)) / len(held.kind)
    wanted = np.array([PRIOR[kind] for kind in KINDS])
    with torch.no_grad():
        network.answer.bias[:-1] += torch.from_numpy(np.log(wanted / np.maximum(shares, 1e-3))).float()


def exported(network: KindNetwork, held: Bank) -> bytes:
    """The network as ONNX, any number of vehicles at once; the kinds' names are written inside."""
    towards_prior(network, held)
    kept = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network.to(memory_format=torch.contiguous_format),
            (torch.zeros(2, BANDS, ROWS, COLUMNS), torch.zeros(2, 2)), kept, dynamo=False,
            input_names=["picture", "numbers"], output_names=["answer"],
            dynamic_axes={"picture": {0: "n"}, "numbers": {0: "n"}, "answer": {0: "n"}},
        )  # fmt: skip
    model = onnx.load_from_string(kept.getvalue())
    model.producer_name, model.producer_version = "yardwatch-training", ""
    shares = [*(PRIOR[kind] for kind in KINDS), COVERED_PRIOR]
    onnx.helper.set_model_props(model, {"kinds": json.dumps(list(KINDS)), "shares": json.dumps(shares)})
    return bytes(model.SerializeToString())
