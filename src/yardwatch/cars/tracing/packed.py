"""One file of weights: the strip network's ONNX holds the track network's, base64, among its properties."""

from __future__ import annotations

import base64
import binascii
from functools import lru_cache

from yardwatch.cars.network import Network
from yardwatch.cars.tracing.heat import Tracer
from yardwatch.errors import InputError

PROPERTY = "tracer"


@lru_cache(maxsize=4)
def tracer_of(network: Network) -> Tracer:
    """The track network that came with a strip network. Raises InputError where none did."""
    text = network.session.get_modelmeta().custom_metadata_map.get(PROPERTY)
    if not text:
        raise InputError(
            f"weights {network.sha256[:12]}… hold no track network, so no track can be traced with them; pass --tracks "
            "FILE, or make weights anew with `make train BLOCKS=west,northeast OUT=FILE`"
        )
    try:
        return Tracer.from_bytes(base64.b64decode(text, validate=True))
    except binascii.Error as error:
        raise InputError(f"weights {network.sha256[:12]}… were altered: their track network is no base64") from error
