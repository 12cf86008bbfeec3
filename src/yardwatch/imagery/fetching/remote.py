"""Remote: a file of which only a part is here, as GDAL reads it; what is missing is fetched on the way."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from pathlib import Path

from yardwatch.imagery.fetching.answers import fetch_span, first_answer
from yardwatch.imagery.fetching.partial import Partial
from yardwatch.imagery.fetching.spans import Span, merged, pieces, total
from yardwatch.imagery.fetching.web import Web

Report = Callable[[str, int, int], None]
"""`report(what, done, total)`, in kilobytes."""

HEAD_BYTES = 16_384
"""Asked for first: the head of a COG, where its directories stand."""
GRAIN_BYTES = 16_384
"""Bytes fetched around what GDAL asks for unplanned; its own `/vsicurl` does the same."""
GAP_BYTES = 16_384
"""Two spans nearer than that are fetched as one: another question costs more than the bytes between."""
PIECE_BYTES = 4_000_000
"""Longest span asked for at once, and kept at once: what a killed process loses at most, a connection."""
CONNECTIONS = 4


def silent(_what: str, _done: int, _total: int) -> None:
    """Report nothing."""


class Remote:
    """One version of a file at an address, on its way here."""

    def __init__(self, web: Web, url: str, folder: Path) -> None:
        """Ask which file it is and take up what an earlier process fetched of it. Raises UnavailableError."""
        self.web, self.url = web, url
        self.version, head = first_answer(web, url, HEAD_BYTES)
        self.partial = Partial(folder, self.version)
        self.fetched_bytes = len(head)
        self._done = 0
        self._stop = web.stop
        self._stop.clear()
        self._keep(0, head)

    def need(self, spans: Iterable[Span], what: str = "", report: Report = silent) -> None:
        """Have these bytes here, over several connections.

        Raises ChangedError or UnavailableError; what came by then is kept.
        """
        lacking = merged(self.partial.missing(spans), GAP_BYTES)
        if not lacking:
            return
        whole, self._done = total(lacking), 0
        report(what, 0, _kb(whole))
        self._stop.clear()
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            tasks = [pool.submit(self._fetch, piece) for piece in pieces(lacking, PIECE_BYTES)]
            try:
                pending = set(tasks)
                while pending:
                    finished, pending = wait(pending, timeout=0.25, return_when=FIRST_EXCEPTION)
                    report(what, min(_kb(self._done), _kb(whole)), _kb(whole))
                    for task in finished:
                        task.result()
            finally:
                self._stop.set()
                for task in tasks:
                    task.cancel()

    def read(self, first: int, length: int) -> bytes:
        """Bytes of the file; those not here are fetched first, with some around them."""
        after = min(first + length, self.version.size)
        if first >= after:
            return b""
        grains = (first // GRAIN_BYTES * GRAIN_BYTES, -(-after // GRAIN_BYTES) * GRAIN_BYTES)
        if self.partial.missing([(first, after)]):
            self.need([(grains[0], min(grains[1], self.version.size))])
        return self.partial.read(first, after)

    def close(self) -> None:
        """Let go of the files; what was fetched stays."""
        self._stop.set()
        self.partial.close()

    def _fetch(self, span: Span) -> None:
        kept = span[0]
        at = span[0]

        def sink(first: int, data: bytes) -> None:
            nonlocal kept, at
            if self._stop.is_set():
                raise InterruptedError("stopped")
            if first != at:  # the server began again, at the front of the file
                self.partial.keep((kept, at))
                kept = first
            self.partial.write(first, data)
            at = first + len(data)
            self.fetched_bytes += len(data)
            self._done += len(data)
            if at - kept >= PIECE_BYTES:
                self.partial.keep((kept, at))
                kept = at

        try:
            if self.partial.missing([span]):  # a server without ranges may have sent it in the meantime
                fetch_span(self.web, self.url, span, self.version, sink)
        finally:
            self.partial.keep((kept, at))

    def _keep(self, first: int, data: bytes) -> None:
        if self.partial.missing([(first, first + len(data))]):
            self.partial.write(first, data)
            self.partial.keep((first, first + len(data)))


class Readable(io.RawIOBase):
    """A remote file as the file object GDAL wants.

    What goes wrong in it is kept in `failure`: GDAL cannot pass on a Python error, it only sees that nothing could
    be read.
    """

    def __init__(self, remote: Remote) -> None:
        """Reading begins at the front."""
        self.remote, self.at = remote, 0
        self.failure: BaseException | None = None

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def size(self) -> int:
        """Bytes of the whole file."""
        return self.remote.version.size

    def tell(self) -> int:
        """Where the next byte is read."""
        return self.at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go there."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.size()}[whence]
        self.at = base + offset
        return self.at

    def read(self, size: int = -1) -> bytes:
        """So many bytes from here; none once something has failed."""
        if self.failure is not None:
            return b""
        try:
            data = self.remote.read(self.at, self.size() - self.at if size < 0 else size)
        except BaseException as error:  # noqa: BLE001 - raised again outside of GDAL
            self.failure = error
            return b""
        self.at += len(data)
        return data


def _kb(count: int) -> int:
    return -(-count // 1000)
