"""One file of weights: the strip network's ONNX holds smaller networks, base64, each in a property of its own."""

from __future__ import annotations

import base64

from yardwatch.cars.network import Network
from yardwatch.errors import InputError

TRACER, KIND_NETWORK = "tracer", "kind_network"
"""Properties of the track network and the kind network; `kinds` is the list of the strip network's own names."""


def part(network: Network, name: str) -> bytes | None:
    """The bytes of a named part; None where the file holds none. Raises InputError where they were altered."""
    text = network.session.get_modelmeta().custom_metadata_map.get(name)
    if not text:
        return None
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise InputError(
            f"weights {network.sha256[:12]}… were altered: their part {name!r} is no base64; take the file anew"
        ) from error
