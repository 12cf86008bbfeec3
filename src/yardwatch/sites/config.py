"""`site.yaml`: what it may say, and where exactly it goes wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from yardwatch.errors import SiteError
from yardwatch.model import Break
from yardwatch.sites.files import label, read_text
from yardwatch.sites.values import ID_PATTERN, shown

MAX_YAML_BYTES = 1024 * 1024
"""A site.yaml is a page long; a megabyte is somebody else's file."""


SCENES, STORE = "scenes", "site.gpkg"
"""Where scenes and store are when nothing else is said: in the site's folder."""
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
"""Names S3 gives to buckets; a user and a password before an @ are none."""


def _printable(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise ValueError("is empty or holds control characters; write plain text on one line")
    return text.strip()


def _time_zone(name: str) -> str:
    known = available_timezones()
    if known and name not in known:
        raise ValueError("is no time zone name; write for instance Asia/Pyongyang")
    return name


def _store(text: str) -> str:
    if text == STORE:
        return text
    parts = urlsplit(text)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError(f"is no store; write {STORE}, or postgresql://user@host/database")
    if parts.password is not None or "password" in parts.query:
        raise ValueError("holds a password; take it out, and set PGPASSWORD or use ~/.pgpass")
    return text


def _scenes(text: str) -> str:
    if text == SCENES:
        return text
    parts = urlsplit(text)
    if parts.scheme != "s3" or not BUCKET.fullmatch(parts.netloc) or parts.query or parts.fragment:
        raise ValueError(f"is no place for scenes; write {SCENES}, or s3://bucket/prefix (keys from the environment)")
    return text.rstrip("/")


Slug = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
Line = Annotated[str, AfterValidator(_printable)]


LONGEST_PROBLEM = 160
"""The YAML reader quotes the file in its messages."""


class BreakConfig(BaseModel):
    """A declared break: days that are not normal traffic, both ends included."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Slug
    first: date = Field(alias="from")
    last: date = Field(alias="to")
    note: str = ""

    @model_validator(mode="after")
    def _ordered(self) -> BreakConfig:
        if self.last < self.first:
            raise ValueError(f"ends ({self.last}) before it begins ({self.first}); swap 'from' and 'to'")
        return self

    def value(self) -> Break:
        """As the model's break."""
        return Break(id=self.id, first=self.first, last=self.last, note=self.note)


class SiteConfig(BaseModel):
    """The keys of `site.yaml`; any other key is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Slug
    name: Line
    fictional: bool = False
    note: str = ""
    default_zone: Slug
    default_unit: Line = "cars"
    breaks: tuple[BreakConfig, ...] = ()
    reference_scene: Line | None = None
    """Id of the scene the others are aligned to; None: the pipeline chooses."""
    time_zone: Annotated[str, AfterValidator(_time_zone)] | None = None
    """For showing local times beside UTC."""
    public_decimals: Annotated[int, Field(ge=0, le=6)] | None = None
    """Decimals of a degree that public editions give of any place (2 is about a kilometre); None: as known."""
    beside: tuple[Slug, ...] = ()
    """Other sites shown beside this one."""
    scenes: Annotated[str, AfterValidator(_scenes)] = SCENES
    """`scenes`, or `s3://bucket/prefix`."""
    store: Annotated[str, AfterValidator(_store)] = STORE
    """`site.gpkg`, or `postgresql://user@host/database`; the password comes from the environment or ~/.pgpass."""

    @model_validator(mode="after")
    def _distinct(self) -> SiteConfig:
        ids = [item.id for item in self.breaks]
        twice = sorted({item for item in ids if ids.count(item) > 1})
        if twice:
            raise ValueError(f"break {twice[0]} is declared twice; give each its own id")
        if self.id in self.beside:
            raise ValueError("the site names itself in 'beside'; name other sites only")
        return self


def read_config(path: Path) -> SiteConfig:
    """Read and check `site.yaml`. Raises SiteError with the line, the key, what is wrong and what to do."""
    document = _load(path, read_text(path, MAX_YAML_BYTES))
    if not isinstance(document, dict):
        raise SiteError(f"{label(path)} line 1: not a list of keys; begin with 'id: my-yard'")
    try:
        return SiteConfig.model_validate(document)
    except ValidationError as error:
        raise SiteError(_explain(path, document, error.errors()[0])) from None


def _load(path: Path, text: str) -> object:
    # The round-trip loader keeps line numbers and, like the safe one, builds no objects from tags.
    try:
        return YAML(typ="rt", pure=True).load(StringIO(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{label(path)} line {mark.line + 1}" if mark else label(path)
        problem = "".join(c for c in error.problem or "cannot be read" if c.isprintable())[:LONGEST_PROBLEM]
        raise SiteError(f"{where}: {problem}; correct the YAML there") from None
    except (YAMLError, ValueError, RecursionError, AssertionError, TypeError) as error:
        problem = (str(error).splitlines() or ["cannot be read"])[0]
        raise SiteError(f"{label(path)}: {shown(problem, 120)}; correct the YAML") from None


def _explain(path: Path, document: object, detail: ErrorDetails) -> str:
    loc, kind = detail["loc"], detail["type"]
    where = f"{label(path)} line {_line(document, loc)}"
    model = BreakConfig if "breaks" in loc[:-1] else SiteConfig
    allowed = ", ".join(field.alias or name for name, field in model.model_fields.items())
    key = " ".join(str(step + 1) if isinstance(step, int) else step for step in loc)
    if kind == "extra_forbidden":
        return f"{where}: unknown key {shown(loc[-1])}; allowed: {allowed}"
    if kind == "missing":
        return f"{where}: key {str(loc[-1])!r} is missing; add it (allowed: {allowed})"
    if kind == "string_pattern_mismatch":
        return f"{where}: {key} is not an id; use lower case letters, digits and dashes, for instance my-yard"
    if kind == "string_type":
        return f"{where}: {key} is not text; put it in quotes"
    problem = detail["msg"].removeprefix("Value error, ")
    return f"{where}: {key}: {problem}".replace(": : ", ": ")


def _line(document: object, loc: Sequence[int | str]) -> int:
    """Line (from 1) of a place in the document; of the nearest thing around it when the place is missing."""
    line = 0
    node: Any = document
    for step in loc:
        try:
            line = (node.lc.key(step) if isinstance(node, CommentedMap) else node.lc.item(step))[0]
            node = node[step]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    return int(line) + 1
