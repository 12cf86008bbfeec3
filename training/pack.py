"""Smaller networks into the strip network's file: base64, each in a property of its own."""

from __future__ import annotations

import base64

import onnx


def packed(strip: bytes, **parts: bytes) -> bytes:
    """The strip weights with named parts inside, in place of those that were there; other properties are kept.

    Names as `yardwatch.cars.packed` reads them: `tracer`, `kind_network`.
    """
    model = onnx.load_from_string(strip)
    about = {entry.key: entry.value for entry in model.metadata_props}
    about |= {name: base64.b64encode(weights).decode("ascii") for name, weights in parts.items()}
    onnx.helper.set_model_props(model, about)
    return bytes(model.SerializeToString())
