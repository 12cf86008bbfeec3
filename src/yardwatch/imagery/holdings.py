"""Holdings: every file a catalogue's folder holds, by name, and what its bytes hash to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from yardwatch.imagery.catalogue import CATALOG
from yardwatch.imagery.describe import sha256


class Holdings(Protocol):
    """The files of a catalogue, wherever it is."""

    def names(self) -> tuple[str, ...]:
        """All files, relative, sorted; without what is on its way and without the index."""
        ...

    def digest(self, name: str) -> str | None:
        """SHA-256 of a file, None where it is not there. Raises UnavailableError where it cannot be read."""
        ...


@dataclass(frozen=True)
class FolderHoldings:
    """The files of a catalogue in a folder."""

    folder: Path

    def names(self) -> tuple[str, ...]:
        """See `Holdings`."""
        return tuple(sorted(path.relative_to(self.folder).as_posix() for path in self._files()))

    def digest(self, name: str) -> str | None:
        """See `Holdings`; a link out of the folder is as good as none."""
        path = self.folder / name
        if not path.is_file() or not path.resolve().is_relative_to(self.folder.resolve()):
            return None
        return sha256(path)

    def _files(self) -> Iterator[Path]:
        for path in self.folder.rglob("*") if self.folder.is_dir() else ():
            parts = path.relative_to(self.folder).parts
            if not path.is_dir() and parts != (CATALOG,) and not any(part.startswith(".") for part in parts):
                yield path
