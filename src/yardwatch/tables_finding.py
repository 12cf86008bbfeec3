"""Offers, APIs and the cadence as a person reads them in a terminal. What comes from strangers is never markup."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

UNKNOWN = "–"


def search(answer: dict[str, Any]) -> RenderableType:
    """What an API offers, and what was taken of it."""
    api = answer["api"]
    parts: list[RenderableType] = [Text(f"{api['name']}: {api['url']}" if api["name"] != api["url"] else api["url"])]
    if not api["tried"]:
        parts.append(Text("this preset has not been tried against the live service; check what it gives"))
    if api["note"]:
        parts.append(Text(api["note"]))
    parts += (
        [Text(), _offers(answer["found"])] if answer["found"] else [Text("nothing found for these days and limits")]
    )
    parts += [Text(f"  {row['id']}: {note}") for row in answer["found"] for note in row["notes"]]
    parts += [Text(line) for line in _left_out(answer)]
    if answer["taken"] is not None:
        parts += [Text(), *(Text(line) for one in answer["taken"] for line in _taken(one))]
    return Group(*parts)


def _offers(rows: Sequence[dict[str, Any]]) -> Table:
    zones = list(rows[0]["coverage"])
    table = _table("item", "acquired", "sensor", "GSD m", "cloud %", "off nadir °", "publish", "asset", *zones)
    for row in rows:
        asset = row["asset"] or UNKNOWN
        others = len(row["assets"]) - 1
        table.add_row(
            Text(row["id"]),
            row["acquired"],
            Text(row["sensor"] or UNKNOWN),
            _number(row["gsd_m"]),
            _number(row["cloud_percent"]),
            _number(row["off_nadir_deg"]),
            "yes" if row["may_publish_pixels"] else "no",
            Text(f"{asset} (of {others + 1})" if others > 0 else asset),
            *(_share(row["coverage"][zone]) for zone in zones),
        )
    return table


def _left_out(answer: dict[str, Any]) -> list[str]:
    reasons: dict[str, int] = {}
    for one in answer["left_out"]:
        kind = "too much cloud" if one["why"].startswith("cloud") else one["why"]
        reasons[kind] = reasons.get(kind, 0) + 1
    lines = [f"left out: {count} × {why}" for why, count in sorted(reasons.items())]
    return [*lines, "there is more; ask for fewer days or raise --limit"] if answer["more"] else lines


def _taken(one: dict[str, Any]) -> list[str]:
    if one["error"]:
        return [f"{one['id']}: not taken: {one['error']}"]
    how = "already there as" if one["already"] else f"{one['fetched_bytes'] / 1e6:.1f} MB, received as"
    return [f"{one['id']}: {how} {one['scene']}", *(f"  {note}" for note in one["notes"])]


def apis(rows: Sequence[dict[str, Any]]) -> RenderableType:
    """The APIs known by name."""
    table = _table("--api", "what", "tried", "key from")
    for row in rows:
        table.add_row(
            row["name"], Text(row["title"] or row["url"]), "yes" if row["tried"] else "no", row["key_env"] or UNKNOWN
        )
    tried = Text("tried: no means that nobody has used the preset against the live service yet")
    return Group(table, Text(), tried)


def cadence(answer: dict[str, Any]) -> RenderableType:
    """Looks by month and sensor."""
    if not answer["months"]:
        return Text("no scenes between these days")
    sensors = answer["sensors"]
    table = _table("month", *sensors)
    for month in answer["months"]:
        if not month["by_sensor"]:
            continue
        cells = (month["by_sensor"].get(sensor) for sensor in sensors)
        table.add_row(month["month"], *(_cell(cell) for cell in cells))
    gap = answer["longest_gap"]
    facts = [f"{answer['looks']} looks, {answer['no_looks']} no-looks, {answer['not_counted']} not counted yet"]
    if gap:
        facts.append(f"longest time without a look: {gap['days']} days, {gap['after']} to {gap['before']}")
    key = Text("in each cell: looks / no-looks / not counted yet")
    return Group(table, key, *(Text(fact) for fact in facts))


def _cell(cell: dict[str, int] | None) -> str:
    return "·" if cell is None else f"{cell['looks']} / {cell['no_looks']} / {cell['not_counted']}"


def _number(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:g}"


def _share(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.0%}"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, column in enumerate(columns):
        table.add_column(Text(column), overflow="fold", no_wrap=number == 0)
    return table
