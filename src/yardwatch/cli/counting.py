"""Counting one image or a whole site, and a person's corrections."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from yardwatch.cli.frame import FolderArg, JsonOpt, QuietOpt, app, err, out, print_json, today


@app.command()
def count(
    scene: Annotated[Path, typer.Argument(help="Image, anywhere; no site needed.")],
    tracks: Annotated[
        Path | None, typer.Option(help="GeoJSON of track centre lines; default: traced in the image.")
    ] = None,
    zones: Annotated[Path | None, typer.Option(help="GeoJSON polygons to count in; default: the whole image.")] = None,
    out_file: Annotated[Path | None, typer.Option("--out", help="Write every vehicle as a GeoJSON polygon.")] = None,
    crs: Annotated[str | None, typer.Option(help="CRS of an image that has none: EPSG:32652.")] = None,
    weights: Annotated[Path | None, typer.Option(help="Weights of the strip network; default: the shipped.")] = None,
    as_json: JsonOpt = False,
) -> None:
    """Count freight cars along tracks in one image.

    Example: yardwatch count yard.tif --tracks tracks.geojson --out cars.geojson
    """
    from yardwatch import pipeline, tables
    from yardwatch.progress import bars

    if tracks is not None:
        answer = pipeline.count(scene, tracks=tracks, zones=zones, crs=crs, out=out_file, weights=weights)
    else:
        with bars(err, hidden=as_json) as report:
            answer = pipeline.count_traced(scene, zones=zones, crs=crs, out=out_file, weights=weights, report=report)
    if as_json:
        print_json(answer)
    else:
        out.print(tables.count(answer))
    if answer["capability"] == "none":
        raise typer.Exit(1)


@app.command()
def run(
    folder: FolderArg,
    workers: Annotated[int, typer.Option(min=1, help="Scenes counted at once.")] = 1,
    as_json: JsonOpt = False,
    quiet: QuietOpt = False,
) -> None:
    """Align, count and store every scene of a site, find changes; goes on where an earlier run stopped.

    Example: yardwatch run my-yard
    """
    from yardwatch import pipeline, tables
    from yardwatch.progress import bars

    with bars(err, hidden=quiet) as report:
        summary = pipeline.run(folder, workers=workers, report=report, now=datetime.now(UTC))
    if as_json:
        print_json(summary.as_json())
    else:
        out.print(tables.run(summary))


@app.command()
def review(
    folder: FolderArg,
    scene: Annotated[str, typer.Argument(help="Scene id, as `scenes list` shows it.")],
    cars: Annotated[Path, typer.Option(help="The scene's cars, corrected in QGIS (GeoJSON).")],
    reviewer: Annotated[str, typer.Option(help="Who reviewed, as the record will say.")] = "unnamed",
    note: Annotated[str, typer.Option(help="A remark to keep.")] = "",
) -> None:
    """Take a person's corrections of one scene into the store and the error model.

    Example: yardwatch review my-yard 2023-10-05-1a2b3c4d --cars edited.geojson --reviewer "A. Analyst"
    """
    from yardwatch import pipeline

    verdict = pipeline.review(folder, scene, cars, reviewer=reviewer, note=note, today=today())
    out.print(
        f"{verdict.kept} kept, {verdict.removed} removed, {verdict.added} added; the scene now counts as reviewed"
    )
