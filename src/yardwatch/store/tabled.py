"""Tabled: a store over any engine that keeps rows in tables; what is kept and how is said here once.

An engine brings a session (`Session`): rows in its own columns, written inside one transaction. `geopackage` and
`postgis` are the two.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, Self, TypeVar

import shapely

from yardwatch.model import Change, Observation
from yardwatch.store.protocol import check_ids, check_look, row_id
from yardwatch.store.rows import CarRow, CountRow, LookRow, ReviewRow, RunRow
from yardwatch.store.tables import (
    CARS,
    CHANGES,
    COUNTS,
    GEOMETRY,
    LOOKS,
    OBSERVATIONS,
    REVIEWED_CARS,
    REVIEWS,
    RUNS,
    Cells,
    Table,
    about,
)

Row = TypeVar("Row")
Columns = tuple[Any, ...]
"""One row as the engine takes it, in the order of the table's columns."""


class Session(Protocol):
    """An engine's tables, open for reading or inside a transaction."""

    def encode(self, table: Table[Row], rows: Iterable[Row], beside: Cells | None = None) -> list[Columns]:
        """Rows as the engine takes them; `beside` fills the columns no row has of itself."""
        ...

    def decode(self, table: Table[Row], rows: Iterable[Columns]) -> tuple[Row, ...]:
        """The values again. Raises InputError for a row that was spoilt from outside."""
        ...

    def has(self, table: Table[Any], row_id: str) -> bool:
        """Whether a row of this id is there."""
        ...

    def select(self, table: Table[Any], column: str = "", value: str | None = None) -> list[Columns]:
        """Rows in the order they were put; with a value, those that have it in the column."""
        ...

    def insert(self, table: Table[Any], rows: Sequence[Columns]) -> None:
        """Add rows at the end."""
        ...

    def update(self, table: Table[Any], row_id: str, row: Columns) -> None:
        """Put a row in the place of the one of this id."""
        ...

    def clear(self, table: Table[Any]) -> None:
        """Take every row out."""
        ...

    def widen(self, layers: Sequence[str], polygons: Sequence[shapely.Polygon]) -> None:
        """Widen the extent the layers are listed with, where the engine lists one."""
        ...

    def setting(self, name: str) -> str | None:
        """What holds for the whole store under this name; None when nothing was said."""
        ...

    def settle(self, name: str, value: str) -> None:
        """Say what holds for the whole store."""
        ...


class TableStore(ABC):
    """A store whose engine keeps rows in tables."""

    @abstractmethod
    def _reading(self) -> AbstractContextManager[Session]:
        """A session to read with."""

    @abstractmethod
    def _writing(self) -> AbstractContextManager[Session]:
        """A session in which all is written or nothing, while nobody else writes."""

    @abstractmethod
    def close(self) -> None:
        """See `Store`."""

    def put_look(self, look: LookRow, counts: Sequence[CountRow], cars: Sequence[CarRow]) -> bool:
        """See `Store`."""
        check_look(look.id, counts, cars)
        with self._writing() as session:
            if session.has(LOOKS, look.id):
                return False
            session.insert(LOOKS, session.encode(LOOKS, [look]))
            session.insert(COUNTS, session.encode(COUNTS, counts, about(look)))
            session.insert(CARS, session.encode(CARS, cars, about(look)))
            session.widen(("cars", "cars_newest"), [row.polygon for row in cars])
        return True

    def has_look(self, look: str) -> bool:
        """See `Store`."""
        with self._reading() as session:
            return session.has(LOOKS, look)

    def looks(self) -> tuple[LookRow, ...]:
        """See `Store`."""
        return self._rows(LOOKS)

    def counts(self, zone: str | None = None) -> tuple[CountRow, ...]:
        """See `Store`."""
        return self._rows(COUNTS, "zone", zone)

    def cars(self, look: str | None = None) -> tuple[CarRow, ...]:
        """See `Store`."""
        return self._rows(CARS, "look", look)

    def replace_observations(self, observations: Sequence[Observation]) -> None:
        """See `Store`."""
        check_ids("observations", (row.id for row in observations))
        with self._writing() as session:
            rows = session.encode(OBSERVATIONS, observations)
            if session.select(OBSERVATIONS) != rows:
                session.clear(OBSERVATIONS)
                session.insert(OBSERVATIONS, rows)

    def observations(self) -> tuple[Observation, ...]:
        """See `Store`."""
        return self._rows(OBSERVATIONS)

    def replace_changes(self, changes: Sequence[Change], run: str) -> None:
        """See `Store`."""
        check_ids("changes", (row.id for row in changes))
        with self._writing() as session:
            rows = session.encode(CHANGES, changes, {"run": run})
            session.settle("changes_run", run)
            if session.select(CHANGES) != rows:
                session.clear(CHANGES)
                session.insert(CHANGES, rows)
                session.widen(("changes", "changes_judged"), [row.polygon for row in changes])

    def changes(self) -> tuple[Change, ...]:
        """See `Store`."""
        return self._rows(CHANGES)

    def changes_run(self) -> str | None:
        """See `Store`."""
        with self._reading() as session:
            return session.setting("changes_run")

    def put_review(self, review: ReviewRow, cars: Sequence[CarRow]) -> bool:
        """See `Store`."""
        check_look(review.look, (), cars)
        with self._writing() as session:
            if session.has(REVIEWS, review.id):
                return False
            looks = session.decode(LOOKS, session.select(LOOKS, "id", review.look))
            beside = about(looks[0] if looks else None) | {"review": review.id}
            session.insert(REVIEWS, session.encode(REVIEWS, [review]))
            session.insert(REVIEWED_CARS, session.encode(REVIEWED_CARS, cars, beside))
            session.widen(("reviewed_cars",), [row.polygon for row in cars])
        return True

    def reviews(self) -> tuple[ReviewRow, ...]:
        """See `Store`."""
        return self._rows(REVIEWS)

    def reviewed_cars(self, review: str | None = None) -> tuple[CarRow, ...]:
        """See `Store`."""
        return self._rows(REVIEWED_CARS, "review", review)

    def put_run(self, run: RunRow) -> None:
        """See `Store`."""
        with self._writing() as session:
            rows = session.encode(RUNS, [run])
            there = session.select(RUNS, "id", run.id)
            if not there:
                session.insert(RUNS, rows)
            elif there != rows:
                session.update(RUNS, run.id, rows[0])

    def runs(self) -> tuple[RunRow, ...]:
        """See `Store`."""
        return self._rows(RUNS)

    def keep(self, table: Table[Row], rows: Sequence[Row]) -> int:
        """See `Store`."""
        check_ids(table.name, (row_id(table, row) for row in rows))
        with self._writing() as session:
            new = [row for row in rows if not session.has(table, row_id(table, row))]
            session.insert(table, session.encode(table, new))
            if table.spatial:
                session.widen((table.name,), [table.flatten(row)[GEOMETRY] for row in new])
        return len(new)

    def kept(self, table: Table[Row]) -> tuple[Row, ...]:
        """See `Store`."""
        return self._rows(table)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def _rows(self, table: Table[Row], column: str = "", value: str | None = None) -> tuple[Row, ...]:
        with self._reading() as session:
            return session.decode(table, session.select(table, column, value))
