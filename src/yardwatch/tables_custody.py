"""Custody and licences as a person reads them in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from yardwatch.model import Licence
from yardwatch.steps.licensing import Relicensed
from yardwatch.steps.verifying import Verified

HEAD_DIGITS = 16


def verified(found: Verified) -> RenderableType:
    """What was checked, and each finding with its remedy."""
    checked = f"scenes {found.scenes}, files {found.files}, lines of custody {found.lines}"
    said = [Text(f"{found.site}: {checked}")]
    for finding in found.findings:
        said += [Text(f"  {finding.where}: {finding.what}", style="bold"), Text(f"    {finding.remedy}")]
    said += [Text(f"  {note}") for note in found.notes]
    if not found.ok:
        said.append(Text(f"not as it was put: {len(found.findings)}"))
    elif found.lines:
        said.append(Text("unchanged since receipt"))
        said.append(
            Text(f"head of the log: {found.head[:HEAD_DIGITS]} (note it elsewhere: a log made anew has another)")
        )
    else:
        said.append(Text("nothing was received yet"))
    return Group(*said)


def relicensed(changed: Relicensed) -> RenderableType:
    """The licence before and now, and what to look into."""
    said = [Text(f"{changed.scene}: {allowed(changed.before)} → {allowed(changed.now)}")]
    if changed.now.check_contract:
        said.append(Text("  a vendor's usual terms: check your contract; `~/.config/yardwatch/licences.toml` takes it"))
    elif not changed.now.may_publish_pixels:
        said.append(Text("  its pixels may not be published; `yardwatch scenes licences` says what each allows"))
    return Group(*said)


def allowed(licence: Licence) -> str:
    """A licence in a few words."""
    pixels = "pixels may be published" if licence.may_publish_pixels else "no pixels to the public"
    until = f", until {licence.expires}" if licence.expires else ""
    return f"{licence.name} ({pixels}{until})"


def licences(rows: Sequence[Mapping[str, Any]]) -> RenderableType:
    """The table of licences."""
    table = Table("licence", "publish pixels", "train", "to be named beside them", "note", box=None, pad_edge=False)
    for row in rows:
        named = row.get("attribution")
        beside = "the image's own" if named is None else named or "nothing"
        note = "; ".join(filter(None, ["check your contract" if row["check_contract"] else "", row["note"]]))
        table.add_row(row["licence"], *("yes" if row[key] else "no" for key in _MAY), beside, note)
    return Group(table, Text("a name that is not in the table allows nothing"))


_MAY = ("may_publish_pixels", "may_train")
