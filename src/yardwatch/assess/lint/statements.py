"""What a report states, as a quotation is held against it: claims and limits with their numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from yardwatch.assess.lint.text import digits, value
from yardwatch.errors import InputError

FORM = "yardwatch-report/"
_QUANTITY = re.compile(
    r"(?!(?:19|20)\d\d\b)(?P<n>\d[\d,]*(?:\.\d+)?) (?:freight cars?|[a-z%][\w %]*?)(?= \(| in |[.,;]|$)"
)
_INTERVAL = re.compile(r"\((?P<a>\d[\d,]*(?:\.\d+)?) to (?P<b>\d[\d,]*(?:\.\d+)?)")


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One claim or limit of a report."""

    id: str
    layer: str
    """`observation`, `interpretation`, `judgement`, `limit`; `site` for the site's name."""
    text: str
    numbers: Mapping[str, float | int | str] = field(default_factory=dict)

    @cached_property
    def value(self) -> float | None:
        """The quantity an observation states; None for anything else."""
        if self.layer != "observation":
            return None
        stated = self.numbers.get("value", self.numbers.get("maximum"))
        if isinstance(stated, int | float):
            return float(stated)
        found = _QUANTITY.search(digits(self.text))
        return value(found["n"]) if found else None

    @cached_property
    def interval(self) -> tuple[float | None, float | None]:
        """Its ends as the sentence states them; a bound has one."""
        found = _INTERVAL.search(self.text)
        if found:
            return value(found["a"]), value(found["b"])
        bound = re.search(r"(?P<n>\d[\d,]*) [a-z %]+? at most|at least (?P<m>\d[\d,]*)", self.text)
        if bound is None:
            return None, None
        return (None, value(bound["n"])) if bound["n"] else (value(bound["m"]), None)

    @property
    def hedged(self) -> bool:
        """Whether the sentence says *about*."""
        return re.search(r"\babout \d", self.text) is not None

    @property
    def counts_cars(self) -> bool:
        """Whether its unit is freight cars."""
        return "freight car" in self.text


def is_report(document: Mapping[str, Any]) -> bool:
    """Whether that JSON is a report of Yardwatch."""
    return str(document.get("form", "")).startswith(FORM)


def of_report(document: Mapping[str, Any]) -> tuple[Statement, ...]:
    """The statements of a report's JSON. Raises InputError where it is no report of ours."""
    if not is_report(document):
        raise InputError("that JSON is no report of Yardwatch; name the .json or .html that `yardwatch report` wrote")
    claims = [_claim(row) for row in document.get("claims", [])]
    limits = [Statement(id=row["id"], layer="limit", text=row["text"]) for row in document.get("limits", [])]
    name = document.get("site", {}).get("name")
    return (*claims, *limits, *([Statement(id="site", layer="site", text=name)] if name else []))


def _claim(row: Mapping[str, Any]) -> Statement:
    return Statement(id=row["id"], layer=row["layer"], text=row["text"], numbers=row.get("numbers", {}))


def known_numbers(statements: Sequence[Statement]) -> set[float]:
    """Every number any of them states."""
    texts = " ".join(digits(one.text) for one in statements)
    return {value(found) for found in re.findall(r"\d[\d,]*(?:\.\d+)?", texts)}
