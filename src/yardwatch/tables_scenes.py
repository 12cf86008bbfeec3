"""Ties and checks of scenes as a person reads them in a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text


def sharpness(answer: dict[str, Any]) -> str:
    """How sharp a bare image truly is."""
    found, gsd = answer["blur"], answer["scene"]["gsd_m"]
    if found["effective_gsd_m"] is None:
        return "unknown: too few straight edges"
    return found["warning"] or f"edges as of a {found['effective_gsd_m']:.2f} m image; pixels {gsd:.2f} m"


def sun(answer: dict[str, Any]) -> str:
    """Whether shadows and metadata fit the hour."""
    found = answer["sun_check"]
    return found["verdict"] + (f": {found['reason']}" if found["reason"] else "")


def tie(answer: dict[str, Any]) -> RenderableType:
    """Where a person's points put a scene."""
    residual = answer["residual_m"]
    agree = "one pair: nothing to hold it against" if residual is None else f"the pairs agree to {residual:.2f} m"
    said = (
        f"{answer['scene']} lies {answer['dx_m']:+.2f} m east and {answer['dy_m']:+.2f} m north of "
        f"{answer['reference']}; {agree}. `yardwatch run` will take it from here."
    )
    table = Table("pair", "residual m", box=None)
    for pair in answer["pairs"]:
        table.add_row(Text(pair["name"]), f"{pair['residual_m']:.2f}")
    return Group(Text(said), table)


def check(answer: dict[str, Any]) -> RenderableType:
    """What each scene can carry, and what is doubtful of it."""
    table = Table("scene", "carries", "track seen", "cloud", "snow", "true GSD m", "sun", "aligned", box=None)
    for one in answer["scenes"]:
        seen, zone = _mean(one["tracks"]), _mean(one["zones"])
        sharp = one["blur"]["effective_gsd_m"]
        table.add_row(
            one["id"],
            one["capability"] if one["usable"] else "no look",
            f"{seen['visible']:.0%}",
            f"{seen['cloud']:.0%}",
            f"{zone['snow']:.0%}",
            "–" if sharp is None else f"{sharp:.2f}",
            one["sun"]["verdict"],
            _aligned(one["alignment"]),
        )
    return Group(table, *(Text(f"  {line}") for one in answer["scenes"] for line in _doubts(one)))


def _aligned(alignment: dict[str, Any] | None) -> str:
    if alignment is None:
        return "not run yet"
    if alignment["reference"]:
        return "reference"
    if alignment["windows"] == 0 and alignment["aligned"]:
        return "not tried"
    return f"{alignment['dx_m']:+.1f} {alignment['dy_m']:+.1f} m" if alignment["aligned"] else "no"


def _doubts(one: dict[str, Any]) -> list[str]:
    said = [
        one["reason"],
        one["blur"]["warning"],
        one["sun"]["reason"] if one["sun"]["verdict"] == "mismatch" else None,
    ]
    return [f"{one['id']}: {line}" for line in said if line]


def _mean(parts: dict[str, dict[str, float]]) -> dict[str, float]:
    """Plain mean over tracks or zones."""
    names = next(iter(parts.values()), {"visible": 0.0, "cloud": 0.0, "snow": 0.0})
    return {name: sum(part[name] for part in parts.values()) / max(1, len(parts)) for name in names}
