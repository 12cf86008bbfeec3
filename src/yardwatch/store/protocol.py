"""What a store can do, and the one that forgets.

Every store keeps the order things were put in, writes each call whole or not at all, and changes nothing when the
same is put again. Any store must pass `tests/store/test_store_contract.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, Self, TypeVar

from yardwatch.errors import InputError
from yardwatch.model import Change, Observation
from yardwatch.store.rows import CarRow, CountRow, LookRow, ReviewRow, RunRow
from yardwatch.store.table import Table

Row = TypeVar("Row")


class Store(Protocol):
    """A site's memory."""

    def put_look(self, look: LookRow, counts: Sequence[CountRow], cars: Sequence[CarRow]) -> bool:
        """Keep a look with its counts and cars. False, and nothing changed, when its id is there already."""
        ...

    def has_look(self, look: str) -> bool:
        """Whether a look of this id is kept."""
        ...

    def looks(self) -> tuple[LookRow, ...]:
        """Every look."""
        ...

    def counts(self, zone: str | None = None) -> tuple[CountRow, ...]:
        """Counts of one zone, or all."""
        ...

    def cars(self, look: str | None = None) -> tuple[CarRow, ...]:
        """Cars of one look, or all."""
        ...

    def replace_observations(self, observations: Sequence[Observation]) -> None:
        """Make these the whole record. Raises InputError when two share an id."""
        ...

    def observations(self) -> tuple[Observation, ...]:
        """The record."""
        ...

    def replace_changes(self, changes: Sequence[Change], run: str) -> None:
        """Make these (lon/lat) the whole list of changes, also when there are none; `run` says what found them."""
        ...

    def changes(self) -> tuple[Change, ...]:
        """Ground that changed and stayed so, lon/lat."""
        ...

    def changes_run(self) -> str | None:
        """What was said to have found the changes; None while nobody has looked for any."""
        ...

    def put_review(self, review: ReviewRow, cars: Sequence[CarRow]) -> bool:
        """Keep a review and the cars it left standing. False when its id is there already."""
        ...

    def reviews(self) -> tuple[ReviewRow, ...]:
        """Every review."""
        ...

    def reviewed_cars(self, review: str | None = None) -> tuple[CarRow, ...]:
        """Cars left standing by one review, or by all."""
        ...

    def put_run(self, run: RunRow) -> None:
        """Keep a run; the same id again takes the place of the row (it has finished)."""
        ...

    def runs(self) -> tuple[RunRow, ...]:
        """Every run."""
        ...

    def keep(self, table: Table[Row], rows: Sequence[Row]) -> int:
        """Add rows to a table that only grows, all or none; those whose id is there are left out. How many were new."""
        ...

    def kept(self, table: Table[Row]) -> tuple[Row, ...]:
        """Rows of a table that only grows, in the order they were added."""
        ...

    def close(self) -> None:
        """Let go; what was put stays."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *failure: object) -> None: ...


class MemoryStore:
    """A store that lives as long as the object: for tests, and for a count without a site."""

    def __init__(self) -> None:
        self._looks: dict[str, LookRow] = {}
        self._counts: list[CountRow] = []
        self._cars: list[CarRow] = []
        self._observations: tuple[Observation, ...] = ()
        self._changes: tuple[Change, ...] = ()
        self._changes_run: str | None = None
        self._reviews: dict[str, ReviewRow] = {}
        self._reviewed: list[tuple[str, CarRow]] = []
        self._runs: dict[str, RunRow] = {}
        self._grown: dict[str, dict[str, Any]] = {}

    def put_look(self, look: LookRow, counts: Sequence[CountRow], cars: Sequence[CarRow]) -> bool:
        """See `Store`."""
        check_look(look.id, counts, cars)
        if look.id in self._looks:
            return False
        self._looks[look.id] = look
        self._counts += counts
        self._cars += cars
        return True

    def has_look(self, look: str) -> bool:
        """See `Store`."""
        return look in self._looks

    def looks(self) -> tuple[LookRow, ...]:
        """See `Store`."""
        return tuple(self._looks.values())

    def counts(self, zone: str | None = None) -> tuple[CountRow, ...]:
        """See `Store`."""
        return tuple(row for row in self._counts if zone in (None, row.zone))

    def cars(self, look: str | None = None) -> tuple[CarRow, ...]:
        """See `Store`."""
        return tuple(row for row in self._cars if look in (None, row.look))

    def replace_observations(self, observations: Sequence[Observation]) -> None:
        """See `Store`."""
        check_ids("observations", (row.id for row in observations))
        self._observations = tuple(observations)

    def observations(self) -> tuple[Observation, ...]:
        """See `Store`."""
        return self._observations

    def replace_changes(self, changes: Sequence[Change], run: str) -> None:
        """See `Store`."""
        check_ids("changes", (row.id for row in changes))
        self._changes, self._changes_run = tuple(changes), run

    def changes(self) -> tuple[Change, ...]:
        """See `Store`."""
        return self._changes

    def changes_run(self) -> str | None:
        """See `Store`."""
        return self._changes_run

    def put_review(self, review: ReviewRow, cars: Sequence[CarRow]) -> bool:
        """See `Store`."""
        check_look(review.look, (), cars)
        if review.id in self._reviews:
            return False
        self._reviews[review.id] = review
        self._reviewed += [(review.id, car) for car in cars]
        return True

    def reviews(self) -> tuple[ReviewRow, ...]:
        """See `Store`."""
        return tuple(self._reviews.values())

    def reviewed_cars(self, review: str | None = None) -> tuple[CarRow, ...]:
        """See `Store`."""
        return tuple(car for of, car in self._reviewed if review in (None, of))

    def put_run(self, run: RunRow) -> None:
        """See `Store`."""
        self._runs[run.id] = run

    def runs(self) -> tuple[RunRow, ...]:
        """See `Store`."""
        return tuple(self._runs.values())

    def keep(self, table: Table[Row], rows: Sequence[Row]) -> int:
        """See `Store`."""
        check_ids(table.name, (row_id(table, row) for row in rows))
        there = self._grown.setdefault(table.name, {})
        new = {row_id(table, row): row for row in rows if row_id(table, row) not in there}
        there |= new
        return len(new)

    def kept(self, table: Table[Row]) -> tuple[Row, ...]:
        """See `Store`."""
        return tuple(self._grown.get(table.name, {}).values())

    def close(self) -> None:
        """See `Store`."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()


def check_look(look: str, counts: Sequence[CountRow], cars: Sequence[CarRow]) -> None:
    """Refuse counts and cars of another look (ValueError), and two of one id (InputError)."""
    strangers = ({row.look for row in counts} | {row.look for row in cars}) - {look}
    if strangers:
        raise ValueError(f"look {look}: given counts or cars of {', '.join(sorted(strangers))}")
    check_ids(f"counts of look {look}", (row.id for row in counts))
    check_ids(f"cars of look {look}", (row.car.id for row in cars))


def row_id(table: Table[Row], row: Row) -> str:
    """The `id` cell of a row."""
    return str(table.flatten(row)["id"])


def check_ids(of_what: str, ids: Iterable[str]) -> None:
    """Refuse two rows of one id (InputError)."""
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise InputError(f"{of_what}: two have the id {one!r}; give each its own")
        seen.add(one)
