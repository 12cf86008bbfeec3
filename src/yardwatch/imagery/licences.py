"""Licences: what may be done with a scene's pixels. Nothing stated, or a name not in the table: nothing.

The table is data: `licences.toml` beside this file, and `~/.config/yardwatch/licences.toml` of the user's own, which
goes before it. A site's folder may come from a stranger, so it holds names alone, and no name brings its own rights.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from yardwatch.errors import InputError
from yardwatch.model import Licence

NOT_STATED = "not stated"
OWN = "licences.toml"
LARGEST_BYTES = 100_000
_KINDS: dict[str, type] = {
    "spdx": str,
    "attribution": str,
    "may_publish_pixels": bool,
    "may_train": bool,
    "check_contract": bool,
    "note": str,
    "aliases": list,
}


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a known licence allows and asks for."""

    spdx: str | None = None
    """Its SPDX identifier, as STAC wants it."""
    attribution: str | None = None
    """Text to name when the scene has none of its own; None: the scene must bring it; empty: none is asked for."""
    may_publish_pixels: bool = False
    may_train: bool = False
    check_contract: bool = False
    """Usual terms of a vendor: the contract that was signed counts."""
    note: str = ""


def licence(
    name: str | None, attribution: str | None = None, expires: date | None = None, *, on: date | None = None
) -> Licence:
    """The licence of a name as stated, with the attribution the pixels must carry.

    Pixels may be published, and weights trained from them, only under a licence of the table that says so, with its
    attribution where it asks for one, and not after the day it expires (`on`: that day is asked about; today, UTC).
    """
    stated = (name or "").strip()
    said = (attribution or "").strip()
    terms = known().get(normalised(stated))
    if terms is None:
        return Licence(name=stated or NOT_STATED, may_publish_pixels=False, attribution=said, expires=expires)
    over = expires is not None and (on or datetime.now(UTC).date()) > expires
    said = said or terms.attribution or ""
    named = bool(said) or terms.attribution == ""
    return Licence(
        name=stated,
        may_publish_pixels=terms.may_publish_pixels and named and not over,
        attribution=said,
        may_train=terms.may_train and named and not over,
        expires=expires,
        check_contract=terms.check_contract,
    )


def known() -> Mapping[str, Terms]:
    """Every licence by normalised name, the user's own before the table's. Raises InputError for a bad file."""
    own = own_file()
    stamp = own.stat().st_mtime_ns if own.is_file() else None
    return _tables(own, stamp)


def own_file() -> Path:
    """Where the user's own licences stand."""
    home = os.environ.get("XDG_CONFIG_HOME")
    return (Path(home) if home else Path("~/.config").expanduser()) / "yardwatch" / OWN


def normalised(name: str) -> str:
    """`CC BY 4.0`, `cc_by-4.0` and `CC-BY-4.0` are one name."""
    return re.sub(r"[\s_-]+", "-", name.strip().lower())


def spdx(name: str) -> str:
    """STAC's licence field: an SPDX identifier, or `other`."""
    terms = known().get(normalised(name))
    return terms.spdx if terms is not None and terms.spdx else "other"


@lru_cache(maxsize=8)
def _tables(own: Path, stamp: int | None) -> Mapping[str, Terms]:
    """`stamp`: of the user's file, so that an edit is seen."""
    shipped = _read(files("yardwatch.imagery").joinpath("licences.toml").read_text(encoding="utf-8"), "licences.toml")
    if stamp is None:
        return shipped
    if own.stat().st_size > LARGEST_BYTES:
        raise InputError(f"{own}: is larger than {LARGEST_BYTES:,} bytes; write one table a licence")
    try:
        text = own.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{own}: cannot be read ({error}); write it as UTF-8") from None
    return {**shipped, **_read(text, str(own))}


def _read(text: str, name: str) -> Mapping[str, Terms]:
    try:
        document = _flat(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{name}: is not TOML ({error}); correct it there") from None
    found: dict[str, Terms] = {}
    for key, said in document.items():
        _check(key, said, name)
        terms = Terms(**{field: value for field, value in said.items() if field != "aliases"})
        found |= dict.fromkeys(map(normalised, [key, *said.get("aliases", [])]), terms)
    return found


def _flat(document: Mapping[str, Any]) -> dict[str, Any]:
    """TOML reads `[cc0-1.0]` as a table in a table; a name with a dot is one name all the same."""
    flat: dict[str, Any] = {}
    for key, value in document.items():
        inner = isinstance(value, dict) and value and all(isinstance(one, dict) for one in value.values())
        flat |= {f"{key}.{last}": one for last, one in value.items()} if inner else {key: value}
    return flat


def _check(key: str, said: object, name: str) -> None:
    if not isinstance(said, dict):
        raise InputError(f"{name}: {key!r} stands outside a licence; write [{key}] and its terms below")
    for field, value in said.items():
        kind = _KINDS.get(field)
        if kind is None:
            raise InputError(f"{name}, [{key}]: unknown key {field!r}; allowed: {', '.join(_KINDS)}")
        if not isinstance(value, kind) or (isinstance(value, list) and not all(isinstance(one, str) for one in value)):
            raise InputError(f"{name}, [{key}]: {field} = {value!r} is not {_words(kind)}")


def _words(kind: type) -> str:
    return {str: "text", bool: "true or false", list: "a list of texts"}[kind]


def described(name: str, terms: Terms) -> dict[str, Any]:
    """One row of the table, for people and scripts."""
    return {"licence": name, **{field: value for field, value in asdict(terms).items() if value is not None}}
