"""Judgements to be scored when their day is over."""

from __future__ import annotations

from typing import Annotated

import typer

from yardwatch.cli.frame import FolderArg, JsonOpt, SiteArg, app, day_of, out, print_json, today
from yardwatch.errors import InputError

forecasts_app = typer.Typer(no_args_is_help=True, help="Judgements to be scored when their day is over.")
app.add_typer(forecasts_app, name="forecasts")


@forecasts_app.command("add")
def forecasts_add(
    site: FolderArg,
    text: Annotated[str, typer.Argument(help="What will have happened, so that yes or no can settle it.")],
    word: Annotated[str, typer.Option(help="Likelihood: likely, very likely, … (ICD 203).")],
    by: Annotated[str, typer.Option(help="Who judges.")],
    due: Annotated[str | None, typer.Option(help="Last day on which it may come true: 2025-06-01.")] = None,
    within: Annotated[str | None, typer.Option(help="The same from the day made: 1y, 6m, 90d.")] = None,
    made: Annotated[str | None, typer.Option(help="Day it was said, UTC; default: today.")] = None,
    about: Annotated[str, typer.Option(help="Id of the change it speaks of.")] = "",
    note: Annotated[str, typer.Option(help="A remark to keep.")] = "",
    as_json: JsonOpt = False,
) -> None:
    """Keep a judgement with its word of likelihood and its last day.

    Example: yardwatch forecasts add my-yard "the new building is in use" --word likely --within 1y --by "A. Analyst"
    """
    from yardwatch import pipeline, tables_ground

    said = day_of(made, "--made") if made else today()
    if (due is None) == (within is None):
        raise InputError("a forecast needs either --due DAY or --within 1y")
    last = day_of(due, "--due") if due else pipeline.day_after(said, str(within))
    judgement = pipeline.Judgement(text=text, word=word, due=last, by=by, made=said, about=about, note=note)
    kept = pipeline.add_forecast(site, judgement, today=today())
    if as_json:
        print_json(kept)
    else:
        out.print(tables_ground.forecast(kept))


@forecasts_app.command("score")
def forecasts_score(
    site: FolderArg,
    forecast: Annotated[str, typer.Argument(metavar="ID", help="Id of the forecast, or its first six digits or more.")],
    happened: Annotated[str, typer.Option(help="yes, no, or void where it can no longer be told.")],
    by: Annotated[str, typer.Option(help="Who says so.")],
    on: Annotated[
        str | None, typer.Option(help="Day it happened, or from which it is known that it did not; default: today.")
    ] = None,
    note: Annotated[str, typer.Option(help="On what grounds: a source.")] = "",
    as_json: JsonOpt = False,
) -> None:
    """Enter what became of a forecast.

    Example: yardwatch forecasts score my-yard 3f9a2c41 --happened yes --on 2024-05-28 --by "A. Analyst"
    """
    from yardwatch import pipeline, tables_ground

    known = day_of(on, "--on") if on else today()
    ending = pipeline.Ending(happened=happened, known=known, by=by, note=note)
    kept = pipeline.score_forecast(site, forecast, ending, today=today())
    if as_json:
        print_json(kept)
    else:
        out.print(tables_ground.forecast(kept))


@forecasts_app.command("list")
def forecasts_list(site: SiteArg, as_json: JsonOpt = False) -> None:
    """List a site's forecasts, what became of them, and how well the words held.

    Example: yardwatch forecasts list my-yard
    """
    from yardwatch import pipeline, tables_ground

    answer = pipeline.list_forecasts(site, today=today())
    if as_json:
        print_json(answer)
    else:
        out.print(tables_ground.forecasts(answer))
