"""Patience: how often a server is asked again, and how long between.

After the n-th failure in a row the wait is `first · 2ⁿ⁻¹`, a random half of it taken off so that many clients do not
come back at once (Amazon's "equal jitter"), or what the server asks for in `Retry-After`. Bytes that came before a
failure are kept, and an attempt that brought many starts the count anew.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime


@dataclass(frozen=True, kw_only=True)
class Patience:
    """The limits; the defaults are of a person who waits at a terminal."""

    attempts: int = 6
    """Failures in a row until the server counts as unreachable: half a minute to a minute in all."""
    first_wait_s: float = 1.0
    longest_wait_s: float = 60.0
    """A server that asks for more in `Retry-After` is told to the user instead."""
    silence_s: float = 30.0
    """Without a single byte."""
    slowest_bytes_s: float = 2000.0
    """An answer slower than this over `watch_s` is cut off: a window of 5 MB would take 40 minutes."""
    watch_s: float = 20.0
    gain_bytes: int = 65_536
    """An attempt that brought so many bytes was not in vain."""

    def wait_s(self, failures: int, asked_s: float | None, chance: Callable[[], float] = random.random) -> float:
        """Seconds until the next attempt after so many failures in a row; never shorter than the server asks."""
        if asked_s is not None:
            return asked_s
        whole = min(self.first_wait_s * 2 ** (failures - 1), self.longest_wait_s)
        return whole * (0.5 + 0.5 * chance())


def retry_after_s(header: str | None, now: datetime) -> float | None:
    """Seconds of a `Retry-After` header (RFC 9110: a number, or a date); None where there is none or it is none."""
    if header is None:
        return None
    text = header.strip()
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds())
    except (TypeError, ValueError):
        return None
