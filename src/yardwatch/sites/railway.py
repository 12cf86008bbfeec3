"""From ways of a railway map to tracks: split at switches, cut to the zones, named so that a new import keeps names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

import shapely

from yardwatch.ground import Frame
from yardwatch.model import Track, Zone
from yardwatch.sites.joints import Piece, join

SWITCH_ENDS = 3
"""A way ends at a node once and passes through it twice; two ends that meet are one track going on, three a switch."""
SHORTEST_M = 6.0
"""No rail car is shorter: pieces below it (crossovers between neighbouring switches) cannot hold one."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """One mapped way of rail."""

    id: str
    nodes: tuple[Hashable, ...]
    """Names of its nodes: two ways meet where they share one."""
    lonlat: tuple[tuple[float, float] | None, ...]
    """Position of each node; None where the extract was cut and does not hold it."""
    gauge_mm: int | None = None
    service: str | None = None


@dataclass(frozen=True, kw_only=True)
class Railway:
    """Ways of `railway=rail`, and what is known of their nodes."""

    ways: tuple[Way, ...]
    switches: frozenset[Hashable] = field(default_factory=frozenset)
    """Nodes mapped as `railway=switch`."""
    crossings: frozenset[Hashable] = field(default_factory=frozenset)
    """Nodes mapped as `railway=railway_crossing`: tracks cross on the level, no car changes over."""


def tracks_of(railway: Railway, zones: Sequence[Zone]) -> tuple[Track, ...]:
    """Tracks inside the zones' union, split at switches, joined where ways only go on; empty where no rail lies inside.

    Ids are the way's id and the running part along it (`4711-2`), counted before the cut at the zones' edge so that a
    redrawn zone renames nothing; further pieces of one part get `4711-2.2` and so on.
    """
    area = shapely.union_all([zone.polygon for zone in zones])
    centre = shapely.centroid(area)
    frame = Frame(float(shapely.get_x(centre)), float(shapely.get_y(centre)))
    switches = find_switches(railway)
    pieces = [piece for way in sorted(railway.ways, key=lambda way: way.id) for piece in _split(way, switches)]
    tracks = []
    for whole in join(pieces, switches):
        for number, line in enumerate(_pieces(shapely.LineString(whole.lonlat), area, frame), 1):
            name = whole.id if number == 1 else f"{whole.id}.{number}"
            tracks.append(Track(id=name, line=line, gauge_mm=whole.gauge_mm, service=whole.service))
    return tuple(tracks)


def find_switches(railway: Railway) -> frozenset[Hashable]:
    """Nodes where tracks part: mapped as a switch, or shared by three or more way ends (a middle being two)."""
    ends: Counter[Hashable] = Counter()
    for way in railway.ways:
        ends.update(way.nodes[:1] + way.nodes[1:-1] * 2 + way.nodes[-1:])
    met = {node for node, number in ends.items() if number >= SWITCH_ENDS}
    return frozenset((met - railway.crossings) | railway.switches)


def _split(way: Way, switches: frozenset[Hashable]) -> list[Piece]:
    """Pieces between switches, in the way's order; also parted where the extract lacks a node."""
    runs: list[list[tuple[Hashable, tuple[float, float]]]] = [[]]
    for position, (node, lonlat) in enumerate(zip(way.nodes, way.lonlat, strict=True)):
        if lonlat is None:
            runs.append([])
            continue
        runs[-1].append((node, lonlat))
        if node in switches and 0 < position < len(way.nodes) - 1:
            runs.append([(node, lonlat)])
    whole = [run for run in runs if len({lonlat for _, lonlat in run}) > 1]
    return [
        Piece(
            id=f"{way.id}-{part}",
            nodes=tuple(node for node, _ in run),
            lonlat=tuple(lonlat for _, lonlat in run),
            gauge_mm=way.gauge_mm,
            service=way.service,
        )
        for part, run in enumerate(whole, 1)
    ]


def _pieces(line: shapely.LineString, area: shapely.Geometry, frame: Frame) -> Iterable[shapely.LineString]:
    """What of a line lies inside, long enough for a car, in the line's order and direction."""
    inside = shapely.get_parts(shapely.line_merge(shapely.intersection(line, area)))
    pieces = []
    for piece in inside:
        if piece.geom_type != "LineString" or frame.to_ground(piece).length < SHORTEST_M:
            continue
        first, last = (shapely.line_locate_point(line, shapely.get_point(piece, end)) for end in (0, -1))
        pieces.append((min(first, last), piece if first <= last else shapely.reverse(piece)))
    return [piece for _, piece in sorted(pieces, key=lambda item: item[0])]
