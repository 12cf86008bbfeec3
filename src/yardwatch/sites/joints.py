"""Pieces of rail that simply go on become one track: mappers part ways at bridges, names and speed limits, cars do not.

Two pieces are joined where they alone meet at a node, with the same gauge, and the node is no switch. A car that
stands across such a joint is then one car on one track, not two halves or two cars.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A run of rail between two nodes at which nothing else begins."""

    id: str
    nodes: tuple[Hashable, ...]
    lonlat: tuple[tuple[float, float], ...]
    gauge_mm: int | None
    service: str | None


def join(pieces: Sequence[Piece], switches: frozenset[Hashable]) -> list[Piece]:
    """The pieces with those that go on joined; each keeps the id and service of its first piece by id."""
    rest = {piece.id: piece for piece in pieces}
    meeting = _meeting(pieces)
    joined = []
    for name in sorted(rest):
        if name not in rest:
            continue
        track = rest.pop(name)
        for _ in range(2):  # once from each end
            while (following := _following(track, rest, meeting, switches)) is not None:
                track = _append(track, rest.pop(following))
            track = _reversed(track)
        joined.append(track)
    return joined


def _meeting(pieces: Iterable[Piece]) -> Mapping[Hashable, list[str]]:
    ends = defaultdict(list)
    for piece in pieces:
        ends[piece.nodes[0]].append(piece.id)
        ends[piece.nodes[-1]].append(piece.id)
    return ends


def _following(
    track: Piece, rest: Mapping[str, Piece], meeting: Mapping[Hashable, list[str]], switches: frozenset[Hashable]
) -> str | None:
    node = track.nodes[-1]
    there = meeting[node]
    if node in switches or len(there) != 2:
        return None
    others = [name for name in there if name in rest and rest[name].gauge_mm == track.gauge_mm]
    return others[0] if others else None


def _append(track: Piece, following: Piece) -> Piece:
    onward = following if following.nodes[0] == track.nodes[-1] else _reversed(following)
    return replace(track, nodes=track.nodes + onward.nodes[1:], lonlat=track.lonlat + onward.lonlat[1:])


def _reversed(piece: Piece) -> Piece:
    return replace(piece, nodes=piece.nodes[::-1], lonlat=piece.lonlat[::-1])
