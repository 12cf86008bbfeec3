"""Answers: one span of a file asked for, and what the server really sent.

Nothing a header says is taken on trust: the span must be the one asked for, the file the one known, and the bytes as
many as promised. What came before a failure is passed on, and the next attempt goes on behind it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import httpx

from yardwatch.errors import UnavailableError
from yardwatch.imagery.fetching.addresses import shown
from yardwatch.imagery.fetching.partial import Version
from yardwatch.imagery.fetching.spans import Span
from yardwatch.imagery.fetching.web import Web, come_again, why

Sink = Callable[[int, bytes], None]
"""`sink(first, data)`: bytes of the file and where they stand in it."""

LARGEST_WHOLE_BYTES = 256_000_000
"""A server without ranges sends all of a file; beyond this it is not worth a window."""
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)$")


class ChangedError(Exception):
    """The file at the address is no longer the one that was begun."""


@dataclass(frozen=True, kw_only=True)
class _Sent:
    """What an answer holds, as its headers say."""

    first: int
    after: int
    version: Version


def first_answer(web: Web, url: str, length: int) -> tuple[Version, bytes]:
    """Which file it is, and its first bytes (all of it where the server has no ranges)."""

    def ask() -> tuple[Version, bytes]:
        with web.answer("GET", url, {"Range": f"bytes=0-{length - 1}"}) as response:
            sent = _sent(response, url, (0, length))
            data = b"".join(_promised(web.body(response), sent.after))
            if len(data) < sent.after:
                raise come_again(f"sent {len(data)} of {sent.after} bytes")
            return sent.version, data

    return web.patiently(ask, url)


def fetch_span(web: Web, url: str, span: Span, version: Version, sink: Sink) -> None:
    """Fetch a span of a known file, attempt after attempt, from where the last one broke off.

    Raises ChangedError when the server has another file now, UnavailableError when it cannot be had.
    """
    at = span[0]

    def ask() -> None:
        nonlocal at
        began = at
        if at >= span[1]:
            return
        try:
            with web.answer("GET", url, _wanted((at, span[1]), version)) as response:
                sent = _sent(response, url, (at, span[1]), version)
                at = sent.first  # 0 where the server sends the whole file again
                for chunk in _promised(web.body(response), sent.after - sent.first):
                    sink(at, chunk)
                    at += len(chunk)
        except httpx.TransportError as error:
            raise come_again(why(error), at - began) from error
        if at < span[1]:
            raise come_again(f"sent {at - began} of {span[1] - began} bytes", at - began)

    web.patiently(ask, url)


def _wanted(span: Span, version: Version) -> dict[str, str]:
    headers = {"Range": f"bytes={span[0]}-{span[1] - 1}"}
    strong = version.etag is not None and not version.etag.startswith("W/")
    return headers | ({"If-Range": version.etag} if strong and version.etag else {})


def _sent(response: httpx.Response, url: str, wanted: Span, known: Version | None = None) -> _Sent:
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnavailableError(f"{shown(url)}: is sent packed, so no byte range of it can be used; download the file")
    if response.status_code == 200:
        return _whole(response, url, known)
    said = _RANGE.match(response.headers.get("Content-Range", ""))
    if said is None:
        raise UnavailableError(f"{shown(url)}: answers a range without saying which; download the file")
    first, last, size = (int(number) for number in said.groups())
    version = _checked(_version(response, size), known, url)
    if first != wanted[0] or not first <= last < min(size, wanted[1]):
        raise come_again(f"sent bytes {first} to {last} of {size}, asked for {wanted[0]} to {wanted[1] - 1}")
    return _Sent(first=first, after=last + 1, version=version)


def _whole(response: httpx.Response, url: str, known: Version | None) -> _Sent:
    """The answer of a server that ignores ranges, or that has another file now and so sends all of it."""
    size = int(response.headers.get("Content-Length", "0") or 0)
    version = _checked(_version(response, size), known, url)
    if not 0 < size <= LARGEST_WHOLE_BYTES:
        how_large = f"{size / 1e6:.0f} MB" if size else "of a size it does not say"
        raise UnavailableError(
            f"{shown(url)}: its server gives whole files only, and this one is {how_large} "
            f"(limit {LARGEST_WHOLE_BYTES / 1e6:.0f} MB); download it, then `yardwatch scenes add`"
        )
    return _Sent(first=0, after=size, version=version)


def _checked(version: Version, known: Version | None, url: str) -> Version:
    if known is not None and not known.is_same(version):
        raise ChangedError(shown(url))
    return version


def _version(response: httpx.Response, size: int) -> Version:
    return Version(size=size, etag=response.headers.get("ETag"), modified=response.headers.get("Last-Modified"))


def _promised(chunks: Iterable[bytes], most: int) -> Iterator[bytes]:
    """The chunks, cut off where they hold more than was promised."""
    got = 0
    for chunk in chunks:
        got += len(chunk)
        if got > most:
            raise come_again(f"sent more than the {most} bytes it promised")
        yield chunk
