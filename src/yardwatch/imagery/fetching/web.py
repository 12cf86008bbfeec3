"""Web: questions to a server, asked again where that may help, told plainly where it does not.

Redirects are followed one by one, each address checked; a key is sent to its own origin only; answers are never
unpacked (`identity`) and never larger than was asked for.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self, TypeVar

import httpx

from yardwatch import __version__
from yardwatch.errors import UnavailableError
from yardwatch.imagery.fetching.addresses import origin, refuse_private, resolved, shown
from yardwatch.imagery.fetching.patience import Patience, retry_after_s

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")

MOST_REDIRECTS = 5
LARGEST_TEXT_BYTES = 50_000_000
"""A page of a catalogue has some hundred kilobytes."""
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses that say: not now."""


class RefusedAddressError(UnavailableError):
    """403: the server knows the file and does not give it; a signed address that has expired looks so."""


class _AgainError(Exception):
    """Worth another attempt. `asked_s`: what the server wants waited; `gained`: bytes that came nonetheless."""

    def __init__(self, why: str, asked_s: float | None = None, gained: int = 0) -> None:
        super().__init__(why)
        self.asked_s, self.gained = asked_s, gained


@dataclass(frozen=True, kw_only=True)
class Key:
    """A secret and where it goes; its value is in no representation, so in no log."""

    origin: tuple[str, str, int | None]
    header: str
    value: str = field(repr=False)


@dataclass(kw_only=True)
class Web:
    """A client for one catalogue and the files it names; use as a context manager."""

    patience: Patience = field(default_factory=Patience)
    key: Key | None = None
    private: bool = False
    """Whether addresses in private networks may be asked: yes when the catalogue itself is in one."""
    stop: threading.Event = field(default_factory=threading.Event, repr=False)
    """Set when nobody waits for the answers any more: no further attempt is made."""
    client: httpx.Client = field(init=False, repr=False)

    def __post_init__(self) -> None:
        timeout = httpx.Timeout(self.patience.silence_s, connect=min(15.0, self.patience.silence_s))
        headers = {"User-Agent": f"yardwatch/{__version__}", "Accept-Encoding": "identity"}
        self.client = httpx.Client(timeout=timeout, headers=headers, follow_redirects=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def text(self, method: str, url: str, **content: Any) -> str:  # noqa: ANN401 - httpx's own
        """A whole answer as text. Raises UnavailableError when it cannot be had or is larger than a page may be."""

        def ask() -> str:
            with self.answer(method, url, **content) as response:
                got = bytearray()
                for chunk in self.body(response):
                    got += chunk
                    if len(got) > LARGEST_TEXT_BYTES:
                        raise UnavailableError(f"{shown(url)}: answers with more than 50 MB; is it a STAC API?")
                return got.decode("utf-8", errors="replace")

        return self.patiently(ask, url)

    def patiently(self, ask: Callable[[], Answer], url: str) -> Answer:
        """The answer, after as many attempts as patience allows. Raises UnavailableError naming the last failure."""
        failures = 0
        while True:
            try:
                return ask()
            except (_AgainError, httpx.TransportError, httpx.StreamError) as error:
                gained = error.gained if isinstance(error, _AgainError) else 0
                asked_s = error.asked_s if isinstance(error, _AgainError) else None
                failures = 1 if gained >= self.patience.gain_bytes else failures + 1
                self._wait(failures, asked_s, why(error), url)

    def _wait(self, failures: int, asked_s: float | None, why: str, url: str) -> None:
        if asked_s is not None and asked_s > self.patience.longest_wait_s:
            raise UnavailableError(
                f"{shown(url)}: {why}, and asks to come back in {asked_s:.0f} s; run the same command again then"
            )
        if failures >= self.patience.attempts:
            raise UnavailableError(
                f"{shown(url)}: could not be reached, {failures} attempts in a row ({why}); "
                "check the network and run the same command again, what was fetched is kept"
            )
        wait = self.patience.wait_s(failures, asked_s)
        log.info("%s: %s; again in %.1f s", shown(url), why, wait)
        if self.stop.wait(wait):
            raise UnavailableError(f"{shown(url)}: given up, since another part of it failed")

    def body(self, response: httpx.Response) -> Iterator[bytes]:
        """The body as it comes, cut off where it only drips."""
        since, came = time.monotonic(), 0
        for chunk in response.iter_raw():
            yield chunk
            came += len(chunk)
            passed = time.monotonic() - since
            if passed >= self.patience.watch_s:
                if came / passed < self.patience.slowest_bytes_s:
                    raise _AgainError(f"sent only {came / passed:.0f} bytes a second")
                since, came = time.monotonic(), 0

    @contextmanager
    def answer(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        **content: Any,  # noqa: ANN401
    ) -> Iterator[httpx.Response]:
        """One attempt: a good response (200 or 206), its body not yet read. Its caller is `patiently`."""
        address = resolved(url)
        for _ in range(MOST_REDIRECTS + 1):
            refuse_private(address, allowed=self.private)
            with self._stream(method, address, {**(headers or {}), **self._key_for(address)}, content) as response:
                if not response.has_redirect_location:
                    _refuse_status(response, url)
                    yield response
                    return
                address = resolved(response.headers["Location"], address)
        raise UnavailableError(f"{shown(url)}: redirects more than {MOST_REDIRECTS} times; check the address")

    @contextmanager
    def _stream(
        self, method: str, url: str, headers: Mapping[str, str], content: Mapping[str, Any]
    ) -> Iterator[httpx.Response]:
        try:
            with self.client.stream(method, url, headers=dict(headers), **content) as response:
                yield response
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise UnavailableError(f"{shown(url)}: is no address that can be asked; check it") from error

    def _key_for(self, url: str) -> dict[str, str]:
        return {self.key.header: self.key.value} if self.key is not None and self.key.origin == origin(url) else {}


def come_again(why: str, gained: int = 0) -> Exception:
    """The failure of an attempt that `Web.patiently` will repeat."""
    return _AgainError(why, gained=gained)


def _refuse_status(response: httpx.Response, url: str) -> None:
    status = response.status_code
    if status in (200, 206):
        return
    if status in AGAIN:
        raise _AgainError(f"answers {status}", retry_after_s(response.headers.get("Retry-After"), datetime.now(UTC)))
    if status == 401:
        raise UnavailableError(f"{shown(url)}: asks for a key (401); set the variable its preset names in key_env")
    if status == 403:
        raise RefusedAddressError(
            f"{shown(url)}: is refused (403); a signed address may have expired, or a key is missing: search again"
        )
    if status in (404, 410):
        raise UnavailableError(f"{shown(url)}: is not there ({status}); check the address, or search again")
    raise UnavailableError(f"{shown(url)}: answers {status}; check the address and the service's status page")


def why(error: Exception) -> str:
    """A failure in a few words."""
    if isinstance(error, httpx.TimeoutException):
        return "does not answer in time"
    if isinstance(error, httpx.ConnectError):
        return "no connection"
    if isinstance(error, httpx.RemoteProtocolError):  # its text may hold raw bytes
        return "breaks off in the middle"
    return str(error) or type(error).__name__
