"""The same object keeps its id as looks arrive, whatever the newest search makes of its outline.

Two outlines are of one object when they share at least half of the smaller one, both widened by two metres. Pairs are
named best overlap (IoU) first, one to one. What is left over was split off or merged, and is told so; an object that
nothing overlaps any more is gone, and gets its id back when it is found again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import shapely

from yardwatch.model import Change, ChangeState
from yardwatch.model.judged import FOUND, GONE, MERGED

REACH_M = 2.0
"""Outlines move by a pixel or two from search to search, and a wall is narrower than that."""
LINKED = 0.5
"""Share of the smaller outline that both have in common: a shed beside another is not the same shed."""
STILL_M = 0.05
"""Corners that moved less did not move: the way to lon/lat and back costs micrometres."""


@dataclass(frozen=True, kw_only=True)
class Looked:
    """One search for changes."""

    run: str
    """What it followed from: code and looks."""
    until: date | None
    """Day of its newest look."""
    ground: shapely.Geometry
    """Where it looked, ground metres: an object elsewhere is not gone."""


@dataclass(frozen=True)
class Followed:
    """What a search says once its objects are known again."""

    changes: tuple[Change, ...]
    """As found, in the order found, with the ids the objects had before."""
    news: tuple[ChangeState, ...]
    """States that differ from the last known ones."""


def widened(polygon: shapely.Polygon) -> shapely.Polygon:
    """The outline as two looks are held to agree on it, ground metres."""
    return polygon.buffer(REACH_M, join_style="mitre")


def latest(states: Sequence[ChangeState]) -> dict[str, ChangeState]:
    """The last state of each object, by its id; objects in the order they were first found."""
    return {state.change.id: state for state in states}


def follow(states: Sequence[ChangeState], found: Sequence[Change], looked: Looked) -> Followed:
    """Give each found change the id of the object it is, and say what became of the rest.

    Args:
        states: every state known so far, oldest first, outlines in ground metres.
        found: what the search found, ground metres.
        looked: the search.
    """
    last = latest(states)
    live = [state for state in last.values() if state.status == FOUND]
    resting = [state for state in last.values() if state.status != FOUND]
    links = _links(live, found)
    named = _one_to_one(links, {})
    named = _one_to_one(_links(resting, found), named)
    changes = _renamed(found, named, set(last))
    kept = {id_: k for k, id_ in named.items()}
    origin = {k: id_ for _, id_, k in reversed(links) if kept.get(id_) != k}
    news = [
        _state(change, looked, last, origin.get(k))
        for k, change in enumerate(changes)
        if _differs(last.get(change.id), change)
    ]
    left = [state for state in live if state.change.id not in kept]
    news += [_left(state, changes, links, looked) for state in left if _was_looked_at(state, links, looked)]
    return Followed(changes, tuple(news))


Link = tuple[float, str, int]
"""IoU, id of a known object, place of a found one."""


def _links(known: Sequence[ChangeState], found: Sequence[Change]) -> list[Link]:
    """Pairs that share enough ground, best first."""
    wide = [widened(change.polygon) for change in found]
    links = []
    for state in known:
        own = widened(state.change.polygon)
        for k in shapely.STRtree(wide).query(own):
            common = own.intersection(wide[k]).area
            if common >= LINKED * min(own.area, wide[k].area):
                links.append((common / (own.area + wide[k].area - common), state.change.id, int(k)))
    return sorted(links, key=lambda link: (-link[0], link[1], link[2]))


def _one_to_one(links: Sequence[Link], named: dict[int, str]) -> dict[int, str]:
    """The ids of found objects, by place; those already named keep theirs."""
    named = dict(named)
    for _, id_, k in links:
        if k not in named and id_ not in named.values():
            named[k] = id_
    return named


def _renamed(found: Sequence[Change], named: dict[int, str], taken: set[str]) -> tuple[Change, ...]:
    taken = set(taken)
    changes = []
    for k, change in enumerate(found):
        id_ = named.get(k) or _free(change.id, taken)
        taken.add(id_)
        changes.append(replace(change, id=id_))
    return tuple(changes)


def _free(id_: str, taken: set[str]) -> str:
    """The id, or one made from it where another object has it already."""
    while id_ in taken:
        id_ = hashlib.sha256(f"{id_} again".encode()).hexdigest()[:16]
    return id_


def _differs(last: ChangeState | None, change: Change) -> bool:
    if last is None or last.status != FOUND:
        return True
    then = last.change
    moved = not then.polygon.equals_exact(change.polygon, STILL_M)
    return moved or _facts(then) != _facts(change)


def _facts(change: Change) -> dict[str, Any]:
    """What is said of a change but for its outline; numbers as far as they carry."""
    said = {name: value for name, value in asdict(change).items() if name != "polygon"}
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in said.items()}


def _state(change: Change, looked: Looked, last: dict[str, ChangeState], origin: str | None) -> ChangeState:
    before = last.get(change.id)
    split = before.split_from if before is not None else origin
    return _made(change, looked, status=FOUND, split_from=split)


def _was_looked_at(state: ChangeState, links: Sequence[Link], looked: Looked) -> bool:
    return any(id_ == state.change.id for _, id_, _ in links) or looked.ground.intersects(state.change.polygon)


def _left(state: ChangeState, changes: Sequence[Change], links: Sequence[Link], looked: Looked) -> ChangeState:
    """An object the search did not find by itself: part of another now, or gone."""
    into = next((changes[k].id for _, id_, k in links if id_ == state.change.id), None)
    status = MERGED if into else GONE
    return _made(state.change, looked, status=status, split_from=state.split_from, merged_into=into)


def _made(change: Change, looked: Looked, **said: str | None) -> ChangeState:
    content = {**_facts(change), **said, "run": looked.run, "outline": shapely.to_wkb(change.polygon, hex=True)}
    text = json.dumps(content, sort_keys=True, default=str)
    id_ = hashlib.sha256(text.encode()).hexdigest()[:16]
    return ChangeState(id=id_, change=change, run=looked.run, until=looked.until, **said)  # type: ignore[arg-type]
