"""The track network into the strip network's file, as `yardwatch.cars.packed` reads it."""

from __future__ import annotations

from training.pack import packed as with_parts


def packed(strip: bytes, tracer: bytes) -> bytes:
    """The strip weights with the track network inside, in place of one that was there."""
    return with_parts(strip, tracer=tracer)
