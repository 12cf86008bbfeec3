"""Getting the tracks cars stand on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from yardwatch.cli.frame import FolderArg, JsonOpt, err, out, print_json, tracks_app


@tracks_app.command("import")
def tracks_import(
    folder: FolderArg,
    osm: Annotated[Path, typer.Option(help="Extract: .osm.pbf, .osm, Overpass JSON or GeoJSON.")],
) -> None:
    """Take tracks from an OpenStreetMap extract, split at switches and clipped to the zones.

    Example: yardwatch tracks import my-yard --osm extract.osm.pbf
    """
    from yardwatch import pipeline

    tracks = pipeline.import_tracks(folder, osm)
    out.print(f"{len(tracks)} tracks written to {folder / 'tracks.geojson'} (© OpenStreetMap contributors, ODbL)")


@tracks_app.command("trace")
def tracks_trace(
    scene: Annotated[Path, typer.Argument(help="Image, anywhere; no site needed.")],
    out_file: Annotated[
        Path | None, typer.Option("--out", help="Write the centre lines as GeoJSON, to be checked in QGIS.")
    ] = None,
    crs: Annotated[str | None, typer.Option(help="CRS of an image that has none: EPSG:32652.")] = None,
    weights: Annotated[Path | None, typer.Option(help="Weights; default: the shipped.")] = None,
    as_json: JsonOpt = False,
) -> None:
    """Propose track centre lines from the image itself; a person checks them before they are used.

    Example: yardwatch tracks trace yard.tif --out tracks.geojson
    """
    from yardwatch import pipeline, tables_tracks
    from yardwatch.progress import bars

    with bars(err, hidden=as_json) as report:
        answer = pipeline.trace_tracks(scene, out=out_file, crs=crs, weights=weights, report=report)
    if as_json:
        print_json(answer)
    else:
        out.print(tables_tracks.traced(answer))
        if out_file is not None:
            out.print(f"written to {out_file}: check every line over the image in QGIS before you count along it")
    if "reason" in answer:
        raise typer.Exit(1)


@tracks_app.command("snap")
def tracks_snap(folder: FolderArg, as_json: JsonOpt = False) -> None:
    """Move a site's tracks sideways onto the rails of its reference scene, where that scene is sure of it.

    Example: yardwatch tracks snap my-yard
    """
    from yardwatch import pipeline, tables_tracks

    answer = pipeline.snap_tracks(folder)
    if as_json:
        print_json(answer)
    else:
        out.print(tables_tracks.snapped(answer), markup=False)
