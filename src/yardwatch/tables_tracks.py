"""Traced tracks as a person reads them in a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text


def tracks_from(answer: dict[str, Any]) -> str:
    """Where the tracks of a count come from."""
    if answer["tracks"] == "given":
        return "given"
    return f"{len(answer['traced'])} traced in the image; nobody has checked them (`yardwatch tracks trace --out FILE`)"


def traced(answer: dict[str, Any]) -> RenderableType:
    """The tracks proposed for one image, or why there are none."""
    if "reason" in answer:
        return Text(answer["reason"])
    table = Table("track", "length", "confidence", box=None)
    for one in answer["tracks"]:
        table.add_row(one["id"], f"{one['length_m']:.0f} m", f"{one['confidence']:.2f}")
    return Group(
        table, Text("proposed by the track network; confidence is its mean heat along the line, gaps counted as 0")
    )
