"""Where the sun stands: a low-precision ephemeris, good to about 0.02° between 1950 and 2050.

Formulas: the *Astronomical Almanac*'s low-precision solar coordinates (Michalsky, 1988). Refraction is left out.
"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)


def sun_angles(when: datetime, lon: float, lat: float) -> tuple[float, float]:
    """Azimuth (clockwise from north) and elevation of the sun in degrees at a UTC instant and place."""
    days = (when - J2000).total_seconds() / 86_400
    mean_long = np.deg2rad((280.460 + 0.9856474 * days) % 360)
    anomaly = np.deg2rad((357.528 + 0.9856003 * days) % 360)
    ecliptic = mean_long + np.deg2rad(1.915 * np.sin(anomaly) + 0.020 * np.sin(2 * anomaly))
    tilt = np.deg2rad(23.439 - 4e-7 * days)
    ascension = np.arctan2(np.cos(tilt) * np.sin(ecliptic), np.cos(ecliptic))
    declination = np.arcsin(np.sin(tilt) * np.sin(ecliptic))
    sidereal_deg = (18.697375 + 24.06570982441908 * days) % 24 * 15
    hour = np.deg2rad(sidereal_deg + lon) - ascension
    phi = np.deg2rad(lat)
    up = np.sin(phi) * np.sin(declination) + np.cos(phi) * np.cos(declination) * np.cos(hour)
    east = -np.cos(declination) * np.sin(hour)
    north = np.cos(phi) * np.sin(declination) - np.sin(phi) * np.cos(declination) * np.cos(hour)
    return float(np.rad2deg(np.arctan2(east, north)) % 360), float(np.rad2deg(np.arcsin(up)))
