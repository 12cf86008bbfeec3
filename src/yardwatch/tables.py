"""Answers as a person reads them in a terminal; the same fields as the JSON, never more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from yardwatch.demo import Made
from yardwatch.pipeline import Answer, RunSummary
from yardwatch.tables_scenes import sharpness, sun
from yardwatch.tables_tracks import tracks_from

UNKNOWN = "unknown"
UNCALIBRATED = "uncalibrated: read it as a lower limit of the doubt"
DATE_LENGTHS = {"instant": 16, "day": 10, "month": 7, "year": 4}
"""Of a date as far as it is known: no more of it is shown."""


def scenes(rows: Sequence[dict[str, Any]]) -> RenderableType:
    """The scenes of a site, oldest first."""
    table = _table("scene", "acquired (UTC)", "sensor", "GSD m", "licence", "pixels may be published")
    for row in rows:
        whole = (row["acquired"] or UNKNOWN)[: DATE_LENGTHS[row["date_precision"]]]
        when = whole.replace("T", " ")
        sensor = (row["sensor"] or UNKNOWN) + (" (simulated)" if row["synthetic"] else "")
        public = "yes" if row["may_publish_pixels"] else "no"
        table.add_row(row["id"], when, Text(sensor), f"{row['gsd_m']:.2f}", Text(row["licence"]), public)
    return table


def count(answer: dict[str, Any]) -> RenderableType:
    """The count of one bare image."""
    facts = [("capability", f"{answer['capability']}: {answer['capability_reason']}")]
    if answer["count"] is not None:
        facts += _counted(answer)
    facts += [
        ("visible track", f"{answer['visible_fraction']:.0%}"),
        ("tracks", tracks_from(answer)),
        ("acquired", answer["scene"]["acquired"] or UNKNOWN),
        ("sharpness", sharpness(answer)),
        ("sun", sun(answer)),
    ]
    return _facts(facts)


def _counted(answer: dict[str, Any]) -> list[tuple[str, str]]:
    number, length = answer["count"], answer["length_count"]
    by_length = f"{length['mean']:.0f} ({length['lower']:.0f}–{length['upper']:.0f})"
    on = number["calibrated_on"]
    held = f"calibrated on {on}; a place unlike them is in more doubt" if on else UNCALIBRATED
    return [
        ("freight cars", f"{number['map']} ({number['lower']}–{number['upper']} at {number['level']:.0%})"),
        ("the interval", held),
        ("from occupied length", f"{by_length}, {length['occupied_m']:.0f} m of track"),
        ("the two counts", "disagree: look at the image before quoting either" if answer["disagree"] else "agree"),
        ("other vehicles", str(answer["not_freight"])),
    ]  # fmt: skip


def run(summary: RunSummary) -> RenderableType:
    """What a run did."""
    missed = [row for row in summary.looks if not row.usable]
    facts = [
        ("scenes", f"{len(summary.looks)}, of which {summary.counted} counted now"),
        ("aligned to", f"{summary.reference}: the tracks must lie on its rails"),
        ("no looks", f"{len(missed)}"),
        ("changes", summary.no_changes or str(len(summary.changes))),
        ("store", f"{summary.store} (opens in QGIS)"),
    ]
    return Group(_facts(facts), *(Text(f"  {row.scene}: {row.reason}") for row in missed))


def assessment(answer: Answer) -> RenderableType:
    """One site's answer, and the one beside it."""
    said = answer.as_json()
    parts: list[RenderableType] = [Text(said["verdict"], style="bold"), _facts(_held(said))]
    parts += [Text(f"  {note.text}") for note in answer.assessment.notes]
    if said["events"]:
        parts.append(_events(said["events"]))
    if answer.beside is not None:
        parts += [Text(f"\nBeside it, {answer.beside.site.name}:"), assessment(answer.beside)]
        parts += [Text("\nWhat the two records say of each other:", style="bold")]
        parts += [Text(f"  explains: {text}") for text in answer.between.explains]
        parts += [Text(f"  leaves open: {text}") for text in answer.between.leaves_open]
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
        ("surge alarm", _surge(said["surge"])),
        ("onset", _onset(onset)),
        ("levels", _levels(said["levels"])),
        ("superseded by", _dated(said["superseded_by"])),
        ("withdrawn", "; ".join(f"{w['value']:g} of {w['date']}" for w in said["withdrawn"]) or "nothing"),
        ("cross-checks", "; ".join(_cross_check(check) for check in said["cross_checks"]) or "none"),
    ]


def _onset(onset: dict[str, Any] | None) -> str:
    if onset is None:
        return UNKNOWN
    text = f"{onset['earliest']} to {onset['latest']} ({', '.join(onset['zones'])}); by {onset['method']}"
    best = onset["likeliest"]
    if best is None:
        return text
    return f"{text}, {onset['level']:.0%}; likeliest {best['earliest']} to {best['latest']} ({best['probability']:.0%})"


def _levels(levels: dict[str, Any] | None) -> str:
    shifts = levels["shifts"] if levels else []
    if not shifts:
        return "no shift found"
    last, raised = shifts[-1], levels["raised"] if levels else []
    size = f"about {last['before']:.0f} → {last['after']:.0f} between {last['earliest']} and {last['latest']}"
    more = f"; {len(shifts)} shifts in all" if len(shifts) > 1 else ""
    return f"{size}{more}{'; raised level ' + raised[-1]['standing'] if raised else ''}"


def _surge(surge: dict[str, Any] | None) -> str:
    if surge is None:
        return UNKNOWN
    state = {True: "ALARM", False: "no alarm", None: "cannot be said"}[surge["alarm"]["holds"]]
    size = surge["effect"]
    effect = f"; effect ×{size['value']:.2g} ({size['lower']:.2g}–{size['upper']:.2g})" if size else ""
    reason = surge["alarm"]["reason"].removeprefix("no alarm can be raised or ruled out: ")
    return f"{state}: {reason}{effect}"


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


def plan(answer: dict[str, Any]) -> RenderableType:
    """What would have caught the surge, and what to look at next."""
    parts: list[RenderableType] = [Text(_assumed(answer["assumed"])), _facts(_planned(answer)), _cadences(answer)]
    if answer["review"]:
        parts += [Text(), _to_review(answer["review"])]
    return Group(*parts)


def _assumed(assumed: dict[str, Any]) -> str:
    """What the numbers below rest on that is not of this site."""
    return (
        f"Assumed, not known of this site: {assumed['cloud']:.0%} of images show too little (--cloud), the alarm is "
        f"wanted within {assumed['delay_days']:g} days (--delay) with a chance of {assumed['wanted']:.0%}. Put the "
        "site's own; `yardwatch scenes cadence SITE` counts its images by month.\n"
    )


def _planned(answer: dict[str, Any]) -> list[tuple[str, str]]:
    assumed, surge = answer["assumed"], answer["surge"]
    facts = [("site, zone, unit", f"{answer['site']}, {answer['zone']}, {answer['unit']}")]
    if surge is None:
        facts.append(("surge", f"none to catch ({answer['why_no_surge']}); planned for one nonetheless"))
    else:
        after, size = surge["seen_after_days"], surge["factor"]
        times = "" if size is None else f", ×{size:.2g}"
        facts.append(("surge", f"began {surge['onset']['earliest']} to {surge['onset']['latest']}{times}"))
        facts.append(("observed", f"{after['min']} to {after['max']} days after it began"))
    within = f"alarm within {assumed['delay_days']:g} days, chance {assumed['wanted']:.0%}"
    return [
        *facts,
        ("needed", f"{_images(answer['needed'])} for an {within}"),
        ("where clouds come in spells", _images(answer["needed_in_spells"])),
        ("one usable look goes off", f"{assumed['power']:.0%}: {assumed['power_basis']}"),
        ("to buy", _to_buy(answer["best_day"])),
        ("at hand, not counted", _at_hand(answer["uncounted"])),
        ("to review", _first_review(answer["review"])),
    ]


def _images(needed: dict[str, Any] | None) -> str:
    if needed is None:
        return "no number of images a month"
    return f"{needed['passes_a_month']:.2g} images a month ({needed['looks_a_month']:.2g} of them usable)"


def _to_buy(best: dict[str, Any] | None) -> str:
    if best is None:
        return "no day is worth more than another: there is no onset to narrow down"
    days = f"{best['half']['from']} to {best['half']['to']}"
    return f"an image of {best['day']} ({best['bits']:.2g} bits about the onset; half of that from {days})"


def _at_hand(scenes: Sequence[dict[str, Any]]) -> str:
    found = [f"{row['scene']} ({row['usable']:.0%} to be seen, {row['bits']:.2g} bits)" for row in scenes[:3]]
    return ", ".join(found) or "nothing near the onset"


def _first_review(scenes: Sequence[dict[str, Any]]) -> str:
    return scenes[0]["scene"] if scenes else "no counted scene is waiting for a review"


def _cadences(answer: dict[str, Any]) -> Table:
    assumed = answer["assumed"]
    table = _table(
        "images a month", "usable", f"alarm within {assumed['delay_days']:g} days", f"{assumed['wanted']:.0%} within"
    )
    for row in answer["cadences"]:
        days = "over a year" if row["days_to_wanted"] is None else f"{row['days_to_wanted']:.0f} days"
        table.add_row(f"{row['passes_a_month']:g}", f"{row['looks_a_month']:.2g}", f"{row['caught']:.0%}", days)
    return table


def _to_review(scenes: Sequence[dict[str, Any]]) -> Table:
    table = _table("to review, the weightiest first", "cars", "weight in the draw", "")
    for row in scenes[:5]:
        table.add_row(row["scene"], f"{row['cars']:.0f}", f"{row['chance']:.0%}", row["role"] or "")
    return table


def _table(*columns: str) -> Table:
    """The first column holds what a reader may want to copy: it is never broken."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=number == 0)
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
        truth.add_row(str(row.day), str(row.true), f"{row.mean:g}", f"{row.lower:g}–{row.upper:g}", held)
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
