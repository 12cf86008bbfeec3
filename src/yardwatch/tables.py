"""Answers as a person reads them in a terminal; the same fields as the JSON, never more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from yardwatch.demo import Made
from yardwatch.pipeline import Answer, RunSummary

UNKNOWN = "unknown"


def scenes(rows: Sequence[dict[str, Any]]) -> RenderableType:
    """The scenes of a site, oldest first."""
    table = _table("scene", "acquired (UTC)", "sensor", "GSD m", "licence", "pixels may be published")
    for row in rows:
        synthetic = " (simulated)" if row["synthetic"] else ""
        table.add_row(
            row["id"] + synthetic, row["acquired"] or UNKNOWN, row["sensor"] or UNKNOWN, f"{row['gsd_m']:.2f}",
            row["licence"], "yes" if row["may_publish_pixels"] else "no",
        )  # fmt: skip
    return table


def count(answer: dict[str, Any]) -> RenderableType:
    """The count of one bare image."""
    facts = [("capability", f"{answer['capability']}: {answer['capability_reason']}")]
    if answer["count"] is not None:
        facts += _counted(answer)
    facts += [
        ("visible track", f"{answer['visible_fraction']:.0%}"),
        ("acquired", answer["scene"]["acquired"] or UNKNOWN),
    ]
    return _facts(facts)


def _counted(answer: dict[str, Any]) -> list[tuple[str, str]]:
    number, length = answer["count"], answer["length_count"]
    by_length = f"{length['mean']:.0f} ({length['lower']:.0f}–{length['upper']:.0f})"
    calibrated = "" if number["calibrated"] else ", uncalibrated: read the interval as a lower limit of the doubt"
    return [
        ("freight cars", f"{number['map']} ({number['lower']}–{number['upper']} at {number['level']:.0%}{calibrated})"),
        ("from occupied length", f"{by_length}, {length['occupied_m']:.0f} m of track"),
        ("the two counts", "disagree: look at the image before quoting either" if answer["disagree"] else "agree"),
        ("other vehicles", str(answer["not_freight"])),
    ]  # fmt: skip


def run(summary: RunSummary) -> RenderableType:
    """What a run did."""
    missed = [row for row in summary.looks if not row.usable]
    facts = [
        ("scenes", f"{len(summary.looks)}, of which {summary.counted} counted now"),
        ("no looks", f"{len(missed)}"),
        ("changes", summary.no_changes or str(len(summary.changes))),
        ("store", f"{summary.store} (opens in QGIS)"),
    ]
    return Group(_facts(facts), *(Text(f"  {row.scene}: {row.reason}") for row in missed))


def assessment(answer: Answer) -> RenderableType:
    """One site's answer, and the one beside it."""
    said = answer.as_json()
    parts: list[RenderableType] = [Text(said["verdict"], style="bold"), _facts(_held(said))]
    parts += [Text(f"  {note}") for note in answer.assessment.notes]
    if said["events"]:
        parts.append(_events(said["events"]))
    if answer.beside is not None:
        parts += [Text(f"\nBeside it, {answer.beside.site.name}:"), assessment(answer.beside)]
    return Group(*parts)


def _held(said: dict[str, Any]) -> list[tuple[str, str]]:
    ratio, onset, word = said["ratio"], said["onset"], said["unprecedented"]
    return [
        ("site, zone, unit", f"{said['site']}, {said['zone']}, {said['unit']}"),
        ("window", f"{said['window']['from']} to {said['window']['to']}"),
        ("earlier looks (n)", UNKNOWN if said["n"] is None else str(said["n"])),
        ("highest before", _highest(said["baseline"])),
        ("ratio", _interval(ratio)),
        ("p model / calibrated / record", " / ".join(_p(said[key]) for key in ("p_model", "p_calibrated", "p_record"))),
        ("unprecedented", f"{_holds(word['holds'])}: {word['reason']}"),
        ("onset", f"{onset['earliest']} to {onset['latest']} ({', '.join(onset['zones'])})" if onset else UNKNOWN),
        ("superseded by", _dated(said["superseded_by"])),
        ("withdrawn", "; ".join(f"{w['value']:g} of {w['date']}" for w in said["withdrawn"]) or "nothing"),
        ("cross-checks", "; ".join(_cross_check(check) for check in said["cross_checks"]) or "none"),
    ]


def _highest(baseline: dict[str, Any]) -> str:
    if baseline["max"] is None:
        return UNKNOWN
    return f"{baseline['max']:g}{' (a published bound)' if baseline['max_is_bound'] else ''}"


def _interval(ratio: dict[str, Any]) -> str:
    if ratio["value"] is None:
        return UNKNOWN
    ends = "no interval" if ratio["lower"] is None else f"{ratio['lower']:.2f}–{ratio['upper']:.2f}"
    return f"{ratio['value']:.2f} ({ends})"


def _p(value: float | None) -> str:
    return "–" if value is None else f"{value:.2g}"


def _holds(value: bool | None) -> str:
    return {True: "holds", False: "does not hold", None: "cannot be said"}[value]


def _dated(value: dict[str, Any] | None) -> str:
    return "nothing" if value is None else f"{value['value']:g} on {value['date']}"


def _cross_check(check: dict[str, Any]) -> str:
    ends = "" if check["lower"] is None else f" ({check['lower']:g}–{check['upper']:g})"
    return f"{check['value']:g}{ends} on {check['date']} in {check['zone']}"


def _events(events: Iterable[dict[str, Any]]) -> RenderableType:
    table = _table("event", "happened", "disclosed", "days before the onset")
    for event in events:
        lead = event["lead_days"]
        days = "–" if lead is None else f"{lead['min']} to {lead['max']}"
        late = "" if event["known"] else " (not yet known)"
        table.add_row(event["title"], event["date"], f"{event['disclosed']}{late}", days)
    return table


def changes(answer: dict[str, Any]) -> RenderableType:
    """Ground that changed."""
    if not answer["changes"]:
        return Text(answer.get("reason") or "no change that stayed")
    table = _table("change", "kind", "m²", "first seen between", "clear looks since", "stage")
    for change in answer["changes"]:
        seen = change["first_seen"]
        table.add_row(
            change["id"], change["kind"], f"{change['area_m2']:.0f}", f"{seen['after']} and {seen['before']}",
            str(change["persistence"]), change["stage"] or "–",
        )  # fmt: skip
    return table


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _facts(facts: Iterable[tuple[str, str]]) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in facts:
        table.add_row(name, Text(value))
    return table


def demo(made: Made) -> RenderableType:
    """What the demo found and made, and how to go on."""
    truth = _table("look", "true", "counted", "90 % interval", "")
    for row in made.truth:
        held = "" if row.lower <= row.true <= row.upper else "truth outside"
        truth.add_row(str(row.day), str(row.true), f"{row.mean:.1f}", f"{row.lower:g}–{row.upper:g}", held)
    for day, reason in made.no_looks:
        truth.add_row(str(day), "", "no look", "", Text(reason))
    return Group(
        Text("\nTumangang, from the published record", style="bold"),
        *(Text(f"  {answer.assessment.verdict}") for answer in made.case),
        Text("\nA fictional yard (simulated; exists nowhere): freight cars counted beside the truth", style="bold"),
        truth,
        Text(f"  {made.yard.assessment.verdict}"),
        Text(f"  Ground that changed and stayed so: {made.changes}"),
        Text("\nMade", style="bold"),
        *(Text(f"  {path}") for path in made.pages),
        Text(f"  {made.folder / 'site.gpkg'} (opens in QGIS)"),
        Text("\nCount in your own image", style="bold"),
        Text("  .venv/bin/yardwatch count yard.tif --tracks tracks.geojson --out cars.geojson"),
        Text("  (tracks: centre lines drawn in QGIS; for many images of one place: .venv/bin/yardwatch init --help)"),
    )
