"""Ground that changed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from yardwatch.cli.default import WithDefault
from yardwatch.cli.frame import FolderArg, JsonOpt, app, day_of, err, out, print_json, today
from yardwatch.errors import InputError
from yardwatch.sites.location import require_images

changes_app = typer.Typer(cls=WithDefault, help="Ground that changed and stayed so; a person's verdict on it.")
app.add_typer(changes_app, name="changes")


@changes_app.command("show")
def changes(
    site: Annotated[str | None, typer.Argument(help="Site folder.")] = None,
    before: Annotated[Path | None, typer.Option(help="Earlier of two bare images.")] = None,
    after: Annotated[Path | None, typer.Option(help="Later of two bare images.")] = None,
    since: Annotated[
        str | None, typer.Option(help="Search anew, all looks before this day as the reference; not kept.")
    ] = None,
    out_file: Annotated[
        Path | None, typer.Option("--out", help="Write the changes as a layer: GeoJSON, or GeoPackage for .gpkg.")
    ] = None,
    chips: Annotated[
        Path | None, typer.Option(help="Folder for pictures before, during, after; swipe pairs; a layer for QGIS.")
    ] = None,
    edition: Annotated[
        str, typer.Option(help="Of the pictures: internal, or public: no pixel whose licence forbids it.")
    ] = "public",
    as_json: JsonOpt = False,
) -> None:
    """List ground that changed and stayed so, at a site or between two images.

    Example: yardwatch changes my-yard --chips evidence

    Example: yardwatch changes --before 2022.tif --after 2023.tif --out changes.geojson

    A person's verdict on one of them: yardwatch changes verdict --help
    """
    if site is not None:
        require_images(site)
    if (site is None) == (before is None and after is None) or (before is None) != (after is None):
        raise InputError("changes needs either a SITE or both --before and --after")
    if since is not None and site is None:
        raise InputError("--since needs a SITE: two bare images have no looks before a day")
    day = day_of(since, "--since") if since else None
    from yardwatch import pipeline, tables_ground
    from yardwatch.progress import bars

    wanted = pipeline.Wanted(
        since=day,
        out=out_file,
        chips=pipeline.chips_wanted(chips, edition) if chips else None,
    )
    with bars(err, hidden=as_json) as report:
        if before is not None and after is not None:
            answer = pipeline.changes_between(before, after, wanted, report)
        else:
            answer = pipeline.changes(str(site), wanted, report)
    if as_json:
        print_json(answer)
    else:
        out.print(tables_ground.changes(answer))
    if "reason" in answer:
        raise typer.Exit(1)


@changes_app.command("verdict")
def verdict(
    site: FolderArg,
    change: Annotated[str, typer.Argument(metavar="ID", help="Id of the change, or its first six digits or more.")],
    word: Annotated[str, typer.Option("--is", help="real, false or unsure.")],
    by: Annotated[str, typer.Option(help="Who judges, as reports will print it.")],
    note: Annotated[str, typer.Option(help="Why: what was seen, or where it was learned.")] = "",
    as_json: JsonOpt = False,
) -> None:
    """Say whether a change is real; one judged false is no finding any more, and the newest word holds.

    Example: yardwatch changes verdict my-yard 3f9a2c41 --is false --note "a stack of sleepers" --by "A. Analyst"
    """
    from yardwatch import pipeline, tables_ground

    said = pipeline.judge_change(site, change, pipeline.Word(verdict=word, by=by, note=note), today=today())
    if as_json:
        print_json(said)
    else:
        out.print(tables_ground.verdict(said))
