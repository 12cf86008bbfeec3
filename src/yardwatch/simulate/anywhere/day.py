"""The light, the view and the season of one scene of any yard."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yardwatch.simulate.light import Sun

SNOW_SHARE = 0.08


@dataclass(frozen=True, kw_only=True)
class Day:
    """Under what the picture is taken."""

    sun_azimuth_deg: float
    sun_elevation_deg: float
    off_nadir_deg: float
    view_azimuth_deg: float
    """Direction from the ground to the sensor, clockwise from north."""
    green: float
    """Vegetation: 0 dry, 1 lush."""
    snow: float
    """0 none, 1 everything flat is white."""
    haze: float
    """Share of the light that comes from the air."""
    sky: float
    """Share of a sunlit surface's brightness that shade keeps."""

    @property
    def sun(self) -> Sun:
        """Where the sun stands."""
        return Sun(azimuth_deg=self.sun_azimuth_deg, elevation_deg=self.sun_elevation_deg)

    def lean_m(self, height_m: float) -> tuple[float, float]:
        """How far east and north of its footprint a top of that height is seen, metres."""
        away, azimuth = height_m * np.tan(np.deg2rad(self.off_nadir_deg)), np.deg2rad(self.view_azimuth_deg + 180)
        return float(away * np.sin(azimuth)), float(away * np.cos(azimuth))


def draw_day(rng: np.random.Generator) -> Day:
    """A day: sun 12–65° up, view 0–25° off nadir and mostly below 15°."""
    snow = float(rng.uniform(0.3, 1.0)) if rng.random() < SNOW_SHARE else 0.0
    return Day(
        sun_azimuth_deg=float(rng.uniform(0, 360)), sun_elevation_deg=float(rng.uniform(12, 65)),
        off_nadir_deg=float(25 * rng.beta(1.2, 2.4)), view_azimuth_deg=float(rng.uniform(0, 360)),
        green=float(rng.uniform(0, 1)) * (snow == 0), snow=snow,
        haze=float(0.3 * rng.beta(1, 3)), sky=float(rng.uniform(0.13, 0.42)),
    )  # fmt: skip
