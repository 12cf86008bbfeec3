"""The second axis: looks in another unit, never mixed with the first.

Metres of train stand on an axis drawn to the common wagon pitch, so that a mark's height is its car equivalent;
`% filled` has an axis of its own from 0, whose heights say nothing of cars.
"""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from yardwatch.assess.wording import unit_words
from yardwatch.history.quantity import WAGON_PITCH_M
from yardwatch.report.chart_time import Days, at
from yardwatch.report.ink import FAINT, INK, OTHER_UNIT, PAPER
from yardwatch.report.record_data import RecordChart


def draw_other_unit(axes: Axes, data: RecordChart, extent: Days) -> None:
    """The looks in the other unit on a right-hand axis, hollow crosses; nothing where there is none in these days."""
    inside = [x for x in data.other if x.value is not None and extent[0] <= x.when.latest <= extent[1]]
    if not inside or data.other_unit is None:
        return
    right = axes.twinx()
    right.set_ylim(0, 118 if data.pitch is None else axes.get_ylim()[1] * data.pitch)
    for seen in inside:
        value = seen.value or 0.0
        first, last = at(seen.when.earliest), at(seen.when.latest)
        if last > first:
            right.plot([first, last], [value] * 2, color=OTHER_UNIT, linewidth=0.8)
        right.plot([(first + last) / 2], [value], **_MARK)
    words = unit_words(data.other_unit)
    right.set_ylabel(
        words if data.pitch is None else f"{words} ({WAGON_PITCH_M:g} m a car)", color=OTHER_UNIT, fontsize=9
    )
    right.yaxis.set_major_locator(MaxNLocator(nbins=5))
    right.tick_params(colors=INK, labelcolor=INK)
    right.spines["right"].set_visible(True)
    for spine in right.spines.values():
        spine.set_color(FAINT)
    right.patch.set_alpha(0)
    axes.set_zorder(right.get_zorder() + 1)  # a look in the unit asked is never hidden by one in another


def key(data: RecordChart) -> list[Line2D]:
    """Its entry in the key."""
    if not data.other or data.other_unit is None:
        return []
    return [Line2D([], [], label=f"{unit_words(data.other_unit)} (right axis)", **_MARK)]


_MARK: dict[str, Any] = {
    "linestyle": "none",
    "marker": "P",
    "markersize": 7.5,
    "color": OTHER_UNIT,
    "markerfacecolor": PAPER,
    "markeredgewidth": 1.3,
    "clip_on": False,
}
