"""The forms and editions a report may have. Loads nothing heavy: a command asks here before it begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

from yardwatch.errors import InputError

Edition = Literal["internal", "public"]
FILES = ("html", "json", "md", "docx", "pdf")
"""Forms that are one file each, which has the form's name as its ending."""
FORMS = (*FILES, "figures", "bundle")
DEFAULT = ("html", "json")


def known_forms(forms: Sequence[str]) -> tuple[str, ...]:
    """The forms asked for, each once. Raises InputError for one that is unknown."""
    wrong = [form for form in forms if form not in FORMS]
    if wrong or not forms:
        raise InputError(
            f"--form {','.join(wrong) or ''!r} is unknown; choose from {', '.join(FORMS)}, parted by commas"
        )
    return tuple(dict.fromkeys(forms))


def known_edition(edition: str) -> Edition:
    """The edition asked for. Raises InputError for one that is unknown."""
    if edition not in ("internal", "public"):
        raise InputError(f"--edition {edition!r} is unknown; choose internal or public")
    return cast("Edition", edition)
