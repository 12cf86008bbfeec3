"""TOML that people write beside `site.yaml`: read, checked against a form, told where it goes wrong."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from yardwatch.errors import SiteError
from yardwatch.sites.files import label, read_text
from yardwatch.sites.values import shown

MAX_TOML_BYTES = 1024 * 1024
"""A page or two long; a megabyte is somebody else's file."""

Form = TypeVar("Form", bound=BaseModel)


def read_form(path: Path, form: type[Form]) -> Form:
    """The file as a form. Raises SiteError naming the file, the place in it, what is wrong and what to do."""
    try:
        document = tomllib.loads(read_text(path, MAX_TOML_BYTES))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SiteError(f"{label(path)}: {shown(error, 120)}; correct the TOML there") from None
    try:
        return form.model_validate(document)
    except ValidationError as error:
        raise SiteError(f"{label(path)}: {_told(document, error)}") from None


def _told(document: dict[str, Any], error: ValidationError) -> str:
    detail = error.errors()[0]
    place = _place(document, detail["loc"])
    problem = detail["msg"].removeprefix("Value error, ")
    match detail["type"]:
        case "extra_forbidden":
            return f"{place} is an unknown key; check its spelling"
        case "missing":
            return f"{place} is missing; add it"
        case "string_pattern_mismatch":
            return f"{place} {shown(detail['input'])} does not fit; write lower case letters, digits and dashes"
    return f"{place}: {problem}"


def _place(document: Any, loc: tuple[int | str, ...]) -> str:  # noqa: ANN401 -- any TOML
    """`row 3 (tarps) evidence`: tables of a list by number and, where they have one, by id."""
    parts: list[str] = []
    for step in loc:
        document = document[step] if _has(document, step) else None
        if isinstance(step, int) and parts:
            name = document.get("id") if isinstance(document, dict) else None
            parts[-1] += f" {step + 1}" + (f" ({shown(name, 40)})" if name else "")
        else:
            parts.append(str(step)[:60])
    return " ".join(parts)


def _has(document: Any, step: int | str) -> bool:  # noqa: ANN401 -- any TOML
    if isinstance(document, dict):
        return step in document
    return isinstance(document, list) and isinstance(step, int) and step < len(document)
