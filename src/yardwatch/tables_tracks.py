"""Traced tracks as a person reads them in a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text


def tracks_from(answer: dict[str, Any]) -> str:
    """Where the tracks of a count come from."""
    apart = _apart(answer["gsd_check"])
    if answer["tracks"] == "given":
        return f"given{_beside(answer['tracks_offset'])}{apart}"
    traced = f"{len(answer['traced'])} traced in the image"
    return f"{traced}; nobody has checked them (`yardwatch tracks trace --out FILE`){apart}"


def _beside(offset: dict[str, Any]) -> str:
    """What the image says of their place, where that is more than nothing."""
    if offset["verdict"] == "snap":
        return f", moved {abs(offset['metres']):.1f} m sideways onto those the image shows"
    if offset["verdict"] == "unsure":
        return f"; the image may fit better {abs(offset['metres']):.1f} m beside them: look before you quote"
    return "" if offset["verdict"] == "in place" else "; their place was not checked"


def _apart(check: dict[str, Any]) -> str:
    """A doubt of the image's metres, where its tracks lie too close or too far apart for tracks."""
    if check["verdict"] not in ("too close", "too far"):
        return ""
    maybe = ", or tracks between were not drawn" if check["verdict"] == "too far" else ""
    return (
        f"; they lie {check['spacing_m']:.1f} m apart and tracks lie 4.0 to 6.5 m: the image's GSD may be wrong by a "
        f"factor of about {check['factor']:.1f}{maybe}"
    )


def traced(answer: dict[str, Any]) -> RenderableType:
    """The tracks proposed for one image, or why there are none."""
    if "reason" in answer:
        return Text(answer["reason"])
    table = Table("track", "length", "confidence", box=None)
    for one in answer["tracks"]:
        table.add_row(one["id"], f"{one['length_m']:.0f} m", f"{one['confidence']:.2f}")
    said = "proposed by the track network; confidence is its mean heat along the line, gaps counted as 0"
    if answer["left_out"]:
        said += f"; {answer['left_out']} more lead nowhere and were left out (roofs, furrows, rows of stacks)"
    return Group(table, Text(said))


def snapped(answer: dict[str, Any]) -> str:
    """Where a site's tracks lie on its reference scene, and what was done about it."""
    where = f"the rails of {answer['reference_scene']}"
    if answer["moved"]:
        return (
            f"moved {abs(answer['metres']):.1f} m sideways onto {where}; the file as it was is "
            "tracks.before-snap.geojson; look at them in QGIS, then `yardwatch run` counts anew"
        )
    if answer["verdict"] == "in place":
        return f"in place: on {where} within {abs(answer['metres']):.1f} m; nothing was moved"
    if answer["verdict"] == "unsure":
        return f"unsure: {where} may fit better {abs(answer['metres']):.1f} m beside; nothing was moved: look in QGIS"
    return f"not checked: {answer['reference_scene']} is too coarse to show rails, or shows none of the tracks"
