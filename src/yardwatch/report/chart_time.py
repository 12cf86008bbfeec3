"""What has a place in time and no quantity: breaks, the onset, the as-of day, no-looks."""

from __future__ import annotations

from datetime import date
from typing import Any

import matplotlib.dates as mdates
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from yardwatch.assess.wording import unit_words
from yardwatch.report.ink import FAINT, INK, ONSET, PAPER
from yardwatch.report.record_data import RecordChart

NARROW_IN = 6.0
"""Inches of a figure under which fewer days are named along the axis."""
NAMED_SHARE = 0.15
"""Part of the axis a break must take to carry its name."""
EPOCH = date(1970, 1, 1)

Days = tuple[date, date]


def at(day: date) -> float:
    """Where a day stands on the axis: days since 1970, as matplotlib counts them."""
    return float((day - EPOCH).days)


def is_narrow(axes: Axes) -> bool:
    """Whether the figure is the one for a narrow screen."""
    figure = axes.get_figure(root=True)
    return figure is not None and figure.get_figwidth() < NARROW_IN


def draw_frame(axes: Axes, data: RecordChart, extent: Days) -> None:
    """Axes, their limits and names."""
    there = [seen for seen in data.shown if seen.when.earliest <= extent[1] and seen.when.latest >= extent[0]]
    tops = [end for seen in there for end in (seen.value, seen.upper, seen.lower) if end is not None]
    tops += [data.band[1]] if data.band else []
    near = [seen for seen in data.other if extent[0] <= seen.when.latest <= extent[1]]
    tops += [seen.value / data.pitch for seen in near if seen.value and data.pitch]
    axes.set_xlim(at(extent[0]), at(extent[1]))
    axes.set_ylim(0, max([*tops, 1]) * 1.18)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=data.unit == "cars"))
    few, most = (3, 5) if is_narrow(axes) else (4, 8)
    locator = mdates.AutoDateLocator(minticks=few, maxticks=most)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator, show_offset=False))  # type: ignore[no-untyped-call]
    axes.set_ylabel(unit_words(data.unit), color=INK)
    axes.patch.set_alpha(0)
    axes.tick_params(colors=INK, labelcolor=INK)
    axes.grid(axis="y", color=FAINT, linewidth=0.4, alpha=0.5)
    axes.set_axisbelow(True)
    for spine in axes.spines.values():
        spine.set_color(FAINT)


def draw_times(axes: Axes, data: RecordChart, extent: Days) -> None:
    """Draw them over the whole height."""
    for part in data.breaks:
        start, end = max(part.first, extent[0]), min(part.last, extent[1])
        if start < end:
            _shade_break(axes, start, end)
    if data.onset and data.onset.earliest <= extent[1]:
        axes.axvspan(at(data.onset.earliest), at(data.onset.latest), color=ONSET, alpha=0.4, linewidth=1.2)
    if data.as_of <= extent[1]:
        _draw_as_of(axes, data.as_of)
    days = [at(span.earliest) for span in data.no_looks if extent[0] <= span.earliest <= extent[1]]
    axes.plot(days, [0.025] * len(days), linestyle="none", marker="x", markersize=5, color=INK, **edge(axes))


def _shade_break(axes: Axes, start: date, end: date) -> None:
    axes.axvspan(at(start), at(end), facecolor=FAINT, alpha=0.18, hatch="///", edgecolor=FAINT, linewidth=0)
    first, last = axes.get_xlim()
    if (at(end) - at(start)) / (last - first) < NAMED_SHARE:
        return
    middle = (at(start) + at(end)) / 2
    axes.text(middle, 0.97, "declared break", transform=axes.get_xaxis_transform(), ha="center", va="top", fontsize=8.5)
    axes.texts[-1].set(color=INK, bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.5})


def _draw_as_of(axes: Axes, as_of: date) -> None:
    axes.axvline(at(as_of), color=INK, linewidth=0.9, linestyle=(0, (4, 3)))
    axes.annotate(
        "as of",
        (at(as_of), 0.5),
        xycoords=axes.get_xaxis_transform(),
        xytext=(3, 0),
        textcoords="offset points",
        rotation=90,
        va="center",
        fontsize=8.5,
        color=INK,
    )


def edge(axes: Axes) -> dict[str, Any]:
    """How a mark on the panel's edge is drawn: at a share of its height, not cut off."""
    return {"transform": axes.get_xaxis_transform(), "clip_on": False, "markeredgecolor": INK}
