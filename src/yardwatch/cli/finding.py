"""Finding images: what STAC APIs offer of a site, and when it was looked at."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from yardwatch.cli.frame import JsonOpt, QuietOpt, SiteArg, day_of, err, out, print_json, scenes_app


@scenes_app.command("search")
def scenes_search(
    site: SiteArg,
    api: Annotated[str, typer.Option(help="A preset (see `yardwatch scenes apis`) or the address of a STAC API.")],
    first: Annotated[str | None, typer.Option("--from", help="First day, UTC: 2019-01-01.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last day, UTC.")] = None,
    max_cloud: Annotated[float | None, typer.Option(help="Most cloud, percent, as the item states it.")] = None,
    max_gsd: Annotated[float | None, typer.Option(help="Coarsest pixel, metres, as the item states it.")] = None,
    max_off_nadir: Annotated[float | None, typer.Option(help="Largest off-nadir angle, degrees.")] = None,
    collection: Annotated[list[str] | None, typer.Option(help="Collection to search; may be repeated.")] = None,
    asset: Annotated[str | None, typer.Option(help="File of each item to take; default: its picture.")] = None,
    limit: Annotated[int, typer.Option(help="Most items to ask for.")] = 100,
    add: Annotated[bool, typer.Option("--add", help="Download the window over the site and receive it.")] = False,
    only: Annotated[list[str] | None, typer.Option(help="With --add: only this item; may be repeated.")] = None,
    margin: Annotated[float, typer.Option(help="With --add: ground metres taken around the zones.")] = 200.0,
    as_json: JsonOpt = False,
    quiet: QuietOpt = False,
) -> None:
    """What a STAC API offers of a site, with the share of each zone it covers; --add takes the window over it.

    Example: yardwatch scenes search my-yard --api swissimage --from 2010-01-01 --add
    """
    from yardwatch import pipeline, tables_finding
    from yardwatch.progress import bars

    sought = pipeline.Sought(
        api=api,
        first=day_of(first, "--from") if first else None,
        last=day_of(last, "--to") if last else None,
        collections=tuple(collection or ()),
        max_cloud=max_cloud,
        max_gsd=max_gsd,
        max_off_nadir=max_off_nadir,
        asset=asset,
        most=limit,
    )
    with bars(err, hidden=quiet) as report:
        wish = pipeline.Wish(add=add, only=tuple(only or ()), margin_m=margin, now=datetime.now(UTC), report=report)
        answer = pipeline.search_scenes(site, sought, wish)
    if as_json:
        print_json(answer.as_json())
    else:
        out.print(tables_finding.search(answer.as_json()))
    if answer.exit_code:
        raise typer.Exit(answer.exit_code)


@scenes_app.command("apis")
def scenes_apis(as_json: JsonOpt = False) -> None:
    """List the STAC APIs known by name, the bundled ones and your own.

    Example: yardwatch scenes apis
    """
    from yardwatch import pipeline, tables_finding

    rows = pipeline.list_apis()
    if as_json:
        print_json({"apis": rows})
    else:
        out.print(tables_finding.apis(rows))


@scenes_app.command("cadence")
def scenes_cadence(
    site: SiteArg,
    out_file: Annotated[Path | None, typer.Option("--out", help="Chart to write: FILE.svg or FILE.png.")] = None,
    first: Annotated[str | None, typer.Option("--from", help="First day, UTC.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last day, UTC.")] = None,
    as_json: JsonOpt = False,
) -> None:
    """Looks and no-looks of a site by month and sensor, as a table and as a chart.

    Example: yardwatch scenes cadence my-yard --out cadence.svg
    """
    from yardwatch import pipeline, tables_finding

    days = (day_of(first, "--from") if first else None, day_of(last, "--to") if last else None)
    found = pipeline.cadence(site, *days)
    if out_file is not None:
        pipeline.draw_cadence(found, out_file)
    if as_json:
        print_json(found.as_json())
        return
    out.print(tables_finding.cadence(found.as_json()))
    if out_file is not None:
        out.print(f"wrote {out_file}", markup=False)
