"""Holding a count against its record."""

from __future__ import annotations

from typing import Annotated

import typer

from yardwatch.cli.frame import JsonOpt, SiteArg, app, day_of, out, print_json, today


@app.command()
def assess(
    site: SiteArg,
    as_of: Annotated[str | None, typer.Option(help="Day to stand on, UTC; default: today.")] = None,
    window: Annotated[str, typer.Option(help="How far the baseline looks back: 5y, 18m, 26w, 90d.")] = "5y",
    zone: Annotated[str | None, typer.Option(help="Zone; default: the site's.")] = None,
    unit: Annotated[str | None, typer.Option(help="Unit; default: the site's.")] = None,
    beside: Annotated[str | None, typer.Option(help="A second site, asked the same.")] = None,
    as_json: JsonOpt = False,
) -> None:
    """Hold the newest observation against its baseline.

    Example: yardwatch assess tumangang --as-of 2023-10-06 --json
    """
    day = day_of(as_of, "--as-of") if as_of else today()
    from yardwatch import pipeline, tables

    answer = pipeline.assess(
        site, pipeline.Asked(as_of=day, window=window, zone=zone, unit=unit, today=today()), beside=beside
    )
    if as_json:
        print_json(answer.as_json())
    else:
        out.print(tables.assessment(answer))
    if answer.assessment.reason is not None:
        raise typer.Exit(1)


@app.command()
def plan(
    site: SiteArg,
    as_of: Annotated[str | None, typer.Option(help="Day to stand on, UTC; default: today.")] = None,
    per_month: Annotated[float | None, typer.Option(help="Images a month, usable or not; default: examples.")] = None,
    cloud: Annotated[float, typer.Option(help="Share of images that show too little.")] = 0.6,
    delay: Annotated[float, typer.Option(help="Days from the surge's beginning to the alarm.")] = 14.0,
    as_json: JsonOpt = False,
) -> None:
    """How many looks a month would have caught this record's surge, and which image to review or buy next.

    Example: yardwatch plan tumangang --as-of 2023-10-06 --per-month 4 --delay 14
    """
    day = day_of(as_of, "--as-of") if as_of else today()
    from yardwatch import pipeline, tables

    wish = pipeline.wish(per_month=per_month, cloud=cloud, delay_days=delay)
    answer = pipeline.plan(site, pipeline.Asked(as_of=day, today=today()), wish)
    if as_json:
        print_json(answer.as_json())
    else:
        out.print(tables.plan(answer.as_json()))
    if answer.reason is not None:
        raise typer.Exit(1)
