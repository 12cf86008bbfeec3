"""Given tracks held against those the image shows: left in place, moved a little, or refused; always told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from yardwatch.cars.network import Network
from yardwatch.cars.packed import TRACER, part
from yardwatch.cars.tracing.offset import SNAP_M, Shift
from yardwatch.cars.tracing.packed import tracer_of
from yardwatch.errors import SceneError
from yardwatch.ground import Frame
from yardwatch.model import Scene, Track
from yardwatch.steps.offset import shift_of


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Tracks as they are counted along, and what was found of their place."""

    tracks: tuple[Track, ...]
    shift: Shift | None
    """None where the image cannot tell."""

    def as_json(self) -> dict[str, Any]:
        """What a reader must know of it."""
        if self.shift is None:
            return {"verdict": "not checked", "metres": None, "margin": None}
        return {
            "verdict": self.shift.verdict,
            "metres": round(self.shift.metres, 2),
            "margin": round(self.shift.margin, 3),
        }


def placed(scene: Scene, tracks: Sequence[Track], frame: Frame, network: Network) -> Placed:
    """Tracks (ground lines) as the image shows them. Raises SceneError when they surely lie farther off than `SNAP_M`.

    Nearer ones are moved sideways together; where the image does not say, they stay.
    """
    known = part(network, TRACER) is not None
    shift = shift_of(scene, tracks, frame, tracer_of(network)) if known else None
    verdict = None if shift is None else shift.verdict
    if shift is not None and verdict == "off":
        raise SceneError(
            f"{scene.id}: the given tracks lie {abs(shift.metres):.1f} m beside those the image shows, more than the "
            f"{SNAP_M:.1f} m they may be moved; align the image or move the tracks, or let `yardwatch tracks trace` "
            "propose others"
        )
    if shift is not None and verdict == "snap":
        moved = tuple(replace(track, line=shift.moved(track.line)) for track in tracks)
        return Placed(tracks=moved, shift=shift)
    return Placed(tracks=tuple(tracks), shift=shift)
