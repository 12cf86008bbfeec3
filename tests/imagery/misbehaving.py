"""A real web server on loopback that can be told to fail, in every way a test needs."""

from __future__ import annotations

import hashlib
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread

RANGE = re.compile(r"bytes=(\d+)-(\d*)$")


@dataclass
class Faults:
    """What the server does wrong. Counters go down with each answer; 0 is a good server."""

    status: list[int] = field(default_factory=list)
    """Statuses for the next requests, one each; 0 is a good answer."""
    retry_after: str | None = None
    cut_after: int | None = None
    """Close the connection after so many bytes of a body, while `cuts` last."""
    cuts: int = 0
    drip_s: float = 0.0
    """Pause between single bytes."""
    drips: int = 0
    """Answers that drip; −1: all."""
    say_more: int = 0
    """Added to the Content-Length."""
    lies: int = 0
    """Answers whose Content-Length lies; −1: all."""
    no_ranges: bool = False
    etag: bool = True
    weak: bool = False
    if_range: bool = True
    token: str | None = None
    """Without `?sig=<token>` every answer is 403."""
    delay_s: float = 0.0
    redirect: str | None = None


@dataclass
class Served:
    """The server as a test sees it."""

    url: str
    folder: Path
    faults: Faults
    bytes_sent: int = 0
    requests: list[str] = field(default_factory=list)
    """`GET /x.tif bytes=0-9`, in order."""
    headers: list[dict[str, str]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    before: Callable[[str], None] | None = None
    """Called with the path before each answer."""
    json: dict[str, Callable[[BaseHTTPRequestHandler, bytes], object]] = field(default_factory=dict)
    """Documents by path, made by a call."""
    lock: Lock = field(default_factory=Lock)

    def spent(self, counter: str) -> bool:
        """Use up one of a fault's answers; True while there is one."""
        with self.lock:
            left = getattr(self.faults, counter)
            if left > 0:
                setattr(self.faults, counter, left - 1)
            return left != 0


@contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """The folder's files at `url/name`, until the block is left."""
    served = Served(url="", folder=folder, faults=Faults())

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            answer(self, served)

        def do_POST(self):
            answer(self, served)

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    served.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()


def answer(handler: BaseHTTPRequestHandler, served: Served) -> None:
    """One answer, good or as bad as was asked for."""
    faults, (path, _, query) = served.faults, handler.path.partition("?")
    body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
    with served.lock:
        served.requests.append(f"{handler.command} {path} {handler.headers.get('Range', '')}".strip())
        served.headers.append(dict(handler.headers))
        served.times.append(time.monotonic())
        status = faults.status.pop(0) if faults.status else 0
    if served.before is not None:
        served.before(path)
    time.sleep(faults.delay_s)
    if status:
        headers = {"Retry-After": faults.retry_after} if faults.retry_after else {}
        return plain(handler, status, b"no", headers)
    if faults.redirect and path != faults.redirect:
        return plain(handler, 302, b"", {"Location": faults.redirect})
    if path in served.json:
        import json

        return plain(
            handler, 200, json.dumps(served.json[path](handler, body)).encode(), {"Content-Type": "application/json"}
        )
    file = served.folder / path.lstrip("/")
    if faults.token is not None and f"sig={faults.token}" not in query:
        return plain(handler, 403, b"expired", {})
    if not file.is_file():
        return plain(handler, 404, b"", {})
    return send_file(handler, served, file.read_bytes())


def plain(handler: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str]) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def send_file(handler: BaseHTTPRequestHandler, served: Served, data: bytes) -> None:
    faults = served.faults
    etag = ("W/" if faults.weak else "") + f'"{hashlib.sha256(data).hexdigest()[:12]}"'
    asked = None if faults.no_ranges else RANGE.match(handler.headers.get("Range", ""))
    if asked and faults.if_range and handler.headers.get("If-Range", etag) != etag:
        asked = None
    first = int(asked[1]) if asked else 0
    last = min(int(asked[2]) if asked and asked[2] else len(data) - 1, len(data) - 1)
    handler.send_response(206 if asked else 200)
    if asked:
        handler.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
    if faults.etag:
        handler.send_header("ETag", etag)
    more = faults.say_more if served.spent("lies") else 0
    handler.send_header("Content-Length", str(last - first + 1 + more))
    handler.end_headers()
    send_body(handler, served, data[first : last + 1])


def send_body(handler: BaseHTTPRequestHandler, served: Served, body: bytes) -> None:
    faults = served.faults
    try:
        if faults.drip_s and served.spent("drips"):
            for i in range(len(body)):
                handler.wfile.write(body[i : i + 1])
                time.sleep(faults.drip_s)
            return
        if faults.cut_after is not None and len(body) > faults.cut_after and served.spent("cuts"):
            handler.wfile.write(body[: faults.cut_after])
            with served.lock:
                served.bytes_sent += faults.cut_after
            handler.wfile.flush()
            handler.connection.shutdown(socket.SHUT_RDWR)
            handler.close_connection = True
            return
        handler.wfile.write(body)
        with served.lock:
            served.bytes_sent += len(body)
    except OSError:
        handler.close_connection = True
