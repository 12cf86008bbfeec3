"""The quantities of the record chart: own and published looks, bounds, cross-checks, and the key to all marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from yardwatch.assess.wording import count_number
from yardwatch.history.quantity import highest
from yardwatch.model import Observation
from yardwatch.report.chart_baseline import keys as baseline_keys
from yardwatch.report.chart_time import Days, at, is_narrow
from yardwatch.report.chart_units import key as other_unit_key
from yardwatch.report.ink import CHILD, CROSS_CHECK, INK, ONSET, OWN, PAPER, PUBLISHED
from yardwatch.report.record_data import RecordChart

LABELLED = 12
"""With more looks than this in a panel only the observed and the highest carry their number."""
SMALL_FROM = 60
"""With more looks than this marks are drawn small."""
LABEL_WIDE, LABEL_WIDE_NARROW, LABEL_HIGH = 0.1, 0.2, 0.07
"""Room a label takes, as a share of the panel; of one for a narrow screen."""
MANY = "Where a panel holds many looks, only the observed and the highest carry their number."
CLOSE = "Where looks stand close together, some carry no number."


@dataclass(frozen=True)
class _Place:
    """Where a label may stand: level with its mark or above it."""

    align: Literal["left", "center", "right"]
    offset: tuple[float, float]
    span: tuple[float, float]
    """Its sides from the mark, in widths of a label."""
    level: bool


class _Spot(NamedTuple):
    """Where a label stands, in shares of the panel: its sides and its middle's height."""

    left: float
    right: float
    height: float

    def meets(self, other: _Spot) -> bool:
        """Whether two labels would touch."""
        beside = self.right <= other.left or other.right <= self.left
        return not beside and abs(self.height - other.height) < LABEL_HIGH


PLACES = (
    _Place("right", (-7, 0), (-1, 0), level=True),
    _Place("center", (0, 5), (-0.5, 0.5), level=False),
    _Place("left", (7, 0), (0, 1), level=True),
    _Place("right", (4, 5), (-1, 0), level=False),
)


def draw_quantities(axes: Axes, data: RecordChart, extent: Days, quiet: Days | None) -> list[str]:
    """Draw them; in `quiet` days numbers are left to the close-up. Returns what was thinned, in words."""
    for bound in data.bounds:
        _draw_bound(axes, bound, (extent[0], min(extent[1], data.bound_until(bound))))
    for seen in _inside(data.cross_checks, extent):
        _draw_look(axes, seen, CROSS_CHECK, "^", 5)
    for seen in _inside(data.children, extent):
        _draw_look(axes, seen, CHILD, "s", 5)
    inside = _inside(data.looks, extent)
    size = 3.0 if len(inside) > SMALL_FROM else 6.0
    for seen in inside:
        _draw_look(axes, seen, OWN if seen.own else PUBLISHED, "o" if seen.own else "D", size)
    return _draw_labels(axes, data, inside, (*inside, *_inside(data.cross_checks, extent)), quiet)


def _draw_labels(
    axes: Axes, data: RecordChart, inside: Sequence[Observation], marks: Sequence[Observation], quiet: Days | None
) -> list[str]:
    """The observed and the highest first; others where there is room. Returns what was thinned, in words."""
    top, taken, crowded = highest([seen for seen in inside if seen.value is not None]), list[_Spot](), False
    for seen in sorted(inside, key=lambda seen: seen.id != data.observed and seen is not top):
        important = seen.id == data.observed or seen is top
        hushed = quiet is not None and quiet[0] <= seen.when.latest <= quiet[1]
        if not important and (len(inside) > LABELLED or hushed):
            continue
        place = _place(axes, seen, marks, taken) or (PLACES[0] if important else None)
        crowded |= place is None
        if place is not None:
            taken.append(_spot(axes, seen, place))
            _label(axes, seen, place, bold=seen.id == data.observed)
    return [MANY] if len(inside) > LABELLED else [CLOSE] if crowded else []


def draw_legend(figure: Figure, data: RecordChart, columns: int) -> None:
    """A key of the marks that are there, and no others."""
    handles = legend_keys(data)
    if handles:
        legend = figure.legend(handles=handles, loc="outside lower left", ncols=columns, frameon=False, fontsize=9)
        for text in legend.get_texts():
            text.set_color(INK)


def legend_keys(data: RecordChart) -> list[Line2D | Patch]:
    """The entries of the key."""
    own = [seen for seen in data.looks if seen.own]
    published = [seen for seen in data.looks if not seen.own]
    keys = [
        (own, _key("o", OWN, "own count, with its interval", filled=True)),
        (published, _key("D", PUBLISHED, "published", filled=False)),
        (data.bounds, Line2D([], [], color=PUBLISHED, linewidth=2.4, label="published bound, arrows to its side")),
        (data.cross_checks, _key("^", CROSS_CHECK, "cross-check, with its interval", filled=False)),
        (data.children, _key("s", CHILD, "part of the zone only", filled=False)),
        (data.no_looks, _key("x", INK, "no look (image unusable)", filled=True)),
        (data.events, _key("v", INK, "event, numbered as in the table", filled=False)),
    ]
    handles: list[Line2D | Patch] = [handle for there, handle in keys if there]
    handles += [*other_unit_key(data), *baseline_keys(data)]
    if data.onset:
        handles.append(Patch(color=ONSET, alpha=0.4, label="the rise began in here"))
    return handles


def _inside(looks: Sequence[Observation], extent: Days) -> list[Observation]:
    return [seen for seen in looks if seen.value is not None and extent[0] <= seen.when.latest <= extent[1]]


def _key(marker: str, color: str, label: str, *, filled: bool) -> Line2D:
    face = color if filled else PAPER
    return Line2D([], [], linestyle="none", marker=marker, color=color, markerfacecolor=face, markersize=7, label=label)


def _draw_look(axes: Axes, seen: Observation, color: str, marker: str, size: float) -> None:
    if seen.value is None:
        return
    first, last = at(seen.when.earliest), at(seen.when.latest)
    middle = (first + last) / 2
    low, high = (seen.value if end is None else end for end in (seen.lower, seen.upper))
    if high > low:
        axes.plot([middle, middle], [low, high], color=color, linewidth=1.3, solid_capstyle="butt")
    if last > first:
        axes.plot([first, last], [seen.value] * 2, color=color, linewidth=0.8)
    face = color if seen.own else PAPER
    axes.plot([middle], [seen.value], marker=marker, markersize=size, color=color, markerfacecolor=face, clip_on=False)


def _draw_bound(axes: Axes, bound: Observation, extent: Days) -> None:
    end = bound.upper if bound.upper is not None else bound.lower
    start, stop = max(bound.when.earliest, extent[0]), min(bound.when.latest, extent[1])
    if end is None or stop < start:
        return
    at_most = bound.upper is not None
    axes.plot([at(start), at(stop)], [end, end], color=PUBLISHED, linewidth=2.4, solid_capstyle="butt")
    reach = axes.get_ylim()[1] * 0.09
    reach = -min(reach, end) if at_most else reach
    for share in (0.1, 0.5, 0.9):
        where = at(start) + (at(stop) - at(start)) * share
        arrow = {"arrowstyle": "->", "color": PUBLISHED, "linewidth": 1.4, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", (where, end + reach), (where, end), arrowprops=arrow)
    about = "" if bound.outright or not at_most else "about "
    said = f"{about}{count_number(end, bound.unit)} {'at most' if at_most else 'at least'}, as published"
    said += "" if is_narrow(axes) else "; looks unknown"
    axes.annotate(said, (at(start), end), xytext=(4, 4), textcoords="offset points", fontsize=8.5, color=INK)


def _label(axes: Axes, seen: Observation, place: _Place, *, bold: bool) -> None:
    value = count_number(seen.value or 0, seen.unit)
    axes.annotate(
        value if seen.bare else f"about {value}",
        (at(seen.when.earliest), (seen.value or 0) if place.level else _top(seen)),
        xytext=place.offset,
        textcoords="offset points",
        ha=place.align,
        va="center" if place.level else "bottom",
        fontsize=9,
        fontweight="bold" if bold else "normal",
        color=INK,
    )


def _place(axes: Axes, seen: Observation, others: Sequence[Observation], taken: Sequence[_Spot]) -> _Place | None:
    """The first place that is free; None where none is."""
    rest = [other for other in others if other is not seen]
    return next((place for place in PLACES if _free(axes, _spot(axes, seen, place), rest, taken)), None)


def _spot(axes: Axes, seen: Observation, place: _Place) -> _Spot:
    middle, ceiling = _across(axes, seen), axes.get_ylim()[1]
    height = (seen.value or 0) / ceiling if place.level else _top(seen) / ceiling + LABEL_HIGH
    wide = LABEL_WIDE_NARROW if is_narrow(axes) else LABEL_WIDE
    return _Spot(middle + wide * place.span[0], middle + wide * place.span[1], height)


def _across(axes: Axes, look: Observation) -> float:
    first, last = axes.get_xlim()
    return (at(look.when.earliest) - first) / (last - first)


def _free(axes: Axes, spot: _Spot, others: Sequence[Observation], taken: Sequence[_Spot]) -> bool:
    """Whether a label there would stay in the panel and lie on no look and no label."""
    if spot.left < 0 or spot.right > 1 or any(spot.meets(label) for label in taken):
        return False
    ceiling = axes.get_ylim()[1]
    return not any(
        spot.left <= _across(axes, other) <= spot.right
        and (other.value or 0) / ceiling - LABEL_HIGH <= spot.height <= _top(other) / ceiling + LABEL_HIGH
        for other in others
    )


def _top(seen: Observation) -> float:
    return seen.upper if seen.upper is not None else seen.value or 0
