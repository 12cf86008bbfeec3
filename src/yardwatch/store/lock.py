"""One run at a time in a site: an advisory lock on a file in its folder.

The operating system holds it (`flock`) and lets go when the process ends, however it ends, so a killed run leaves no
lock behind. The file itself stays; taking it away while somebody waits would let two in.
"""

from __future__ import annotations

import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from yardwatch.errors import UnavailableError

LOCK_NAME = ".yardwatch.lock"
POLL_S = 0.1
"""How often a waiter looks again; a run takes seconds at least."""

log = logging.getLogger(__name__)
_mine = threading.local()


@contextmanager
def site_lock(
    folder: str | Path, *, wait_s: float | None = None, say: Callable[[str], None] = log.warning
) -> Iterator[None]:
    """Hold the site's folder for as long as the block lasts; wait, and say so once, while another holds it.

    Args:
        folder: of the site.
        wait_s: give up after so many seconds; None waits for ever.
        say: told once, with one line, when there is waiting to do.

    Raises:
        UnavailableError: the folder cannot be written, has no locks, or `wait_s` is over.
        RuntimeError: this thread holds it already and would wait for itself.
    """
    path = Path(folder) / LOCK_NAME
    held: set[str] = _mine.__dict__.setdefault("held", set())
    name = str(path.resolve())
    if name in held:
        raise RuntimeError(f"{folder} is locked by this thread already")
    with _open(path) as file:
        _take(file, Path(folder), wait_s, say)
        held.add(name)
        try:
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
            yield
        finally:
            held.discard(name)


def _open(path: Path) -> IO[str]:
    try:
        return path.open("a+", encoding="utf-8")
    except OSError as error:
        raise UnavailableError(f"{path.parent} cannot be locked: {error.strerror}; is it there, and yours?") from error


def _take(file: IO[str], folder: Path, wait_s: float | None, say: Callable[[str], None]) -> None:
    began = time.monotonic()
    told = False
    while not _try(file, folder):
        if wait_s is not None and time.monotonic() - began >= wait_s:
            raise UnavailableError(f"{folder} is in use by {_holder(file)}; wait for it, or end it, then run again")
        if not told:
            say(f"{folder} is in use by {_holder(file)}; waiting for it to finish (Ctrl-C gives up)")
            told = True
        time.sleep(POLL_S)


def _try(file: IO[str], folder: Path) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise UnavailableError(f"{folder} cannot be locked: {error.strerror}; move the site to a local disk") from error
    return True


def _holder(file: IO[str]) -> str:
    file.seek(0)
    number = file.read(32).strip()
    return f"process {number}" if number.isdecimal() else "another process"
