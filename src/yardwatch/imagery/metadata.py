"""Metadata: what is known of a scene besides its pixels, and who said so.

Three voices are heard in this order: what the user gives, the vendor's sidecar, the raster's own tags. Each field
is taken from the first that has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from pathlib import Path

from yardwatch.errors import SceneError
from yardwatch.imagery.dates import Moment, coarsened, moment

SYNTHETIC_TAG = "YARDWATCH_SYNTHETIC"
PRECISION_TAG = "DATE_PRECISION"
DATE_TAGS = ("ACQUISITIONDATETIME", "ACQUISITION_DATETIME", "ACQUIRED", "TIFFTAG_DATETIME")
"""Best first: some programs set the last to the day the file was written, so it comes with a note."""
SENSOR_TAGS = ("SATELLITEID", "SENSOR", "PLATFORM")
ATTRIBUTION_TAGS = ("ATTRIBUTION", "TIFFTAG_COPYRIGHT")
_RANGES = {"off_nadir_deg": (0.0, 90.0), "sun_azimuth_deg": (0.0, 360.0), "sun_elevation_deg": (-90.0, 90.0)}


@dataclass(frozen=True, kw_only=True)
class Details:
    """What the user says of an image, where it does not say so itself; None leaves it to the image."""

    acquired: datetime | date | str | None = None
    """UTC; text as in `dates.moment`."""
    sensor: str | None = None
    licence: str | None = None
    """A name: `cc-by-4.0`, `CC0-1.0`, or a vendor's. `licences.toml` says what it allows."""
    attribution: str | None = None
    expires: date | None = None
    """Last day of the licence."""
    off_nadir_deg: float | None = None
    sun_azimuth_deg: float | None = None
    sun_elevation_deg: float | None = None
    crs: str | None = None
    """Stands in for a missing or wrong reference system."""
    origin: Mapping[str, str] | None = None
    """Where it was fetched: catalogue, item, asset, address and version; kept with the scene."""
    bands: str | None = None
    """Order of the bands, a letter each: `colours.LETTERS`."""
    height_m: float | None = None
    """Ellipsoidal height of the ground, to orthorectify by."""
    colour: Path | None = None
    """The multispectral file of a panchromatic one."""
    follow: bool = False
    """Read a VRT by the files it names."""
    synthetic: bool | None = None
    """True marks it; a mark in the file itself cannot be taken off."""


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """What one voice says."""

    acquired: Moment | None = None
    date_from: str | None = None
    """`given`, a sidecar's or a tag's name."""
    sensor: str | None = None
    attribution: str | None = None
    off_nadir_deg: float | None = None
    sun_azimuth_deg: float | None = None
    sun_elevation_deg: float | None = None
    origin: Mapping[str, str] | None = None
    synthetic: bool = False

    def over(self, other: Metadata) -> Metadata:
        """This voice before another; either may mark the scene synthetic."""
        said = {f.name: value for f in fields(self) if (value := getattr(self, f.name)) is not None}
        if self.acquired is None:
            said.pop("date_from", None)
        return replace(other, **said | {"synthetic": self.synthetic or other.synthetic})


def given(details: Details, name: str) -> Metadata:
    """The user's voice. Raises SceneError for a date that is none and an angle that cannot be."""
    for field_name, (low, high) in _RANGES.items():
        value = getattr(details, field_name)
        if value is not None and not low <= value <= high:
            raise SceneError(f"{name}: {field_name} {value} is outside {low:g} to {high:g}; check the angle")
    return Metadata(
        acquired=None if details.acquired is None else moment(details.acquired, name),
        date_from="given",
        sensor=(details.sensor or "").strip() or None,
        attribution=(details.attribution or "").strip() or None,
        off_nadir_deg=details.off_nadir_deg,
        sun_azimuth_deg=details.sun_azimuth_deg,
        sun_elevation_deg=details.sun_elevation_deg,
        origin=details.origin,
        synthetic=bool(details.synthetic),
    )


def tagged(tags: Mapping[str, str]) -> Metadata:
    """The raster's own voice; a tag that makes no sense says nothing."""
    known = {key.upper(): value.strip() for key, value in tags.items() if value.strip()}
    date_tag, at = None, None
    for tag in DATE_TAGS:
        if tag in known and (at := plausible_moment(known[tag])) is not None:
            date_tag, at = tag, coarsened(at, known.get(PRECISION_TAG, "").lower() or None)
            break
    return Metadata(
        acquired=at,
        date_from=None if date_tag is None else f"tag {date_tag}",
        sensor=next((known[tag] for tag in SENSOR_TAGS if tag in known), None),
        attribution=next((known[tag] for tag in ATTRIBUTION_TAGS if tag in known), None),
        off_nadir_deg=angle(known.get("OFF_NADIR_DEG"), "off_nadir_deg"),
        sun_azimuth_deg=angle(known.get("SUN_AZIMUTH_DEG"), "sun_azimuth_deg"),
        sun_elevation_deg=angle(known.get("SUN_ELEVATION_DEG"), "sun_elevation_deg"),
        synthetic=known.get(SYNTHETIC_TAG, "").lower() in {"true", "yes", "1"},
    )


def plausible_moment(text: object) -> Moment | None:
    """A date from a file, or None where it is no date."""
    try:
        return moment(str(text), "")
    except SceneError:
        return None


def angle(value: object, field_name: str) -> float | None:
    """An angle from a file in the range of its field, or None."""
    low, high = _RANGES[field_name]
    try:
        degrees = abs(float(str(value))) if field_name == "off_nadir_deg" else float(str(value))
    except ValueError:
        return None
    if field_name == "sun_azimuth_deg" and -180 <= degrees < 0:
        degrees += 360
    return degrees if low <= degrees <= high else None
