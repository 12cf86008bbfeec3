"""A relay on this machine that passes bytes on and counts those that come back: the same for HTTP and for S3."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Lock, Thread

CHUNK_BYTES = 65536


@dataclass
class Counted:
    """What came back so far."""

    port: int = 0
    bytes_back: int = 0
    connections: int = 0
    delay_s: float = 0.0
    """Before each request is passed on, as a far server would take."""
    _lock: Lock = field(default_factory=Lock, repr=False)

    def add(self, size: int) -> None:
        """So many bytes more."""
        with self._lock:
            self.bytes_back += size


@contextmanager
def relayed(host: str, port: int) -> Iterator[Counted]:
    """A port on loopback that leads to `host:port`, until the block is left."""
    counted = Counted()
    listening = socket.create_server(("127.0.0.1", 0))
    counted.port = listening.getsockname()[1]
    Thread(target=_accept, args=(listening, (host, port), counted), daemon=True).start()
    try:
        yield counted
    finally:
        listening.close()


def _accept(listening: socket.socket, to: tuple[str, int], counted: Counted) -> None:
    with suppress(OSError):  # closed: done
        while True:
            client, _ = listening.accept()
            counted.connections += 1
            server = socket.create_connection(to)
            Thread(target=_pass, args=(client, server, counted), kwargs={"back": False}, daemon=True).start()
            Thread(target=_pass, args=(server, client, counted), kwargs={"back": True}, daemon=True).start()


def _pass(source: socket.socket, target: socket.socket, counted: Counted, *, back: bool) -> None:
    with suppress(OSError):
        while chunk := source.recv(CHUNK_BYTES):
            if back:
                counted.add(len(chunk))
            elif counted.delay_s:
                time.sleep(counted.delay_s)
            target.sendall(chunk)
        target.shutdown(socket.SHUT_WR)
