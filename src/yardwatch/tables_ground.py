"""Changed ground and what people said of it, as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text


def changes(answer: dict[str, Any]) -> RenderableType:
    """Findings, then what was judged false, what is gone, what was kept out, what must be known beside it."""
    parts: list[RenderableType] = []
    if answer["changes"]:
        parts.append(_found(answer["changes"]))
    else:
        parts.append(Text(answer.get("reason") or "no change that stayed"))
    parts += _section("Judged false, and so no finding:", [_judged(entry) for entry in answer.get("judged", ())])
    parts += _section("No longer found:", [_line(entry) for entry in answer.get("gone", ())])
    parts += _section("Scenes kept out:", [f"{row['scene']}: {row['reason']}" for row in answer.get("kept_out", ())])
    parts += _section("Note:", answer.get("notes", ()))
    if "chips" in answer:
        parts += _chips(answer["chips"])
    return Group(*parts)


def verdict(entry: dict[str, Any]) -> RenderableType:
    """What now holds of one change."""
    said = entry["verdict"]
    word = f"judged {said['is']} by {said['by']} on {said['on']}{_note(said)}"
    held = "it is no finding any more, and stays listed as judged" if said["is"] == "false" else "it stays a finding"
    earlier = [f"before: {one['is']} by {one['by']} on {one['on']}{_note(one)}" for one in entry["earlier_verdicts"]]
    return Text("\n".join([f"{_line(entry)}: {word}; {held}", *(f"  {line}" for line in earlier)]))


def _found(entries: Sequence[dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, name in enumerate(
        ("change", "kind", "size", "first seen between", "clear looks since", "stage", "real?", "verdict")
    ):
        table.add_column(name, overflow="fold", no_wrap=number == 0)
    for entry in entries:
        seen, chance, said = entry["first_seen"], entry["probability"], entry.get("verdict")
        table.add_row(
            entry["id"], entry["kind"], _size(entry), f"{seen['after'] or '?'} and {seen['before'] or '?'}",
            str(entry["persistence"]), entry["stage"] or "–", "–" if chance is None else f"{chance:.0%}",
            Text(f"{said['is']} ({said['by']})" if said else "–"),
        )  # fmt: skip
    return table


def _size(entry: dict[str, Any]) -> str:
    length = entry.get("length_m")
    return f"{entry['area_m2']:.0f} m²" if length is None else f"{length:.0f} m"


def _line(entry: dict[str, Any]) -> str:
    seen = entry["first_seen"]
    return f"{entry['id']} {entry['kind']}, {_size(entry)}, between {seen['after'] or '?'} and {seen['before'] or '?'}"


def _judged(entry: dict[str, Any]) -> str:
    said = entry["verdict"]
    changed = "; ".join(entry["changed_since_verdict"])
    since = f"; CHANGED MUCH SINCE: {changed}" if changed else ""
    return f"{_line(entry)}: by {said['by']} on {said['on']}{_note(said)}{since}"


def _note(said: dict[str, Any]) -> str:
    return f" ({said['note']})" if said["note"] else ""


def _section(title: str, lines: Sequence[str]) -> list[RenderableType]:
    return [Text(f"\n{title}", style="bold"), *(Text(f"  {line}") for line in lines)] if lines else []


def _chips(chips: dict[str, Any]) -> list[RenderableType]:
    left = [f"  {why}; for your own eyes: --edition internal" for why in chips["left_out"]]
    text = f"\n{len(chips['files'])} files of evidence in {chips['folder']} ({chips['edition']} edition)"
    return [Text(text), *(Text(line) for line in left)]
