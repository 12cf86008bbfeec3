"""Bundles as they come from strangers: read without unpacking, within limits, and never outside the archive."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from yardwatch.errors import InputError, UnavailableError

MOST_FILES = 10_000
MOST_BYTES = 4 * 1024**3
"""Unpacked; a bundle of a large site holds some hundred megabytes."""
MOST_RATIO = 1_000
"""Unpacked over packed; text shrinks some tenfold, a bomb a thousandfold and more."""
MOST_TEXT = 512 * 1024**2
"""Of one file that is read whole (the page, the JSON)."""
PIECE = 1024 * 1024


@dataclass(frozen=True)
class Archive:
    """A zip whose names and sizes have been looked at."""

    path: Path
    members: dict[str, zipfile.ZipInfo]

    def digest(self, name: str) -> str:
        """SHA-256 of a member, read in pieces. Raises BadZipFile where it is damaged."""
        found = hashlib.sha256()
        for piece in self._pieces(name):
            found.update(piece)
        return found.hexdigest()

    def read(self, name: str) -> bytes:
        """A member, whole. Raises InputError where it is larger than any report."""
        if self.members[name].file_size > MOST_TEXT:
            raise InputError(f"{self.path}: {name} is larger than any report; this is no bundle of ours")
        return b"".join(self._pieces(name))

    def _pieces(self, name: str) -> Iterator[bytes]:
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.members[name]) as file:
                while piece := file.read(PIECE):
                    yield piece
        except (zlib.error, EOFError, NotImplementedError) as error:
            raise zipfile.BadZipFile(f"{name}: {error}") from None


def open_archive(path: Path) -> Archive:
    """Open a bundle. Raises UnavailableError where it is not there, InputError for no zip or one not to be trusted."""
    if not path.is_file():
        raise UnavailableError(f"{path}: is not there; name the .zip that `yardwatch report --form bundle` wrote")
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise InputError(f"{path}: is no readable zip archive ({error}); fetch it again") from None
    why = next((reason for reason in map(_distrust, members) if reason), None) or _too_much(members)
    if why:
        raise InputError(f"{path}: {why}; it was not unpacked, and is no bundle Yardwatch wrote")
    return Archive(path, {member.filename: member for member in members})


def _distrust(member: zipfile.ZipInfo) -> str | None:
    name, parts = member.filename, PurePosixPath(member.filename).parts
    if not name.isprintable() or "\\" in name or ":" in name or name.startswith("/") or ".." in parts:
        return f"holds a name that leads elsewhere ({name[:80]!r})"
    if member.flag_bits & 0x1:
        return f"{name[:80]!r} is encrypted"
    if (member.external_attr >> 16) & 0o170000 == 0o120000:
        return f"{name[:80]!r} is a link"
    if member.file_size > MOST_RATIO * max(member.compress_size, 1):
        return f"{name[:80]!r} unpacks to {member.file_size // 1024**2} MB out of next to nothing"
    return None


def _too_much(members: list[zipfile.ZipInfo]) -> str | None:
    if len(members) > MOST_FILES:
        return f"holds {len(members)} files, more than {MOST_FILES}"
    if sum(member.file_size for member in members) > MOST_BYTES:
        return f"unpacks to more than {MOST_BYTES // 1024**3} GB"
    names = [member.filename for member in members]
    twice = next((name for name in names if names.count(name) > 1), None) if len(set(names)) < len(names) else None
    return f"holds {twice[:80]!r} twice" if twice else None
