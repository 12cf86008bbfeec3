"""Weights to ONNX, with what they saw written inside."""

from __future__ import annotations

import hashlib
import json
import warnings
from pathlib import Path

import onnx
import torch

from training.layout import KINDS, SEEN_ROWS, SEEN_STEPS
from training.learn import Learnt, Plan

TERMS = "Source: Federal Office of Topography swisstopo (SWISSIMAGE 2018); labels MIT, hurielreichel/train-detection"


def export(learnt: Learnt, plan: Plan) -> str:
    """Write the ONNX file; gives its SHA-256."""
    plan.out.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            learnt.network, torch.zeros(1, 3, SEEN_ROWS, SEEN_STEPS), str(plan.out), dynamo=False,
            input_names=["strip"], output_names=["answer"],
            dynamic_axes={"strip": {0: "n", 3: "s"}, "answer": {0: "n", 2: "c"}},
        )  # fmt: skip
    model = onnx.load(str(plan.out))
    model.producer_name, model.producer_version = "yardwatch-training", ""
    about = {
        "trained_on": json.dumps(list(plan.blocks)),
        "kinds": json.dumps(list(KINDS)),
        "shares": json.dumps([round(share, 4) for share in learnt.shares]),
        "terms": TERMS,
        "plan": json.dumps({"steps": plan.steps, "batch": plan.batch, "seed": plan.seed}),
    }
    onnx.helper.set_model_props(model, about)
    onnx.save(model, str(plan.out))
    return hashlib.sha256(Path(plan.out).read_bytes()).hexdigest()
