"""What a table is: the columns one kind of value takes, and the way there and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

from yardwatch.store.cells import Kind

Row = TypeVar("Row")
Cells = dict[str, Any]
"""Column → value."""

GEOMETRY = "geom"


@dataclass(frozen=True, kw_only=True)
class Table(Generic[Row]):
    """One layer or attribute table."""

    name: str
    says: str
    """One line for whoever opens the file."""
    columns: Mapping[str, Kind]
    key: tuple[str, ...]
    """Columns that together tell two rows apart."""
    flatten: Callable[[Row], Cells]
    build: Callable[[Cells], Row]
    """Raises ValueError when the cells make no sense together."""

    @property
    def spatial(self) -> bool:
        """Whether it is a layer with polygons."""
        return GEOMETRY in self.columns


def columns(*lines: str) -> dict[str, Kind]:
    """Columns written as `KIND name name …`, in order."""
    words = [line.split() for line in lines]
    return {name: Kind(kind) for kind, *names in words for name in names}


def fields_of(row: Any) -> Cells:  # noqa: ANN401
    """The fields of a value by name."""
    return {field.name: getattr(row, field.name) for field in fields(row)}


def only(kind: type, cells: Cells) -> Cells:
    """The cells a value is built from, the others left out."""
    return {field.name: cells[field.name] for field in fields(kind)}
