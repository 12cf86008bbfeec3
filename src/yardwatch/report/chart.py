"""The chart of the record: every look, bound, no-look, break and event, over the window and close to the rise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from yardwatch.assess.wording import IntervalTerms, count_number, hedged, number, unit_words
from yardwatch.history.days import day_words
from yardwatch.history.quantity import highest
from yardwatch.report.chart_baseline import draw_baseline, draw_levels
from yardwatch.report.chart_events import draw_events, event_lanes, title_pad
from yardwatch.report.chart_quantity import draw_legend, draw_quantities, legend_keys
from yardwatch.report.chart_time import draw_frame, draw_times
from yardwatch.report.chart_units import draw_other_unit
from yardwatch.report.ink import INK
from yardwatch.report.record_data import RecordChart
from yardwatch.report.svg import LOOK, figure_svg

CLOSE_UP_DAYS = 120
"""How far before the rise the close-up looks; events further back stand in the table and on the upper panel."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """How large a chart is drawn, all in inches: fixed, so that no mark can squeeze the panels."""

    width: float
    panel: float
    """Height of a panel."""
    left: float
    right: float
    """Room beside the panels."""
    axis: float
    """Room for a second axis."""
    above: float
    """Over each panel: three lanes of event numbers, and its title."""
    below: float
    """Under the last panel: its dates."""
    columns: int
    """Of the key."""
    key: float
    """Height of a row of the key."""


WIDE = Sheet(width=9.6, panel=2.1, left=0.72, right=0.14, axis=0.68, above=0.68, below=0.36, columns=3, key=0.22)
SLIM = Sheet(width=4.7, panel=2.2, left=0.62, right=0.12, axis=0.62, above=0.68, below=0.36, columns=1, key=0.21)
"""For a telephone: at 390 pixels its letters are as large as the page's small print."""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A drawn chart with its text."""

    svg: Markup
    alt: str
    notes: tuple[str, ...]
    """What was thinned, if anything."""
    slim: Markup | None = None
    """The same for a narrow screen; None where one drawing serves both."""


def record_chart(data: RecordChart, name: str, terms: IntervalTerms) -> Chart:
    """The record as SVG. `name` is the HTML id it goes by; the same data give the same bytes."""
    alt = describe(data, terms)
    svg, notes = _drawn(data, name, alt, WIDE)
    slim, _ = _drawn(data, f"{name}-slim", alt, SLIM)
    if data.elsewhere:
        notes.append(f"Looks in {' and '.join(map(unit_words, data.elsewhere))} stand in the record below.")
    return Chart(svg=svg, alt=alt, notes=tuple(dict.fromkeys(notes)), slim=slim)


def _drawn(data: RecordChart, name: str, alt: str, sheet: Sheet) -> tuple[Markup, list[str]]:
    """One drawing, and what was thinned in it."""
    with mpl.rc_context(LOOK):
        close = close_up(data)
        figure, axes = _sheet(data, sheet, panels=2 if close else 1)
        notes = _panel(axes[0], data, data.extent, close)
        if close:
            notes += _panel(axes[1], data, close, None)
            whole = "The window, and what was seen after it" if data.after else "The window"
            _title(axes[0], whole, title_pad(event_lanes(data, data.extent, close)))
            _title(axes[1], "Close to the rise", title_pad(event_lanes(data, close, None)))
        draw_legend(figure, data, sheet.columns)
        return figure_svg(figure, name, f"Record of zone {data.zone}, {unit_words(data.unit)}", alt), notes


def _title(panel: Axes, title: str, pad: float) -> None:
    panel.set_title(title, loc="left", fontsize=10, fontweight="bold", color=INK, pad=pad)


def _sheet(data: RecordChart, sheet: Sheet, panels: int) -> tuple[Figure, list[Axes]]:
    """The empty figure with its panels, one over the other, and room for the key below."""
    key = sheet.key * math.ceil(len(legend_keys(data)) / sheet.columns) + 0.12
    step = sheet.above + sheet.panel + sheet.below
    high = panels * step + key
    figure = Figure(figsize=(sheet.width, high))
    figure.patch.set_alpha(0)
    right = sheet.axis if data.other else sheet.right
    across = (sheet.width - sheet.left - right) / sheet.width
    bottoms = [(high - (i + 1) * step + sheet.below) / high for i in range(panels)]
    return figure, [figure.add_axes((sheet.left / sheet.width, y, across, sheet.panel / high)) for y in bottoms]


def close_up(data: RecordChart) -> tuple[date, date] | None:
    """The days around the rise, where they are a small part of the whole and would be drawn on top of each other."""
    if data.onset is None:
        return None
    near = [seen.when for seen in (*data.looks, *data.cross_checks) if seen.id == data.observed]
    start = data.onset.earliest - timedelta(days=CLOSE_UP_DAYS)
    events = [lead.event.when.earliest for _, lead in data.events if start <= lead.event.when.earliest]
    first = min([data.onset.earliest, *events]) - timedelta(days=8)
    last = max([data.onset.latest, data.as_of, *(span.latest for span in near)]) + timedelta(days=10)
    whole = data.extent
    return (first, last) if (last - first).days * 3 < (whole[1] - whole[0]).days else None


def _panel(axes: Axes, data: RecordChart, extent: tuple[date, date], close: tuple[date, date] | None) -> list[str]:
    draw_frame(axes, data, extent)
    draw_times(axes, data, extent)
    draw_events(axes, data, extent, close)
    draw_baseline(axes, data, extent)
    draw_levels(axes, data, extent)
    draw_other_unit(axes, data, extent)
    return draw_quantities(axes, data, extent, quiet=close)


def describe(data: RecordChart, terms: IntervalTerms) -> str:
    """The chart in words: how many of what, between which days, the highest, the bounds, the onset."""
    looks = [seen for seen in data.looks if seen.value is not None]
    own = sum(seen.own for seen in looks)
    span = " to ".join(day_words(day) for day in data.extent)
    parts = [
        f"Chart of {unit_words(data.unit)} in zone {data.zone} from {span}",
        f"looks: {number(own)} own and {number(len(looks) - own)} published",
    ]
    top = highest(looks)
    if top is not None:
        parts.append(f"the highest is {hedged(top, terms)} on {day_words(top.when.latest)}")
    seen = next((look for look in looks if look.id == data.observed), None)
    if seen is not None:
        parts.append(f"the observed look of {day_words(seen.when.latest)} has {hedged(seen, terms)}")
    parts += [f"a published bound says {hedged(bound, terms)}" for bound in data.bounds]
    if data.no_looks:
        parts.append(f"{number(len(data.no_looks))} images could not be used")
    if data.onset:
        onset = data.onset
        parts.append(f"the rise began between {day_words(onset.earliest)} and {day_words(onset.latest)}")
    if data.band is not None:
        ends = " to ".join(count_number(end, data.unit) for end in data.band)
        parts.append(f"the baseline expects {ends} (90 %)")
    if data.levels is not None and data.levels.shifts:
        parts.append(f"the level of the record changed {number(len(data.levels.shifts))} times")
    if data.other and data.other_unit:
        parts.append(f"{number(len(data.other))} looks in {unit_words(data.other_unit)} stand on the right axis")
    if data.events:
        parts.append(f"{number(len(data.events))} events are numbered as in the table of events")
    return "; ".join(parts) + "."
