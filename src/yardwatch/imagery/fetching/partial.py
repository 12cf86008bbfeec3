"""Partial: what has been fetched of one remote file, kept on disk from byte to byte.

    bytes      a sparse file, as long as the remote one; only what was fetched takes room
    ranges     one line a span that is safely there: "first after"
    version    which file it is of: address, size, ETag, date

A line is written after its bytes are on the disk, so a process killed between the two loses those bytes and
nothing else; a line cut in half is not read.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from yardwatch.errors import UnavailableError
from yardwatch.imagery.fetching.spans import Span, merged, missing, total

NOTE_BYTES = 1_000_000
"""Waiting for the disk costs as much as a question to a server; a killed process loses no more than this."""
BYTES, RANGES, VERSION = "bytes", "ranges", "version.json"


@dataclass(frozen=True, kw_only=True)
class Version:
    """Which file it is, as far as its server says."""

    size: int
    etag: str | None = None
    modified: str | None = None

    def is_same(self, other: Version) -> bool:
        """Not known to be another: same size, and the same ETag (or date) where both say one."""
        said = [(self.etag, other.etag)] if self.etag and other.etag else [(self.modified, other.modified)]
        return self.size == other.size and all(a == b for a, b in said if a and b)


class Partial:
    """What is here of one version of a file. Every method raises UnavailableError where the disk refuses."""

    def __init__(self, folder: Path, version: Version) -> None:
        """Take up what is there of the same version; of another, or of a broken folder, begin anew."""
        self.folder, self.version = folder, version
        self._lock = threading.Lock()
        self.there: list[Span] = []
        self._unwritten: list[Span] = []
        with _told(folder):
            folder.mkdir(parents=True, exist_ok=True)
            if self._is_ours():
                self.there = merged(_lines(folder / RANGES, version.size))
            else:
                self._begin()
            self._file = os.open(folder / BYTES, os.O_RDWR)
            self._ranges = os.open(folder / RANGES, os.O_WRONLY | os.O_APPEND)
        self.taken_up = self.there[:]
        """What an earlier process had fetched."""

    def missing(self, spans: Iterable[Span]) -> list[Span]:
        """What of the spans is not here yet."""
        with self._lock:
            return [part for span in merged(spans) for part in missing(span, self.there)]

    def read(self, first: int, after: int) -> bytes:
        """Bytes that are here."""
        with _told(self.folder):
            return os.pread(self._file, after - first, first)

    def write(self, first: int, data: bytes) -> None:
        """Put bytes in their place; they count once `keep` says so."""
        with _told(self.folder):
            done = 0
            while done < len(data):
                done += os.pwrite(self._file, data[done:], first + done)

    def keep(self, span: Span) -> None:
        """Note that a span is here; on the disk once a megabyte has come together, bytes first, then the lines."""
        if span[0] >= span[1]:
            return
        with _told(self.folder), self._lock:
            self.there = merged([*self.there, span])
            self._unwritten = merged([*self._unwritten, span])
            if total(self._unwritten) >= NOTE_BYTES:
                self._note()

    def close(self) -> None:
        """Note what is not noted yet and close the files; what is in them stays."""
        with _told(self.folder), self._lock:
            self._note()
        for number in (self._file, self._ranges):
            os.close(number)

    def _note(self) -> None:
        if self._unwritten:
            os.fdatasync(self._file)
            os.write(self._ranges, "".join(f"{first} {after}\n" for first, after in self._unwritten).encode())
            self._unwritten = []

    def _is_ours(self) -> bool:
        try:
            kept = json.loads((self.folder / VERSION).read_text(encoding="utf-8"))
            before = Version(**kept)
            named = bool(before.etag or before.modified)  # else nobody could tell two versions of one size apart
            return (
                named
                and before.is_same(self.version)
                and all((self.folder / name).is_file() for name in (BYTES, RANGES))
            )
        except (OSError, ValueError, TypeError):
            return False

    def _begin(self) -> None:
        for name in (RANGES, VERSION, BYTES):
            (self.folder / name).unlink(missing_ok=True)
        with (self.folder / BYTES).open("wb") as file:
            file.truncate(self.version.size)
        (self.folder / RANGES).touch()
        part = self.folder / f"{VERSION}.part"
        part.write_text(json.dumps(asdict(self.version)), encoding="utf-8")
        part.replace(self.folder / VERSION)


def discard(folder: Path) -> None:
    """Take away what was fetched."""
    shutil.rmtree(folder, ignore_errors=True)


def _lines(path: Path, size: int) -> list[Span]:
    """Whole lines that make sense; the last may be cut."""
    found = []
    for line in path.read_text(encoding="ascii", errors="replace").split("\n")[:-1]:
        words = line.split(" ")
        if len(words) == 2 and all(word.isdecimal() for word in words):
            first, after = int(words[0]), int(words[1])
            if 0 <= first < after <= size:
                found.append((first, after))
    return found


class _told:  # noqa: N801 - reads as a clause: `with _told(folder):`
    """OSError as the error a user can act on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, OSError):
            raise UnavailableError(
                f"{self.folder.parent}: cannot be written ({error.strerror or error}); make room or check that you "
                "may write there, then run the same command again: what was fetched is kept"
            ) from error
