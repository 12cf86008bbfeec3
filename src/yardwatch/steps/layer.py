"""Changes as a layer: GeoJSON, or a GeoPackage that QGIS opens."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from yardwatch.errors import UnavailableError
from yardwatch.sites.geojson import Feature, write_features

LAYER = "changes"
TEXTS = ("id", "status", "kind", "stage", "first_seen_after", "first_seen_before", "verdict", "judged_by", "judged_on",
         "note", "changed_since_verdict", "doubt")  # fmt: skip
NUMBERS = ("area_m2", "length_m", "persistence", "probability", "score")

NESTED = ("geometry", "history", "earlier_verdicts")
"""Not among a feature's properties: its outline, and lists that only the store and the JSON carry."""


def write_layer(out: Path, entries: Sequence[dict[str, Any]]) -> None:
    """Write the entries of a `changes --json` answer; the file appears whole or not at all.

    `.gpkg` makes a GeoPackage with the layer `changes`, anything else GeoJSON.
    """
    if out.suffix.lower() == ".gpkg":
        _geopackage(out, entries)
    else:
        write_features(out, [_feature(entry) for entry in entries])


def _feature(entry: dict[str, Any]) -> Feature:
    said = {name: value for name, value in entry.items() if name not in NESTED}
    return Feature(geometry=shapely.geometry.shape(entry["geometry"]), properties=said)


def _geopackage(out: Path, entries: Sequence[dict[str, Any]]) -> None:
    from pyogrio.errors import DataSourceError  # loads pandas where that is installed: two seconds
    from pyogrio.raw import write as write_ogr

    rows = [_row(entry) for entry in entries]
    texts = [np.array([row[name] for row in rows], dtype=object) for name in TEXTS]
    numbers = [np.array([_number(row[name]) for row in rows], dtype=float) for name in NUMBERS]
    outlines = np.array([shapely.to_wkb(shapely.geometry.shape(entry["geometry"])) for entry in entries], dtype=object)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as folder:
            made = Path(folder, out.name)
            write_ogr(
                made, outlines, [*texts, *numbers], [*TEXTS, *NUMBERS], layer=LAYER, driver="GPKG",
                geometry_type="Polygon", crs="EPSG:4326",
            )  # fmt: skip
            made.replace(out)
    except (OSError, DataSourceError) as error:
        raise UnavailableError(f"{out} cannot be written: {error}; check the folder") from error


def _row(entry: dict[str, Any]) -> dict[str, Any]:
    verdict = entry.get("verdict") or {}
    return entry | {
        "status": "judged false" if verdict.get("is") == "false" else "finding",
        "first_seen_after": entry["first_seen"]["after"],
        "first_seen_before": entry["first_seen"]["before"],
        "verdict": verdict.get("is"),
        "judged_by": verdict.get("by"),
        "judged_on": verdict.get("on"),
        "note": verdict.get("note"),
        "changed_since_verdict": "; ".join(entry.get("changed_since_verdict", ())) or None,
    }


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)
