"""The store that stays: one GeoPackage in the site's folder, open to QGIS and to any program that reads one.

Each call is one transaction: after a kill, a power cut or a full disk the file holds it whole or not at all. Two
processes may have it open; a write waits for the other's, and what is put twice is kept once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self, TypeVar

from yardwatch.model import Change, Observation
from yardwatch.store import statements
from yardwatch.store.container import connect, setting, settle, told, transaction
from yardwatch.store.protocol import check_ids, check_look, row_id
from yardwatch.store.rows import CarRow, CountRow, LookRow, ReviewRow, RunRow
from yardwatch.store.statements import decode, encode, insert, select
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
    Table,
    about,
)

Row = TypeVar("Row")


class GeoPackageStore:
    """A store in a GeoPackage, for one thread at a time.

    Args:
        path: the file, usually `site.gpkg`; made where it is missing.

    Raises:
        InputError: the file is damaged, or was not made by Yardwatch, or by a newer one.
        UnavailableError: it cannot be reached, or another program held it for a minute.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._connection = connect(self.path)

    def put_look(self, look: LookRow, counts: Sequence[CountRow], cars: Sequence[CarRow]) -> bool:
        """See `Store`."""
        check_look(look.id, counts, cars)
        with self._writing() as connection:
            if statements.has(connection, LOOKS, look.id):
                return False
            insert(connection, LOOKS, encode(LOOKS, [look]))
            insert(connection, COUNTS, encode(COUNTS, counts, about(look)))
            insert(connection, CARS, encode(CARS, cars, about(look)))
            statements.widen(connection, ("cars", "cars_newest"), [row.polygon for row in cars])
        return True

    def has_look(self, look: str) -> bool:
        """See `Store`."""
        with self._reading() as connection:
            return statements.has(connection, LOOKS, look)

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
        rows = encode(OBSERVATIONS, observations)
        with self._writing() as connection:
            if select(connection, OBSERVATIONS) != rows:
                statements.clear(connection, OBSERVATIONS)
                insert(connection, OBSERVATIONS, rows)

    def observations(self) -> tuple[Observation, ...]:
        """See `Store`."""
        return self._rows(OBSERVATIONS)

    def replace_changes(self, changes: Sequence[Change], run: str) -> None:
        """See `Store`."""
        check_ids("changes", (row.id for row in changes))
        rows = encode(CHANGES, changes, {"run": run})
        with self._writing() as connection:
            settle(connection, "changes_run", run)
            if select(connection, CHANGES) != rows:
                statements.clear(connection, CHANGES)
                insert(connection, CHANGES, rows)
                statements.widen(connection, ("changes", "changes_judged"), [row.polygon for row in changes])

    def changes(self) -> tuple[Change, ...]:
        """See `Store`."""
        return self._rows(CHANGES)

    def changes_run(self) -> str | None:
        """See `Store`."""
        with self._reading() as connection:
            return setting(connection, "changes_run")

    def put_review(self, review: ReviewRow, cars: Sequence[CarRow]) -> bool:
        """See `Store`."""
        check_look(review.look, (), cars)
        with self._writing() as connection:
            if statements.has(connection, REVIEWS, review.id):
                return False
            looks = decode(LOOKS, select(connection, LOOKS, "id", review.look))
            beside = about(looks[0] if looks else None) | {"review": review.id}
            insert(connection, REVIEWS, encode(REVIEWS, [review]))
            insert(connection, REVIEWED_CARS, encode(REVIEWED_CARS, cars, beside))
            statements.widen(connection, ("reviewed_cars",), [row.polygon for row in cars])
        return True

    def reviews(self) -> tuple[ReviewRow, ...]:
        """See `Store`."""
        return self._rows(REVIEWS)

    def reviewed_cars(self, review: str | None = None) -> tuple[CarRow, ...]:
        """See `Store`."""
        return self._rows(REVIEWED_CARS, "review", review)

    def put_run(self, run: RunRow) -> None:
        """See `Store`."""
        rows = encode(RUNS, [run])
        with self._writing() as connection:
            there = select(connection, RUNS, "id", run.id)
            if not there:
                insert(connection, RUNS, rows)
            elif there != rows:
                statements.update(connection, RUNS, run.id, rows[0])

    def runs(self) -> tuple[RunRow, ...]:
        """See `Store`."""
        return self._rows(RUNS)

    def keep(self, table: Table[Row], rows: Sequence[Row]) -> int:
        """See `Store`."""
        check_ids(table.name, (row_id(table, row) for row in rows))
        with self._writing() as connection:
            new = [row for row in rows if not statements.has(connection, table, row_id(table, row))]
            insert(connection, table, encode(table, new))
            if table.spatial:
                statements.widen(connection, (table.name,), [table.flatten(row)[GEOMETRY] for row in new])
        return len(new)

    def kept(self, table: Table[Row]) -> tuple[Row, ...]:
        """See `Store`."""
        return self._rows(table)

    def close(self) -> None:
        """See `Store`."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def _rows(self, table: Table[Row], column: str = "", value: str | None = None) -> tuple[Row, ...]:
        with self._reading() as connection:
            return decode(table, select(connection, table, column, value))

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with told(self.path):
            yield self._connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with told(self.path), transaction(self._connection):
            yield self._connection
