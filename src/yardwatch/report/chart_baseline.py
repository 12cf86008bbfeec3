"""What the record led us to expect, drawn behind the looks: the band, the levels, and the looks above them."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from yardwatch.history.levels import Levels, RaisedLevel, Standing
from yardwatch.report.chart_time import Days, at
from yardwatch.report.ink import BAND, INK, LEVEL
from yardwatch.report.record_data import RecordChart

BAND_KEY, ABOVE_KEY = "expected of a look (90 %)", "above that band"
LEVEL_KEY = "level of the record"
WORDS = {Standing.ENDED: "surge, ended", Standing.UNDER_WAY: "surge", Standing.NEW_LEVEL: "new level"}


def draw_baseline(axes: Axes, data: RecordChart, extent: Days) -> None:
    """The predictive band with its median line, over the days it is meant for; a ring round each look above it."""
    if data.band is None:
        return
    first, last = max(data.window.first, extent[0]), min(data.as_of, extent[1])
    if first >= last:
        return
    low, high = data.band
    days = [at(first), at(last)]
    axes.fill_between(days, low, high, facecolor=BAND, alpha=0.22, edgecolor="none", zorder=0.5)
    for end in (low, high):
        axes.plot(days, [end, end], color=BAND, linewidth=0.9, linestyle=(0, (1, 1.5)), zorder=0.6)
    if data.median is not None:
        axes.plot(days, [data.median] * 2, color=BAND, linewidth=1.1, linestyle=(0, (5, 2)), zorder=0.7)
    for seen in data.looks:
        if seen.value is not None and seen.value > high and first <= seen.when.latest <= last:
            middle = (at(seen.when.earliest) + at(seen.when.latest)) / 2
            axes.plot([middle], [seen.value], **_RING)


def draw_levels(axes: Axes, data: RecordChart, extent: Days) -> None:
    """The levels between shifts as steps; a raised one is drawn thick, what became of it stands above."""
    if data.levels is None or not data.levels.shifts:
        return
    for first, last, level in _steps(data, data.levels):
        start, stop = max(first, at(extent[0])), min(last, at(extent[1]))
        if start < stop:
            axes.plot([start, stop], [level, level], color=LEVEL, linewidth=1.2, alpha=0.9, solid_capstyle="butt")
    for surge in data.levels.raised:
        _draw_raised(axes, surge, data, extent)


def keys(data: RecordChart) -> list[Line2D | Patch]:
    """The key entries of what is drawn here."""
    found: list[Line2D | Patch] = []
    if data.band is not None:
        found.append(Patch(facecolor=BAND, alpha=0.4, label=BAND_KEY))
        if any(seen.value is not None and seen.value > data.band[1] for seen in data.looks):
            found.append(Line2D([], [], label=ABOVE_KEY, **_RING))
    if data.levels is not None and data.levels.shifts:
        found.append(Line2D([], [], color=LEVEL, linewidth=1.6, label=LEVEL_KEY))
    return found


def _steps(data: RecordChart, levels: Levels) -> list[tuple[float, float, float]]:
    """First day, last day and level of each run between shifts; the middle of a gap parts two runs."""
    edges = [(at(shift.earliest) + at(shift.latest)) / 2 for shift in levels.shifts]
    means = [levels.shifts[0].before, *(shift.after for shift in levels.shifts)]
    ends = [at(data.window.first), *edges, at(data.as_of)]
    return [(ends[i], ends[i + 1], mean) for i, mean in enumerate(means)]


def _draw_raised(axes: Axes, surge: RaisedLevel, data: RecordChart, extent: Days) -> None:
    start = (at(surge.began.earliest) + at(surge.began.latest)) / 2
    stop = at(data.as_of) if surge.ended is None else (at(surge.ended.earliest) + at(surge.ended.latest)) / 2
    start, stop = max(start, at(extent[0])), min(stop, at(extent[1]))
    if start >= stop:
        return
    axes.plot([start, stop], [surge.during] * 2, color=LEVEL, linewidth=3.2, solid_capstyle="butt", zorder=1.5)
    axes.annotate(
        WORDS[surge.standing],
        ((start + stop) / 2, 0.97),
        xycoords=axes.get_xaxis_transform(),
        ha="center",
        va="top",
        fontsize=8.5,
        color=INK,
    )


_RING: dict[str, Any] = {
    "linestyle": "none",
    "marker": "o",
    "markersize": 12,
    "markerfacecolor": "none",
    "markeredgecolor": INK,
    "markeredgewidth": 1.1,
    "clip_on": False,
}
