"""The strip network's file, with what it saw written inside."""

from __future__ import annotations

import hashlib

import torch
from torch import nn

from training.as_onnx import Ports, as_onnx
from training.layout import KINDS, SEEN_ROWS, SEEN_STEPS
from training.learn import SHARES
from training.plan import Plan

TERMS = "Source: Federal Office of Topography swisstopo (SWISSIMAGE 2018); labels MIT, hurielreichel/train-detection"


def export(network: nn.Module, plan: Plan) -> str:
    """Write the ONNX file; gives its SHA-256."""
    plan.out.parent.mkdir(parents=True, exist_ok=True)
    about = {
        "trained_on": list(plan.blocks),
        "kinds": list(KINDS),
        "shares": list(SHARES),
        "terms": TERMS,
        "plan": {"steps": list(plan.steps), "batch": plan.batch, "seed": plan.seed, "device": plan.device},
    }
    free = {"strip": {0: "n", 3: "s"}, "answer": {0: "n", 2: "c"}}
    example = (torch.zeros(1, 3, SEEN_ROWS, SEEN_STEPS),)
    ports = Ports(example=example, inputs=("strip",), outputs=("answer",), free=free)
    weights = as_onnx(network, ports, about)
    plan.out.write_bytes(weights)
    return hashlib.sha256(weights).hexdigest()
