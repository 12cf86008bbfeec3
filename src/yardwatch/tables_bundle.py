"""What a bundle's check found, as a person reads it in a terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from yardwatch.report.verifying import Verified


def verified(found: Verified) -> RenderableType:
    """Each check with its result, and one line that says what it comes to."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for check in found.checks:
        table.add_row(Text("ok" if check.ok else "WRONG"), Text(check.name), Text(check.detail))
    said = found.manifest
    head = (
        f"Report {said.get('report')} of {said.get('site')}, as of {said.get('as_of')}, {said.get('edition')} edition"
    )
    total = "Sound: this is what its maker put in." if found.ok else "Not sound: do not rely on it."
    return Group(Text(head), table, Text(total), Text(f"SHA-256 of the bundle: {found.sha256}"))
