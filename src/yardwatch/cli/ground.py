"""Ground that changed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from yardwatch.cli.frame import JsonOpt, app, out, print_json
from yardwatch.errors import InputError


@app.command()
def changes(
    site: Annotated[str | None, typer.Argument(help="Site folder.")] = None,
    before: Annotated[Path | None, typer.Option(help="Earlier of two bare images.")] = None,
    after: Annotated[Path | None, typer.Option(help="Later of two bare images.")] = None,
    out_file: Annotated[Path | None, typer.Option("--out", help="Write the changes as GeoJSON.")] = None,
    as_json: JsonOpt = False,
) -> None:
    """List ground that changed and stayed so, at a site or between two images.

    Example: yardwatch changes --before 2022.tif --after 2023.tif --out changes.geojson
    """
    from yardwatch import pipeline, tables

    if (site is None) == (before is None and after is None) or (before is None) != (after is None):
        raise InputError("changes needs either a SITE or both --before and --after")
    if before is not None and after is not None:
        answer = pipeline.changes_between(before, after, out=out_file)
    else:
        answer = pipeline.changes(str(site), out=out_file)
    if as_json:
        print_json(answer)
    else:
        out.print(tables.changes(answer))
    if "reason" in answer:
        raise typer.Exit(1)
