"""Addresses: which ones a stranger's catalogue may send us to.

Only `http` and `https`, never with a password in them, and never from a public catalogue into the private network
this machine stands in. What follows `?` may be a signature, so it is never shown or kept.
"""

from __future__ import annotations

import ipaddress
import socket
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from yardwatch.errors import InputError, UnavailableError


def resolved(href: str, base: str | None = None) -> str:
    """An href as an absolute web address, relative ones from `base`.

    Raises InputError for any other scheme (`file:`, `s3:`, `/vsicurl/…`), a password, or no host at all.
    """
    whole = href.strip()
    try:
        whole = urljoin(base or "", whole)
        parts = urlsplit(whole)
        host, password = parts.hostname, parts.password or parts.username
        _ = parts.port
    except ValueError as error:
        raise InputError(f"{shown(whole)}: is no web address ({error}); give one that begins with https://") from error
    if parts.scheme not in ("http", "https") or not host:
        raise InputError(f"{shown(whole)}: is no web address; only http:// and https:// are fetched")
    if password:
        raise InputError(f"{shown(whole)}: has a name or password in it; give keys by environment variable")
    return whole


def refuse_private(url: str, *, allowed: bool) -> None:
    """Raise UnavailableError for an address inside this machine's own network, unless that is allowed."""
    host = urlsplit(url).hostname or ""
    if not allowed and is_private(host):
        raise UnavailableError(
            f"{shown(url)}: leads into a private network, and the catalogue that names it is public; not fetched"
        )


@lru_cache(maxsize=512)
def is_private(host: str) -> bool:
    """Whether a host is, or resolves to, a loopback, private or link-local address; False where nobody knows it."""
    try:
        found = {str(answer[4][0]) for answer in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError):
        return False
    return any(not ipaddress.ip_address(address.split("%")[0]).is_global for address in found)


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port: a key goes to its own origin and nowhere else."""
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").lower(), parts.port


def plain(url: str) -> str:
    """The address without query, fragment, name and password: what may be kept."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.netloc else parts.path


def shown(url: str) -> str:
    """The plain address as it may be printed: no control characters, not endless."""
    try:
        text = plain(url)
    except ValueError:
        text = url.split("?", maxsplit=1)[0].rpartition("@")[2]
    clean = "".join(letter if letter.isprintable() else "?" for letter in text)
    return clean if len(clean) <= 200 else f"{clean[:90]}…{clean[-100:]}"
