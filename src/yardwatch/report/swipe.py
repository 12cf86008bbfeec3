"""Two aligned pictures and what a web page needs to swipe between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import shapely

from yardwatch.model import Scene
from yardwatch.report.chips import credits_of, png, rights
from yardwatch.report.evidence import Evidence, Side, headline
from yardwatch.report.figure import scene_date
from yardwatch.report.mark import TEXT
from yardwatch.report.raster import picture, rings_px

FORM = "yardwatch-swipe/1"
LEAST_PX, MOST_PX = 800, 2400
"""Width of the pictures; small ones are enlarged by a whole number."""


@dataclass(frozen=True, kw_only=True)
class Swipe:
    """Pictures by role, and the data beside them; no picture where a licence or a missing side forbids the pair."""

    pictures: dict[str, bytes]
    data: dict[str, Any]


def swipe(evidence: Evidence, names: dict[str, str]) -> Swipe:
    """The pair of one change; `names` are the file names its two pictures will have, by role."""
    ends = [side for role in ("before", "after") if (side := evidence.side(role)) is not None]
    why = _why_not(evidence, ends)
    size = _size(ends[0] if ends else evidence.sides[0])
    drawn = {} if why else {side.role: _drawn(evidence, side, size) for side in ends}
    grid, change = evidence.sides[0].pixels.grid, evidence.change
    corners = grid.frame.to_lonlat(
        shapely.box(grid.west, grid.north - grid.height * grid.step_m, grid.west + grid.width * grid.step_m, grid.north)
    )
    return Swipe(
        pictures=drawn,
        data={
            "form": FORM,
            "change": change.id,
            "title": headline(change),
            "kind": change.kind,
            "synthetic": evidence.synthetic,
            "mark": TEXT if evidence.synthetic else None,
            "edition": evidence.edition,
            "left_out": why,
            "width": size[0],
            "height": size[1],
            "metres_a_pixel": round(grid.width * grid.step_m / size[0], 6),
            "images": [_image(side.role, side.scene, names[side.role] if drawn else None) for side in ends],
            "outline": [
                [[round(x, 1), round(y, 1)] for x, y in ring]
                for ring in rings_px(grid, change.polygon, size[0] / grid.width)
            ],
            "bounds": [round(edge, 7) for edge in corners.bounds],
            "stretch": [round(evidence.stretch.low, 4), round(evidence.stretch.high, 4)],
            "credits": list(credits_of(evidence)) if drawn else [],
        },
    )


def _why_not(evidence: Evidence, ends: list[Side]) -> str | None:
    if len(ends) < 2:
        return "no look shows the ground before the change" if not evidence.side("before") else "no look shows it after"
    left = [why for side in ends if (why := side.left_out(evidence.edition)) is not None]
    return "; ".join(dict.fromkeys(left)) or None


def _size(side: Side) -> tuple[int, int]:
    grid = side.pixels.grid
    if grid.width > MOST_PX:
        return MOST_PX, round(MOST_PX * grid.height / grid.width)
    times = max(1, -(-LEAST_PX // grid.width))
    return grid.width * times, grid.height * times


def _drawn(evidence: Evidence, side: Side, size: tuple[int, int]) -> bytes:
    image = picture(side.pixels, evidence.stretch, size, synthetic=side.scene.synthetic)
    title = f"{headline(evidence.change)}, {scene_date(side.scene)}"
    return png(image, {"Title": title, "Copyright": rights(side.scene)}, evidence)


def _image(role: str, scene: Scene, file: str | None) -> dict[str, Any]:
    return {
        "role": role,
        "file": file,
        "scene": scene.id,
        "sha256": scene.sha256,
        "date": scene_date(scene),
        "acquired": scene.acquired.isoformat() if scene.acquired else None,
        "sensor": scene.sensor,
        "gsd_m": scene.gsd_m,
        "attribution": scene.licence.attribution,
        "licence": scene.licence.name,
        "synthetic": scene.synthetic,
    }
