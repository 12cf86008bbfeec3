"""The track network into the strip network's file: base64 in the property `tracer`."""

from __future__ import annotations

import base64

import onnx

PROPERTY = "tracer"
"""As `yardwatch.cars.tracing.packed` reads it."""


def text_of(tracer: bytes) -> str:
    """ONNX bytes as a property's text."""
    return base64.b64encode(tracer).decode("ascii")


def packed(strip: bytes, tracer: bytes) -> bytes:
    """The strip weights with the track network inside, in place of one that was there."""
    model = onnx.load_from_string(strip)
    about = {entry.key: entry.value for entry in model.metadata_props} | {PROPERTY: text_of(tracer)}
    onnx.helper.set_model_props(model, about)
    return bytes(model.SerializeToString())
