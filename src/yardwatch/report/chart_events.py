"""Events over the panels of a chart of the record: a mark on the edge, and a number in a lane of its own."""

from __future__ import annotations

from datetime import date

from matplotlib.axes import Axes

from yardwatch.report.chart_time import Days, at, edge
from yardwatch.report.ink import FAINT, INK, PAPER
from yardwatch.report.record_data import RecordChart

EVENT_LANES = 3
"""Numbers of neighbouring events are staggered over so many lanes above the axes."""
LANE_SHARE = 1 / 45
"""Part of the axis a number takes; events nearer than that get the next lane."""
LANE_PT, TITLE_PT = 10, 18
"""Points: height of a lane, and of what stands between a panel and its title where one lane is enough."""


def draw_events(axes: Axes, data: RecordChart, extent: Days, close: Days | None) -> None:
    """Mark those of a panel, and number those that the close-up does not."""
    for _, day in _events_in(data, extent):
        axes.axvline(at(day), color=FAINT, linewidth=0.6, linestyle=":")
        axes.plot([at(day)], [1.0], marker="v", markersize=5, color=INK, markerfacecolor=PAPER, **edge(axes))
    days = dict(_events_in(data, extent))
    for i, lane in event_lanes(data, extent, close).items():
        _number(axes, i, at(days[i]), lane)


def event_lanes(data: RecordChart, extent: Days, close: Days | None) -> dict[int, int]:
    """Lane of each numbered event's number, by that number; those inside `close` have theirs in the close-up."""
    apart = (at(extent[1]) - at(extent[0])) * LANE_SHARE
    lanes, lane, last = dict[int, int](), 0, float("-inf")
    for i, day in _events_in(data, extent):
        if close and close[0] <= day <= close[1]:
            continue
        lane = (lane + 1) % EVENT_LANES if at(day) - last < apart else 0
        lanes[i], last = lane, at(day)
    return lanes


def title_pad(lanes: dict[int, int]) -> float:
    """Points between a panel and its title, so that no event's number stands in it."""
    return TITLE_PT + LANE_PT * max(lanes.values(), default=0)


def _events_in(data: RecordChart, extent: Days) -> list[tuple[int, date]]:
    """Number and first day of the events of a panel, in time's order."""
    there = [(i, lead.event.when.earliest) for i, lead in data.events]
    return sorted(((i, day) for i, day in there if extent[0] <= day <= extent[1]), key=lambda pair: (pair[1], pair[0]))


def _number(axes: Axes, number: int, where: float, lane: int) -> None:
    axes.annotate(
        str(number),
        (where, 1.0),
        xycoords=axes.get_xaxis_transform(),
        xytext=(0, 5 + LANE_PT * lane),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=8.5,
        color=INK,
        annotation_clip=False,
    )
