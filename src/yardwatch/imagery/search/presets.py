"""Presets: STAC APIs known by name, from the bundled list and the user's own."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import Any

from yardwatch.errors import InputError
from yardwatch.imagery.dates import PRECISIONS
from yardwatch.imagery.fetching.addresses import origin, resolved
from yardwatch.imagery.fetching.web import Key

OWN = Path("yardwatch", "apis.toml")
"""Below the user's configuration folder."""
VARIABLE = "YARDWATCH_APIS"
LARGEST_BYTES = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Api:
    """One STAC API and how its images are taken."""

    name: str
    url: str
    title: str = ""
    collections: tuple[str, ...] = ()
    licence: str | None = None
    attribution: str | None = None
    asset: str | None = None
    date_precision: str | None = None
    """day, month or year, where its items say no more than that, whatever their `datetime` looks like."""
    sign: str | None = None
    key_env: str | None = None
    """Name of the environment variable that holds the key; the key itself is read at the moment it is sent."""
    key_header: str = "Authorization"
    key_prefix: str = ""
    tried: bool = False
    """Whether somebody has searched and downloaded from the live service with it."""
    note: str = ""

    def key(self, environment: Mapping[str, str] = os.environ) -> Key | None:
        """The key, where the preset names one. Raises InputError when its variable is not set."""
        if self.key_env is None:
            return None
        value = environment.get(self.key_env, "").strip()
        if not value:
            raise InputError(f"{self.name}: needs a key; put it into the environment variable {self.key_env}")
        if not value.isprintable() or not value.isascii():
            raise InputError(f"{self.name}: the key in {self.key_env} holds letters no header may have; copy it again")
        return Key(origin=origin(self.url), header=self.key_header, value=self.key_prefix + value)


def api_of(text: str) -> Api:
    """The API of a preset's name or of an address. Raises InputError naming the presets for another word."""
    known = presets()
    if text in known:
        return known[text]
    if "://" in text:
        url = resolved(text)
        return Api(name=url, url=url, tried=True)
    raise InputError(f"--api {text!r} is no preset and no address; presets: {', '.join(sorted(known))}")


def presets() -> dict[str, Api]:
    """All APIs known by name, the user's before the bundled ones. Raises InputError for a broken list of the user's."""
    bundled = files("yardwatch.imagery.search").joinpath("presets.toml").read_text(encoding="utf-8")
    found = _read(bundled, "presets.toml")
    own = own_file()
    if own.is_file():
        if own.stat().st_size > LARGEST_BYTES:
            raise InputError(f"{own}: is too large for a list of APIs; keep only those in it")
        try:
            found |= _read(own.read_text(encoding="utf-8"), str(own))
        except UnicodeDecodeError as error:
            raise InputError(f"{own}: is not UTF-8; save it as such") from error
    elif os.environ.get(VARIABLE):
        raise InputError(f"{own}: no such file; {VARIABLE} names it")
    return found


def own_file() -> Path:
    """Where the user's own list is looked for."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    home = os.environ.get("XDG_CONFIG_HOME")
    return (Path(home) if home else Path("~/.config").expanduser()) / OWN


def _read(text: str, name: str) -> dict[str, Api]:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{name}: is not TOML ({error}); see docs/finding.md for its form") from error
    return {key: _api(key, value, f"{name}, [{key}]") for key, value in tables.items()}


def _api(name: str, table: object, where: str) -> Api:
    if not isinstance(table, dict):
        raise InputError(f"{where}: is no table; write [{name}] and its lines below")
    kinds = {field.name: str(field.type) for field in fields(Api) if field.name != "name"}
    for key, value in table.items():
        _check(key, value, kinds, where)
    said: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in table.items()}
    if "url" not in said:
        raise InputError(f"{where}: has no url; give the address of the API's landing page")
    resolved(said["url"])
    if said.get("date_precision", "day") not in PRECISIONS:
        raise InputError(f"{where}: date_precision is one of {', '.join(PRECISIONS)}")
    return Api(name=name, **said)


def _check(key: str, value: object, kinds: Mapping[str, str], where: str) -> None:
    if key not in kinds:
        secret = any(word in key.lower() for word in ("key", "token", "secret", "password"))
        hint = "keys stand in the environment: name the variable in key_env" if secret else f"known: {', '.join(kinds)}"
        raise InputError(f"{where}: unknown line {key!r}; {hint}")
    kind = kinds[key]
    right = (
        isinstance(value, bool)
        if kind == "bool"
        else isinstance(value, list) and all(isinstance(one, str) for one in value)
        if kind.startswith("tuple")
        else isinstance(value, str)
    )
    if not right:
        raise InputError(f"{where}: {key} = {value!r} is not of its kind ({kind}); see docs/finding.md")
