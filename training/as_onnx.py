"""A network's weights as the bytes of an ONNX file."""

from __future__ import annotations

import io
import json
import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

HALVED_FROM = 64
"""Numbers in an array that is kept in half precision; shorter ones save nothing."""


@dataclass(frozen=True, kw_only=True)
class Ports:
    """Example inputs, names of inputs and outputs, and which axes are free: name → {axis: its letter}."""

    example: tuple[Tensor, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    free: dict[str, dict[int, str]] = field(default_factory=dict)


def as_onnx(network: nn.Module, ports: Ports, about: dict[str, Any] | None = None) -> bytes:
    """ONNX bytes; what is `about` the network is written inside, as JSON where it is no text."""
    held = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network.to(memory_format=torch.contiguous_format), ports.example, held, dynamo=False,
            input_names=list(ports.inputs), output_names=list(ports.outputs), dynamic_axes=ports.free,
        )  # fmt: skip
    model = halved(onnx.load_from_string(held.getvalue()))
    model.producer_name, model.producer_version = "yardwatch-training", ""
    props = {key: value if isinstance(value, str) else json.dumps(value) for key, value in (about or {}).items()}
    onnx.helper.set_model_props(model, props)
    return bytes(model.SerializeToString())


def halved(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same model with its weights kept in 16 bits and made 32 again when it is loaded: half the file.

    Rounding moves a weight by at most one part in 2,048, and those below 6e-5 by at most 3e-8. Raises ValueError for
    weights beyond 65,504, which 16 bits cannot hold.
    """
    graph, casts = model.graph, []
    for array in graph.initializer:
        if array.data_type != TensorProto.FLOAT or np.prod(array.dims) < HALVED_FROM:
            continue
        name, kept = array.name, numpy_helper.to_array(array).astype(np.float16)
        array.CopyFrom(numpy_helper.from_array(kept, f"{name}.half"))
        if not np.isfinite(kept).all():
            raise ValueError(f"{name}: weights too great to be kept in 16 bits")
        casts.append(helper.make_node("Cast", [array.name], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    return model
