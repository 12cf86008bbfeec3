"""Changed ground and what people said of it, as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from yardwatch.report.evidence import chance_words

ENOUGH = 10
"""Scored forecasts from which the share that came true is worth a comparison."""


def changes(answer: dict[str, Any]) -> RenderableType:
    """Findings, then what was judged false, what is gone, what was kept out, what must be known beside it."""
    parts: list[RenderableType] = []
    if answer["changes"]:
        parts.append(_found(answer["changes"]))
    else:
        none = "no finding: what changed was judged false" if answer.get("judged") else "no change that stayed"
        parts.append(Text(answer.get("reason") or none))
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
    table = _table("change", "kind", "size", "first seen between", "looks since", "stage", "real?", "verdict")
    for entry in entries:
        seen, chance, said = entry["first_seen"], entry["probability"], entry.get("verdict")
        cells = (
            entry["id"], entry["kind"], _size(entry), f"{seen['after'] or '?'} and {seen['before'] or '?'}",
            str(entry["persistence"]), entry["stage"] or "–", "–" if chance is None else chance_words(chance),
            f"{said['is']} ({said['by']})" if said else "–",
        )  # fmt: skip
        table.add_row(*(Text(cell) for cell in cells))  # from a file anybody may have edited: no markup
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


def forecast(one: dict[str, Any]) -> RenderableType:
    """One forecast and what became of it."""
    lower, upper = (round(100 * end) for end in one["band"])
    about = f", about {one['about']}" if one["about"] else ""
    said = f"{one['word']} ({lower}–{upper} %), said by {one['by']} on {one['made']}"
    lines = [f"{one['id']} “{one['text']}”", f"  {said}, to come true by {one['due']}{about}"]
    ended = one["outcome"]
    if ended is not None:
        points = "" if one["brier"] is None else f"; Brier score {one['brier']:.3f} (0 is perfect, 0.25 a coin's)"
        lines.append(f"  happened: {ended['happened']}, known {ended['known']}, by {ended['by']}{_note(ended)}{points}")
    return Text("\n".join(lines))


def forecasts(answer: dict[str, Any]) -> RenderableType:
    """Every forecast of a site, and how well the words held."""
    if not answer["forecasts"]:
        return Text("no forecasts yet; keep one with `yardwatch forecasts add`")
    table = _table("forecast", "said", "due", "word", "came true", "Brier", "what")
    for one in answer["forecasts"]:
        ended = one["outcome"]["happened"] if one["outcome"] else ("OVERDUE" if one["overdue"] else "open")
        points = "–" if one["brier"] is None else f"{one['brier']:.3f}"
        cells = (one["id"], one["made"], one["due"], one["word"], ended, points, one["text"])
        table.add_row(*(Text(cell) for cell in cells))
    return Group(table, *_calibration(answer["calibration"]))


def _calibration(said: dict[str, Any]) -> list[RenderableType]:
    if not said["n"]:
        return [Text("\nnothing scored yet")]
    rate, hard = said["base_rate"], said["brier_of_base_rate"]
    table = _table("word", "band", "n", "came true", "share, 90 % interval", "")
    for row in said["bands"]:
        lower, upper = row["share_interval"]
        table.add_row(
            Text(row["words"]), _percent(row["band"]), str(row["n"]), str(row["happened"]),
            f"{row['share']:.0%} ({_percent((lower, upper))})", "outside its band" if row["outside_band"] else "",
        )  # fmt: skip
    text = f"\nBrier score {said['brier']:.3f} over {said['n']} (0 is perfect, 0.25 a coin's)"
    if said["n"] >= ENOUGH:
        text += f"; always saying {rate:.0%}, the share that came true, would have earned {hard:.3f}"
    return [Text(f"{text}\n"), table]


def _percent(ends: Sequence[float]) -> str:
    return f"{100 * ends[0]:.0f}–{100 * ends[1]:.0f} %"


def _table(*columns: str) -> Table:
    """The first column holds what a reader may want to copy: it is never broken."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=number == 0)
    return table
