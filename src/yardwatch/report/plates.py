"""Every figure of a report by name, for the forms that carry figures as files: Markdown, Word, the evidence bundle."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yardwatch.model import Scene
from yardwatch.report.chart import Chart
from yardwatch.report.content import ReportContent
from yardwatch.report.figure import Drawn, pixels_left_out
from yardwatch.report.still import still
from yardwatch.report.views import PageView, SiteView


@dataclass(frozen=True, kw_only=True)
class Plate:
    """One figure as a file."""

    name: str
    """File name without its ending; letters, digits and dashes."""
    title: str
    svg: str
    """Stands alone, in the colours of white paper."""
    alt: str
    """What it shows, in words."""
    scenes: tuple[str, ...] = ()
    """Ids of the scenes whose pixels it holds; none for a drawing."""


def plates(content: ReportContent, view: PageView) -> tuple[Plate, ...]:
    """The figures in page order; names are unique and the same for the same content."""
    found: dict[str, Plate] = {}
    for plate in _all(content, view):
        found.setdefault(plate.name, plate)
    return tuple(found.values())


def _all(content: ReportContent, view: PageView) -> Iterator[Plate]:
    yield from _of_site(view.main, "")
    for other in view.beside:
        yield from _of_site(other, f"{other.site.id}-")
    for drawn, figure in zip(view.figures, content.figures, strict=True):
        shown = _shown(content, figure.scene)
        yield _drawn(drawn, f"image-{figure.scene.id}", f"Image {figure.scene.id}", shown)
    for i, (change, pair) in enumerate(zip(view.changes, content.changes, strict=True), 1):
        shown = _shown(content, *(side[0] for side in (pair.before, pair.after) if side))
        if change is not None:
            yield _drawn(change, f"change-{i}", f"Change {pair.change.id}", shown)


def _shown(content: ReportContent, *scenes: Scene) -> tuple[str, ...]:
    return tuple(scene.id for scene in scenes if pixels_left_out(scene, content.edition) is None)


def _of_site(view: SiteView, prefix: str) -> Iterator[Plate]:
    if view.overview is not None:
        yield _chart(view.overview, f"{prefix}overview", f"Overview of {view.site.name}")
    if view.inset is not None:
        yield _chart(view.inset, f"{prefix}location", f"Where {view.site.name} lies")
    if view.kinds is not None:
        yield _chart(view.kinds, f"{prefix}kinds", "Freight cars by kind")
    yield _chart(view.chart, f"{prefix}record", f"The record of {view.site.name}")
    if view.surge is not None and view.surge.power is not None:
        yield _chart(view.surge.power, f"{prefix}power", "What this record could have shown")
    if view.surge is not None and view.surge.calibration is not None:
        yield _chart(view.surge.calibration, f"{prefix}calibration", "How often the test went off before")


def _chart(chart: Chart, name: str, title: str) -> Plate:
    return Plate(name=_plain(name), title=title, svg=still(chart.svg), alt=chart.alt)


def _drawn(drawn: Drawn, name: str, title: str, scenes: tuple[str, ...]) -> Plate:
    return Plate(name=_plain(name), title=title, svg=still(drawn.svg), alt=drawn.description, scenes=scenes)


def _plain(name: str) -> str:
    """A file name that leaves no folder and needs no quoting."""
    return re.sub(r"[^A-Za-z0-9-]+", "-", name).strip("-")[:80] or "figure"
