"""A report that replaces an older one: which sentences change, and why."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from yardwatch.assess.corrections import Succession, succession
from yardwatch.assess.lint.statements import is_report
from yardwatch.errors import InputError
from yardwatch.report.document import document
from yardwatch.report.forms import DEFAULT, known_edition, known_forms
from yardwatch.report.page import printed
from yardwatch.report.printer import printer_for
from yardwatch.report.views import page_view
from yardwatch.sites.folder import SiteFolder, open_site
from yardwatch.steps.assessing import Asked
from yardwatch.steps.linting import read_report
from yardwatch.steps.reporting import Written, gather, put, stem

SHORTEST_ID = 6
"""Characters of an id that must be given."""


def succeed(
    where: str | Path,
    asked: Asked,
    since: str,
    out: Path | None = None,
    edition: str = "public",
    forms: Sequence[str] = DEFAULT,
) -> tuple[Written, Succession]:
    """Write the successor of a report; returns its paths, and what changed. The old report stays as it was.

    `since` is the old report's file or id. Files have `-v2`, `-v3` … before the ending. Raises as `report` does, and
    InputError where the old report is not at hand or of another site.
    """
    checked, held = known_forms(forms), known_edition(edition)
    folder = open_site(where)
    old = older(since, folder, out)
    with printer_for(checked) as printer:
        content = gather(folder, asked, held)
        view = page_view(content)
        found = succession(old, document(content, view))
        command = f"{content.command} --since {found.old_id}"
        content = replace(content, succession=found, command=command)
        plain = stem(folder, asked, held, out)
        where = plain.with_name(f"{plain.name}-v{found.version}")
        return put(folder, printed(content, view), where, checked, printer), found


def older(since: str, folder: SiteFolder, out: Path | None = None) -> dict[str, Any]:
    """The JSON of an older report. Raises InputError where no such report is at hand, or it is another form."""
    file = Path(since)
    if file.is_file():
        beside = file.with_suffix(".json") if file.suffix.lower() in (".html", ".htm") else file
        return read_report(beside)
    places = [place for place in (out, folder.reports_path) if place is not None and place.is_dir()]
    found = [read for place in places for path in sorted(place.glob("*.json")) if (read := _report(path, since))]
    if len({one["id"] for one in found}) != 1:
        several, at = "more than one report" if found else "no report", ", ".join(str(place) for place in places)
        raise InputError(
            f"--since {since[:60]!r}: {several} of that id in {at or 'the reports folder'}; name the old report's .json"
        )
    return found[0]


def _report(path: Path, wanted: str) -> dict[str, Any] | None:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(document, dict) or not is_report(document) or len(wanted) < SHORTEST_ID:
        return None
    return document if str(document["id"]).startswith(wanted) else None
