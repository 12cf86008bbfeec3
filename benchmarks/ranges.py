"""A web server for one file on this machine alone, with range requests, that counts the bytes it hands out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread

RANGE = re.compile(r"bytes=(\d+)-(\d*)$")


@dataclass
class Served:
    """What has been handed out so far."""

    url: str = ""
    bytes_sent: int = 0
    requests: int = 0
    _lock: Lock = field(default_factory=Lock, repr=False)

    def add(self, sent: int) -> None:
        """One more answer of so many bytes."""
        with self._lock:
            self.bytes_sent += sent
            self.requests += 1


@contextmanager
def served(path: Path) -> Iterator[Served]:
    """The file at an address on the loopback interface, until the block is left."""
    count = Served()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:  # named by http.server
            self._answer(body=False)

        def do_GET(self) -> None:  # named by http.server
            self._answer(body=True)

        def _answer(self, *, body: bool) -> None:
            if self.path != f"/{path.name}":
                self.send_error(404)
                return
            size = path.stat().st_size
            asked = RANGE.match(self.headers.get("Range", ""))
            first = int(asked[1]) if asked else 0
            last = min(int(asked[2]) if asked and asked[2] else size - 1, size - 1)
            self.send_response(206 if asked else 200)
            self.send_header("Accept-Ranges", "bytes")
            self.send_header("Content-Length", str(last - first + 1))
            if asked:
                self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
            self.end_headers()
            if body:
                self._send(first, last - first + 1)

        def _send(self, first: int, length: int) -> None:
            with path.open("rb") as file:
                file.seek(first)
                data = file.read(length)
            count.add(len(data))
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    count.url = f"http://127.0.0.1:{server.server_address[1]}/{path.name}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield count
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
