"""CSV tables that people edit in spreadsheets: read with the row and column of every fault, written safe to open.

A spreadsheet runs a cell that begins with = + - or @ as a formula. Such cells, unless they are numbers, are written
with a leading apostrophe, which is taken away again when read (OWASP, *CSV Injection*).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from pathlib import Path
from typing import NoReturn

from yardwatch.errors import SiteError
from yardwatch.model import DateSpan
from yardwatch.sites.files import label, read_text, write_text
from yardwatch.sites.values import shown

LONGEST_ID = 120
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GRADE = re.compile(r"[A-F][1-6]")
_REMARK = re.compile(r"\s*\((inferred|approx\.?|approximate)\)\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """One row of a table."""

    where: str
    """File and row as a spreadsheet numbers it, the header being row 1."""
    cells: Mapping[str, str]
    """Every known column, outer blanks taken off; empty where the file has none."""

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def fail(self, column: str, problem: str) -> NoReturn:
        """Raise SiteError naming file, row and column."""
        raise SiteError(f"{self.where} column {column}: {problem}")

    def need(self, column: str, remedy: str) -> str:
        """The cell, which may not be empty."""
        return self[column] or self.fail(column, f"is empty; {remedy}")

    def identity(self) -> str:
        """The cell of `id`: one short line, since messages and pages quote it."""
        identity = self.need("id", "give each row its own id")
        if not identity.isprintable() or len(identity) > LONGEST_ID:
            self.fail("id", f"{shown(identity)} is no id; write up to {LONGEST_ID} plain characters on one line")
        return identity

    def number(self, column: str) -> float | None:
        """The cell as a finite number that is not negative; None where it is empty."""
        text = self[column]
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            self.fail(column, f"{shown(text)} is not a number; write digits alone and put 'about' into the note")
        if not isfinite(value) or value < 0:
            self.fail(column, f"{shown(text)} is not a quantity; write a number from 0 up, or leave it empty")
        return value

    def grade(self) -> str:
        """The cell of `grade` as an Admiralty grade, A1 to F6; empty where nobody gave one."""
        text = self["grade"].upper()
        if text and not _GRADE.fullmatch(text):
            self.fail("grade", f"{shown(text)} is no grade; write A–F and 1–6, for instance B2, or leave it empty")
        return text

    def span(self, column: str) -> tuple[DateSpan, str]:
        """The cell as days, and the remark behind it: `inferred`, `approximate` or nothing."""
        text = self.need(column, "write the day, for instance 2023-10-05")
        remark = _REMARK.search(text)
        try:
            span = DateSpan.parse(_REMARK.sub("", text))
        except ValueError as error:
            self.fail(column, shown(error, 160).strip("\"'"))
        if span.earliest < date(1900, 1, 1):
            self.fail(column, f"{shown(text)} is before 1900; correct the year")
        if remark is None:
            return span, ""
        return span, "inferred" if remark[1].lower() == "inferred" else "approximate"

    def address(self, column: str) -> str:
        """The cell as a web address, or empty: pages make links of it, so no other scheme is let in."""
        url = self[column]
        if url and not re.fullmatch(r"https?://[^\s<>\"']+", url, re.IGNORECASE):
            self.fail(column, f"{shown(url)} is no web address; begin it with https:// or leave it empty")
        return url


def guard(text: str) -> str:
    """A cell as written: an apostrophe before what a spreadsheet would run."""
    cell = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return f"'{cell}" if _FORMULA.match(cell) and not _is_number(cell) else cell


def unguard(text: str) -> str:
    """A cell as meant: `guard` undone."""
    cell = text.strip()
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def read_table(path: Path, columns: Sequence[str], required: Iterable[str]) -> list[Row]:
    """Rows of a comma-separated file with a header; blank rows are passed over.

    Raises SiteError for unknown, doubled or missing columns and for a row with more cells than the header.
    """
    try:
        lines = list(csv.reader(io.StringIO(read_text(path), newline=""), strict=True))
    except csv.Error as error:
        raise SiteError(f"{label(path)} is not CSV ({error}); save it as comma-separated UTF-8 text") from None
    header = [unguard(cell).lower() for cell in lines[0]]
    _check_header(path, header, columns, set(required))
    return [
        Row(f"{label(path)} row {number}", _cells(f"{label(path)} row {number}", header, columns, line))
        for number, line in enumerate(lines[1:], 2)
        if any(cell.strip() for cell in line)
    ]


def check_distinct(rows: Sequence[Row]) -> None:
    """Raise SiteError at the row whose id an earlier one has."""
    seen: set[str] = set()
    for row in rows:
        if row["id"] in seen:
            row.fail("id", f"{shown(row['id'])} is there twice; give each row its own id")
        seen.add(row["id"])


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Write rows under a header, every cell guarded."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([guard(row.get(column, "")) for column in columns] for row in rows)
    write_text(path, stream.getvalue())


def plain(value: float | None) -> str:
    """A number as a person writes it: no `.0`, nothing for None."""
    if value is None:
        return ""
    return str(int(value)) if value == int(value) else repr(float(value))


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text) is not None


def _check_header(path: Path, header: list[str], columns: Sequence[str], required: set[str]) -> None:
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        raise SiteError(f"{label(path)} row 1 is not separated by commas; save it as comma-separated UTF-8 text")
    for name in header:
        if name not in columns:
            raise SiteError(f"{label(path)} row 1: unknown column {shown(name)}; allowed: {', '.join(columns)}")
        if header.count(name) > 1:
            raise SiteError(f"{label(path)} row 1: column {name} is there twice; delete one")
    missing = [name for name in columns if name in required - set(header)]
    if missing:
        raise SiteError(f"{label(path)} row 1: column {missing[0]} is missing; needed: {', '.join(missing)}")


def _cells(where: str, header: list[str], columns: Sequence[str], line: list[str]) -> dict[str, str]:
    if len(line) > len(header):
        raise SiteError(
            f"{where} has {len(line)} cells under {len(header)} columns; put text that holds a comma in double quotes"
        )
    return dict.fromkeys(columns, "") | {name: unguard(cell) for name, cell in zip(header, line, strict=False)}
