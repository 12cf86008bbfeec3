"""Custody: an append-only log of what was done with a site's files, each line sealed with the hash of the one before.

`custody.jsonl` in the site's folder, one JSON object a line, keys sorted:

    n         its number, from 1
    at        when, UTC
    who       `YARDWATCH_USER`, else the user of this machine
    what      received, adopted, licence, ran, reviewed, reported, exported, repaired
    command   as typed, without what may be secret in an address
    versions  of Yardwatch, Python and what read the pixels
    files     file → SHA-256 as left by the command; None for one taken away
    parents   file → what it was made of (SHA-256)
    about     what else belongs to it
    previous  SHA-256 of the line before, "" for the first
    hash      SHA-256 of this line without `hash`

A line changed by hand no longer has its own hash, a line taken out breaks the next one's `previous`. Whoever can
write the file can also make the whole chain anew: only a head noted elsewhere (it is printed by `verify`, and goes
well into a report or a mail) proves that nobody did.

A process killed while it wrote leaves a torn last line. It is never cut off: the next line is a `repaired` one that
names it and holds its hash, and both stay.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from yardwatch.errors import UnavailableError
from yardwatch.store.ids import canonical_json

LOG = "custody.jsonl"
WORDS = ("received", "adopted", "licence", "ran", "reviewed", "reported", "exported", "repaired")

_CUT = "was cut short while it was written; the next command that writes repairs it"
_EDITED = "was changed by hand: its hash is not that of its words"


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What one command did, before it is sealed."""

    what: str
    who: str
    command: str
    versions: Mapping[str, str]
    files: Mapping[str, str | None] = field(default_factory=dict)
    """File, relative to the site's folder (or an address) → SHA-256."""
    parents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """File → SHA-256 of what it was made of."""
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line as it stands in the file."""

    number: int
    """From 1, in the file."""
    raw: bytes
    """Without the line break."""
    fault: str | None = None
    """Why it cannot be trusted; None when it is as it was written."""

    @property
    def digest(self) -> str:
        """What the next line must call `previous`."""
        return hashlib.sha256(self.raw).hexdigest()

    @property
    def content(self) -> Mapping[str, Any]:
        """What it says; empty when it is no JSON object."""
        try:
            found = json.loads(self.raw)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


def append(folder: str | Path, deed: Deed, at: datetime | None = None) -> str:
    """Add a line, on the disk when this returns; gives the new head. Two processes may do so at once.

    Raises UnavailableError where the file cannot be written.
    """
    if deed.what not in WORDS:
        raise ValueError(f"custody knows no deed {deed.what!r}")
    path = Path(folder) / LOG
    with _held(path) as file:
        last = _mend(file, deed)
        return _write(file, deed, last, at)


def read(folder: str | Path) -> tuple[Line, ...]:
    """Every line, each with its fault where it has one; none where there is no log."""
    path = Path(folder) / LOG
    if not path.is_file():
        return ()
    try:
        whole = path.read_bytes()
    except OSError as error:
        raise UnavailableError(f"{path}: cannot be read ({error.strerror}); may you?") from error
    return lines_of(whole)


def lines_of(log: bytes) -> tuple[Line, ...]:
    """Every line of a log, or of the beginning of one, each with its fault where it has one."""
    return tuple(_checked(log.split(b"\n"), log.endswith(b"\n")))


def head(folder: str | Path) -> str:
    """Hash of the last line, which seals all before it; "" where there is none."""
    lines = read(folder)
    return lines[-1].digest if lines else ""


def deeds(folder: str | Path) -> Iterator[Mapping[str, Any]]:
    """What the lines say, oldest first, trusted or not."""
    return (line.content for line in read(folder) if line.content)


def _checked(rows: list[bytes], whole: bool) -> Iterator[Line]:
    """Each line against the one before it; a spoilt line is named alone, and not also the one that follows it."""
    rows = rows[:-1] if whole or not rows[-1] else rows
    repaired = _repaired(rows)
    before: str | None = ""
    n = 0
    for number, raw in enumerate(rows, start=1):
        digest = hashlib.sha256(raw).hexdigest()
        owned_up = repaired.get(number) == digest
        sound = _own_hash(raw)
        cut = number == len(rows) and not whole
        fault = None if owned_up else _follows(raw, n + 1, before) if sound else _CUT if cut else _EDITED
        yield Line(number=number, raw=raw, fault=fault)
        before = digest if sound or owned_up else None
        n = json.loads(raw)["n"] if sound else n + 1


def _repaired(rows: list[bytes]) -> dict[int, str]:
    """Torn lines that a later, sound line owns up to: number → hash."""
    found = {}
    for raw in rows:
        if b'"repaired"' in raw and _own_hash(raw):
            said = json.loads(raw)
            if said.get("what") == "repaired":
                found[said["about"]["line"]] = said["about"]["sha256"]
    return found


def _follows(raw: bytes, n: int, before: str | None) -> str | None:
    """Why a line with a hash of its own does not come after the one before; None before: that one is named itself."""
    said = json.loads(raw)
    if said["n"] != n:
        return f"calls itself line {said['n']} where line {n} is due: lines were taken out, put in or moved"
    if before is not None and said["previous"] != before:
        return "does not follow the line before it, which was replaced by another"
    return None


def _own_hash(raw: bytes) -> bool:
    """Whether a line has the hash it states."""
    try:
        said = json.loads(raw)
        stated = said.pop("hash")
        return bool(_hash(said) == stated and {"n", "previous"} <= set(said))
    except (ValueError, KeyError, AttributeError, TypeError):
        return False


def _hash(said: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical_json(dict(said)).encode()).hexdigest()


@contextmanager
def _held(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
    except OSError as error:
        raise UnavailableError(f"{path}: cannot be written ({error.strerror}); is there room, and may you?") from error


def _mend(file: BinaryIO, deed: Deed) -> tuple[int, str]:
    """Number and hash of the last line, after a torn one was closed and owned up to."""
    file.seek(0)
    rows = file.read().split(b"\n")
    torn = rows.pop()
    number, digest = len(rows), hashlib.sha256(rows[-1]).hexdigest() if rows else ""
    if torn:
        file.write(b"\n")
        number, digest = number + 1, hashlib.sha256(torn).hexdigest()
        if not _own_hash(torn):  # else only its line break was missing
            about = {"line": number, "sha256": digest}
            mending = Deed(what="repaired", who=deed.who, command=deed.command, versions=deed.versions, about=about)
            digest = _write(file, mending, (number, digest), None)
            number += 1
    return number, digest


def _write(file: BinaryIO, deed: Deed, last: tuple[int, str], at: datetime | None) -> str:
    said = asdict(deed) | {"n": last[0] + 1, "previous": last[1], "at": _instant(at or datetime.now(UTC))}
    raw = canonical_json(said | {"hash": _hash(json.loads(canonical_json(said)))}).encode()
    file.write(raw + b"\n")
    file.flush()
    os.fsync(file.fileno())
    return hashlib.sha256(raw).hexdigest()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
