"""The track network that travels inside the strip network's file."""

from __future__ import annotations

from functools import lru_cache

from yardwatch.cars.network import Network
from yardwatch.cars.packed import TRACER, part
from yardwatch.cars.tracing.heat import Tracer
from yardwatch.errors import InputError


@lru_cache(maxsize=4)
def tracer_of(network: Network) -> Tracer:
    """The track network that came with a strip network. Raises InputError where none did."""
    weights = part(network, TRACER)
    if weights is None:
        raise InputError(
            f"weights {network.sha256[:12]}… hold no track network, so no track can be traced with them; pass --tracks "
            "FILE, or make weights anew with `make train BLOCKS=west,northeast OUT=FILE`"
        )
    return Tracer.from_bytes(weights)
