"""What an image can carry: cars, length of train, presence, or nothing.

From the measurements in DESIGN.md (simulated, ideal evidence: error of the count 1.5 to 3.6 % at ≤ 0.7 m, 5 to 7 %
at 1 m, 12 to 16 % at 3 m) and from what a pixel can hold: a coupling gap is 0.7 to 1.4 m, a car 3.1 m wide.
"""

from __future__ import annotations

from yardwatch.model import Capability

CARS_GSD_M = 1.0
"""Coarsest pixel in which a coupling gap still darkens a row of its own."""
KINDS_GSD_M = 0.7
"""Coarsest pixel in which every kind is told; coarser, a freight car is `unknown`."""
FREIGHT_GSD_M = 1.05
"""Coarsest pixel in which locomotives and coaches are told from freight; coarser, they count."""
LENGTH_GSD_M = 4.0
"""Coarsest pixel in which a row of cars is told from its track and from the next track, 4.5 to 5 m away."""
PRESENCE_GSD_M = 10.0
"""Coarsest pixel in which a train changes the pixels of its track at all (Sentinel-2)."""
OFF_NADIR_DEG = 35.0
"""Beyond it a 4 m high car leans 2.8 m over the next track and hides its own gaps."""
SUN_DEG = 10.0
"""Below it a 4 m high car throws a shadow of over 22 m, across four tracks."""
VISIBLE_FRACTION = 0.3
"""Below it the count is of a minority of the track."""
LEAST_VISIBLE = 0.05
"""Below it nothing is carried: of a kilometre of track three cars' lengths show, and none seen there is no zero."""

_ORDER = (Capability.CARS, Capability.LENGTH, Capability.PRESENCE, Capability.NONE)


def capability(
    gsd_m: float,
    off_nadir_deg: float | None = None,
    visible_fraction: float = 1.0,
    sun_elevation_deg: float | None = None,
) -> tuple[Capability, str]:
    """Capability and the reason for it, one sentence.

    Steep views, a low sun and hidden tracks lower it by one step each; below the horizon, or where next to none of the
    track shows, nothing is carried.
    """
    if not visible_fraction > 0:
        return Capability.NONE, "none of the track is visible in this image"
    if visible_fraction < LEAST_VISIBLE:
        return Capability.NONE, f"only {visible_fraction:.1%} of the track is visible: no look, and no zero"
    if sun_elevation_deg is not None and sun_elevation_deg < 0:
        return Capability.NONE, f"the sun stood {-sun_elevation_deg:.0f}° below the horizon, as its metadata say"
    rank, reason = _by_gsd(gsd_m)
    lowered = []
    if off_nadir_deg is not None and abs(off_nadir_deg) > OFF_NADIR_DEG:
        lowered.append(f"{abs(off_nadir_deg):.0f}° off nadir is beyond {OFF_NADIR_DEG:.0f}°")
    if sun_elevation_deg is not None and sun_elevation_deg < SUN_DEG:
        lowered.append(f"the sun at {sun_elevation_deg:.0f}° throws shadows over several tracks")
    if visible_fraction < VISIBLE_FRACTION:
        lowered.append(f"only {visible_fraction:.0%} of the track is visible")
    if not lowered or _ORDER[rank] is Capability.NONE:
        return _ORDER[rank], reason
    able = _ORDER[min(rank + len(lowered), len(_ORDER) - 1)]
    return able, f"{reason}, but {' and '.join(lowered)}: lowered to {able.value}"


def _by_gsd(gsd_m: float) -> tuple[int, str]:
    seen = f"{gsd_m:.2f} m pixels"
    if gsd_m <= CARS_GSD_M:
        return 0, f"{seen} show single cars (up to {CARS_GSD_M:.1f} m)"
    if gsd_m <= LENGTH_GSD_M:
        band = f"({CARS_GSD_M:.1f} to {LENGTH_GSD_M:.1f} m)"
        return 1, f"{seen} show the length of trains, not the gaps between cars {band}"
    if gsd_m <= PRESENCE_GSD_M:
        return 2, f"{seen} show at most whether trains are there ({LENGTH_GSD_M:.1f} to {PRESENCE_GSD_M:.1f} m)"
    return 3, f"{seen} are too coarse for trains (coarser than {PRESENCE_GSD_M:.1f} m)"
