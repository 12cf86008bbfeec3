#!/usr/bin/env python3
"""Make `src/yardwatch/report/borders.json` anew: land, borders and disputed lines for the location inset.

    npm pack world-atlas@2.0.2 && tar -xzf world-atlas-2.0.2.tgz
    python scripts/borders.py package/countries-50m.json

The lines are Natural Earth's 1:50m countries (public domain), as the npm package world-atlas 2.0.2 (ISC) carries
them. A border is marked disputed as a whole where any part of it is: armistice lines, lines of control, states that
not everybody recognises. The list is ours, on the cautious side, and says nothing about who is right.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import shapely

OUT = Path(__file__).parents[1] / "src" / "yardwatch" / "report" / "borders.json"
SOURCE = "Natural Earth 1:50m (public domain), by way of world-atlas 2.0.2; simplified"
TOLERANCE_DEG, STEPS = 0.06, 100
"""Lines are thinned to 0.06 degrees (some 6 km) and written in hundredths of a degree."""
LEAST_DEG2 = 0.05
"""Islands smaller than that (some 500 km²) are left out."""
DISPUTED = {
    frozenset(pair.split("/"))
    for pair in (
        "North Korea/South Korea",
        "India/Pakistan",
        "India/China",
        "China/Bhutan",
        "China/Nepal",
        "Israel/Syria",
        "Israel/Lebanon",
        "Israel/Palestine",
        "Jordan/Palestine",
        "Egypt/Palestine",
        "Morocco/W. Sahara",
        "Mauritania/W. Sahara",
        "Algeria/W. Sahara",
        "Serbia/Kosovo",
        "Cyprus/N. Cyprus",
        "Somalia/Somaliland",
        "Ethiopia/Somaliland",
        "Djibouti/Somaliland",
        "Somalia/Ethiopia",
        "Russia/Ukraine",
        "Russia/Georgia",
        "Sudan/S. Sudan",
        "Egypt/Sudan",
        "Kenya/S. Sudan",
        "Ethiopia/S. Sudan",
        "Ethiopia/Eritrea",
        "Ethiopia/Sudan",
        "Armenia/Azerbaijan",
        "Venezuela/Guyana",
        "Suriname/Guyana",
        "India/Siachen Glacier",
        "Pakistan/Siachen Glacier",
        "China/Siachen Glacier",
        "Kyrgyzstan/Tajikistan",
        "Moldova/Ukraine",
    )
}


def main(source: Path) -> None:
    """Read a TopoJSON of countries and write the file."""
    topology = json.loads(source.read_text(encoding="utf-8"))
    arcs = _arcs(topology)
    owners: dict[int, set[str]] = {}
    for country in topology["objects"]["countries"]["geometries"]:
        for arc in _flat(country["arcs"]):
            owners.setdefault(arc if arc >= 0 else ~arc, set()).add(country["properties"]["name"])
    shared = {arc: frozenset(names) for arc, names in owners.items() if len(names) == 2}
    land = [ring for shape in topology["objects"]["land"]["geometries"] for ring in _rings(shape, arcs)]
    content = {
        "source": SOURCE,
        "steps_per_degree": STEPS,
        "land": [_thin(ring, closed=True) for ring in land if shapely.Polygon(ring).area > LEAST_DEG2],
        "borders": [_thin(arcs[arc]) for arc, pair in sorted(shared.items()) if pair not in DISPUTED],
        "disputed": [_thin(arcs[arc]) for arc, pair in sorted(shared.items()) if pair in DISPUTED],
    }
    OUT.write_text(json.dumps(content, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")
    unknown = {name for pair in DISPUTED for name in pair} - set().union(*owners.values())
    if unknown:
        sys.exit(f"no country of the source is called {', '.join(sorted(unknown))}; correct DISPUTED")


def _arcs(topology: dict[str, Any]) -> list[np.ndarray]:
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    return [np.cumsum(np.asarray(arc, float), axis=0) * scale + shift for arc in topology["arcs"]]


def _rings(shape: dict[str, Any], arcs: list[np.ndarray]) -> list[np.ndarray]:
    """Outer rings; lakes are not drawn at this size."""
    polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    parts = [[arcs[i] if i >= 0 else arcs[~i][::-1] for i in polygon[0]] for polygon in polygons]
    return [np.concatenate([part[0], *(piece[1:] for piece in part[1:])]) for part in parts]


def _flat(nested: int | list[Any]) -> list[int]:
    return [nested] if isinstance(nested, int) else [arc for inner in nested for arc in _flat(inner)]


def _thin(line: np.ndarray, *, closed: bool = False) -> list[int]:
    """A line as whole steps, each point as its difference from the one before: x, y, dx, dy and so on."""
    thinned = shapely.get_coordinates(shapely.simplify(shapely.LineString(line), TOLERANCE_DEG))
    steps = np.round((thinned[:-1] if closed else thinned) * STEPS).astype(int)
    moved = np.concatenate([steps[:1], np.diff(steps, axis=0)])
    keep = np.concatenate([[True], moved[1:].any(axis=1)])
    return [int(v) for v in moved[keep].ravel()]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
