"""The ledger of a site between the store, which holds lon/lat, and the method, which measures on the ground."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import shapely

from yardwatch.construction.ledger import Looked, follow
from yardwatch.construction.verdicts import Entry, entries
from yardwatch.ground import Frame
from yardwatch.model import Change, ChangeState
from yardwatch.steps.place import Place
from yardwatch.store.ledger_tables import CHANGE_STATES, VERDICTS
from yardwatch.store.protocol import Store


def recognise(place: Place, store: Store, found: Sequence[Change], looked: Looked) -> tuple[Change, ...]:
    """Found changes (ground metres) with the ids of the objects they are, lon/lat; what is new of them is kept."""
    followed = follow(_states(place.frame, store), found, looked)
    store.keep(CHANGE_STATES, [_carried(state, place.frame) for state in followed.news])
    return tuple(replace(change, polygon=place.frame.to_lonlat(change.polygon)) for change in followed.changes)


def remember(place: Place, store: Store, looked: Looked) -> None:
    """Take changes the ledger does not know into it as they stand: found before there was one, or edited by hand."""
    known = {state.change.id for state in store.kept(CHANGE_STATES)}
    strangers = [change for change in store.changes() if change.id not in known]
    if strangers:
        followed = follow((), _ground(place.frame, strangers), looked)
        store.keep(CHANGE_STATES, [_carried(state, place.frame) for state in followed.news])


def ledger(place: Place, store: Store) -> dict[str, Entry]:
    """Every object by id, outlines lon/lat."""
    return _lonlat(entries(_states(place.frame, store), store.kept(VERDICTS)), place.frame)


def supposed(place: Place, store: Store, found: Sequence[Change], looked: Looked) -> dict[str, Entry]:
    """The objects of a search of which nothing is kept, by id, in the order found; outlines lon/lat."""
    states = _states(place.frame, store)
    followed = follow(states, found, looked)
    every = _lonlat(entries((*states, *followed.news), store.kept(VERDICTS)), place.frame)
    return {change.id: every[change.id] for change in followed.changes}


def findings(place: Place, store: Store) -> tuple[Change, ...]:
    """The changes last found that nobody judged false, lon/lat."""
    known = ledger(place, store)
    return tuple(change for change in store.changes() if change.id not in known or not known[change.id].dismissed)


def looked_at(place: Place) -> shapely.Geometry:
    """Where a search looks, ground metres."""
    return shapely.union_all(list(place.ground_zones.values()))


def _states(frame: Frame, store: Store) -> list[ChangeState]:
    kept = store.kept(CHANGE_STATES)
    return [
        replace(state, change=change)
        for state, change in zip(kept, _ground(frame, [state.change for state in kept]), strict=True)
    ]


def _ground(frame: Frame, changes: Sequence[Change]) -> list[Change]:
    return [replace(change, polygon=frame.to_ground(change.polygon)) for change in changes]


def _carried(state: ChangeState, frame: Frame) -> ChangeState:
    return replace(state, change=replace(state.change, polygon=frame.to_lonlat(state.change.polygon)))


def _lonlat(known: Mapping[str, Entry], frame: Frame) -> dict[str, Entry]:
    return {
        id_: replace(
            entry,
            state=_carried(entry.state, frame),
            history=tuple(_carried(state, frame) for state in entry.history),
        )
        for id_, entry in known.items()
    }
