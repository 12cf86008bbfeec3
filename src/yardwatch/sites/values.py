"""Plain values from strangers' files: ids, flags, and how a wrong value is shown in a message."""

from __future__ import annotations

import re

ID_PATTERN = r"^[a-z0-9][a-z0-9-]{0,62}$"
"""Ids are lower case letters, digits and dashes, so that they are safe in file names and links."""
_FLAGS = {"": False, "false": False, "no": False, "0": False, "true": True, "yes": True, "1": True}


def is_id(value: object) -> bool:
    """Whether a value can serve as an id."""
    return isinstance(value, str) and re.fullmatch(ID_PATTERN, value) is not None


def as_flag(value: object) -> bool | None:
    """`true`, `yes`, `1`, `false`, `no`, `0` or nothing at all (false); None for anything else."""
    return _FLAGS.get("" if value is None else str(value).strip().lower())


def shown(value: object, longest: int = 60) -> str:
    """A wrong value, quoted and cut so that it can neither break nor flood a message."""
    text = str(value)
    return repr(text) if len(text) <= longest else f"{text[:longest]!r}…"
