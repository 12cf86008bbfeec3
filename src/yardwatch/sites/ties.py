"""Ties: pairs of points a person measured, read from CSV or GeoJSON, and the tie kept in the site folder.

ties/<scene id>.json      shift, residuals, the pairs themselves, and the hashes of both scenes
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import shapely

from yardwatch.errors import SiteError
from yardwatch.sites.files import label, read_text, write_text
from yardwatch.sites.geojson import read_features
from yardwatch.sites.table import Row, read_table
from yardwatch.sites.values import shown

COLUMNS = ("name", "reference_lon", "reference_lat", "scene_lon", "scene_lat")
FOLDER = "ties"
LARGEST_BYTES = 1_000_000


@dataclass(frozen=True)
class Pair:
    """One thing seen twice, lon/lat."""

    name: str
    reference: tuple[float, float]
    scene: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Tie:
    """Where a person says a scene lies against the reference."""

    scene_sha256: str
    reference_sha256: str
    dx_m: float
    dy_m: float
    residual_m: float | None
    pairs: tuple[Pair, ...]
    tied_on: str
    """ISO day."""


def read_pairs(path: Path) -> tuple[Pair, ...]:
    """Pairs of a CSV with the columns of `COLUMNS`, or of a GeoJSON of two-point lines from reference to scene.

    Raises SiteError for anything else, and where there is no pair.
    """
    pairs = _from_csv(path) if path.suffix.lower() == ".csv" else _from_lines(path)
    if not pairs:
        raise SiteError(f"{label(path)} holds no pair of points; measure at least one, better five")
    return pairs


def tie_path(folder: Path, scene: str) -> Path:
    """Where the tie of a scene is kept."""
    return folder / FOLDER / f"{scene}.json"


def write_tie(folder: Path, scene: str, tie: Tie) -> Path:
    """Keep a tie; an earlier one of the scene is replaced."""
    path = tie_path(folder, scene)
    write_text(path, json.dumps(asdict(tie), indent=2, ensure_ascii=False) + "\n")
    return path


def read_tie(folder: Path, scene: str) -> Tie | None:
    """The tie of a scene, or None. Raises SiteError for a file that is none."""
    path = tie_path(folder, scene)
    if not path.is_file():
        return None
    try:
        found: dict[str, Any] = json.loads(read_text(path, LARGEST_BYTES))
        pairs = tuple(Pair(str(p["name"]), _lonlat(p["reference"]), _lonlat(p["scene"])) for p in found["pairs"])
        residual = found["residual_m"]
        return Tie(
            scene_sha256=str(found["scene_sha256"]), reference_sha256=str(found["reference_sha256"]),
            dx_m=float(found["dx_m"]), dy_m=float(found["dy_m"]),
            residual_m=None if residual is None else float(residual), pairs=pairs, tied_on=str(found["tied_on"]),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError) as error:
        raise SiteError(f"{label(path)} is no tie ({shown(repr(error))}); delete it and tie the scene again") from None


def _from_csv(path: Path) -> tuple[Pair, ...]:
    rows = read_table(path, COLUMNS, COLUMNS[1:])
    return tuple(
        Pair(row["name"] or f"row {i}", _place(row, "reference"), _place(row, "scene")) for i, row in enumerate(rows, 2)
    )


def _place(row: Row, which: str) -> tuple[float, float]:
    values = []
    for column, most in ((f"{which}_lon", 180.0), (f"{which}_lat", 90.0)):
        text = row.need(column, "write degrees, for instance 130.6081")
        try:
            value = float(text)
        except ValueError:
            row.fail(column, f"{shown(text)} is not a number; write degrees, for instance 130.6081")
        if not -most <= value <= most:
            row.fail(column, f"{shown(text)} is not between -{most:.0f} and {most:.0f} degrees; are the two swapped?")
        values.append(value)
    return values[0], values[1]


def _from_lines(path: Path) -> tuple[Pair, ...]:
    pairs = []
    for number, feature in enumerate(read_features(path), 1):
        points = shapely.get_coordinates(feature.geometry)
        if feature.geometry.geom_type != "LineString" or len(points) != 2:
            raise SiteError(
                f"{label(path)} feature {number} is no line of two points; draw each from the thing in the reference "
                "scene to the same thing in this one"
            )
        name = str(feature.properties.get("name") or feature.id or f"line {number}")
        pairs.append(Pair(name, _lonlat(points[0]), _lonlat(points[1])))
    return tuple(pairs)


def _lonlat(two: Any) -> tuple[float, float]:  # noqa: ANN401
    return float(two[0]), float(two[1])
