"""Text in and out of a site folder: read with a clear error, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from yardwatch.errors import SiteError, UnavailableError

MAX_BYTES = 512 * 1024 * 1024
"""Largest file read: a national railway extract as GeoJSON is about a quarter of this."""


def label(path: Path) -> str:
    """How messages name a file: its folder and its name, without the rest of the machine."""
    parent = path.resolve().parent.name
    return f"{parent}/{path.name}" if parent else path.name


def read_text(path: Path, max_bytes: int = MAX_BYTES) -> str:
    """The file's text (UTF-8, byte-order mark dropped).

    Raises UnavailableError where it cannot be opened; SiteError where it is empty, too large or not UTF-8.
    """
    try:
        size = path.stat().st_size
        if size > max_bytes:
            raise SiteError(f"{label(path)} has {size} bytes, more than the {max_bytes} that are read; cut it smaller")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SiteError(f"{label(path)} is not UTF-8 (byte {error.start}); save it again as UTF-8") from None
    except OSError as error:
        raise UnavailableError(f"{label(path)} cannot be read: {error.strerror or error}; check the path") from None
    if not text.strip():
        raise SiteError(f"{label(path)} is empty; restore it, or delete it and make it again")
    return text


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 as `write_bytes` does."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, data: bytes) -> None:
    """Write beside the file, then move over it: a reader sees the old file or the new one, never half of either."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise UnavailableError(f"{label(path)} cannot be written: {error.strerror or error}") from None
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        raise UnavailableError(f"{label(path)} cannot be written: {error.strerror or error}") from None
    finally:
        Path(temporary).unlink(missing_ok=True)
