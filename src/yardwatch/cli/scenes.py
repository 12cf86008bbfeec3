"""Making a site, receiving its images."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from yardwatch.cli.frame import (
    FolderArg,
    JsonOpt,
    QuietOpt,
    SiteArg,
    app,
    day_of,
    err,
    out,
    print_json,
    scenes_app,
    today,
)
from yardwatch.errors import InputError


@app.command(context_settings={"allow_extra_args": True})
def init(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Folder to make.")],
    name: Annotated[str | None, typer.Option(help="Name of the place, as reports will print it.")] = None,
    images: Annotated[
        list[Path] | None, typer.Option("--from", help="Images whose common footprint becomes the first zone.")
    ] = None,
) -> None:
    """Make a site folder.

    Example: yardwatch init my-yard --name "My yard" --from a.tif --from b.tif
    """
    from yardwatch import pipeline

    wanted = [*(images or []), *map(Path, context.args)]  # `--from *.tif`: the shell makes many words of it
    if context.args and not images:
        raise InputError(f"init takes one folder; to name images write --from {' '.join(context.args)}")
    made = pipeline.create_site(folder, name or folder.name, wanted)
    zone = "" if wanted else "; nothing can be counted before a polygon with the property id: yard is in zones.geojson"
    next_one = f"edit site.yaml, zones.geojson and tracks.geojson there{zone}, then `yardwatch scenes add`"
    out.print(f"made {made.path}: {next_one}", markup=False)


@scenes_app.command("add")
def scenes_add(
    folder: FolderArg,
    files: Annotated[
        list[Path] | None, typer.Argument(help="Images, anything GDAL reads as GeoTIFF, JP2 or NITF.")
    ] = None,
    acquired: Annotated[str | None, typer.Option(help="When it was taken, UTC: 2023-10-05T02:10Z.")] = None,
    sensor: Annotated[str | None, typer.Option(help="Sensor, as reports will print it.")] = None,
    licence: Annotated[str | None, typer.Option(help="Licence; without one, pixels may not be published.")] = None,
    attribution: Annotated[str | None, typer.Option(help="Text that must stand beside the pixels.")] = None,
    expires: Annotated[str | None, typer.Option(help="Last day the licence holds: 2026-12-31.")] = None,
    follow: Annotated[bool, typer.Option("--follow", help="Read a VRT by the files in its folder it names.")] = False,
    in_place: Annotated[
        bool, typer.Option("--in-place", help="Do not copy the original into the site; only its hash is kept.")
    ] = False,
    crs: Annotated[str | None, typer.Option(help="CRS of an image that has none: EPSG:32652.")] = None,
    bands: Annotated[str | None, typer.Option(help="Order of its bands, a letter each: BGRN, RGB, P.")] = None,
    colour: Annotated[
        Path | None, typer.Option(help="Multispectral image of the same moment, to colour a panchromatic one with.")
    ] = None,
    height: Annotated[
        float | None, typer.Option(help="Ground's height above the ellipsoid, m: orthorectifies an image with RPCs.")
    ] = None,
    manifest: Annotated[
        Path | None, typer.Option(help="CSV with file, acquired, sensor, licence for many images.")
    ] = None,
) -> None:
    """Receive images: hash, check, copy to a COG, list in the site's STAC catalogue.

    Example: yardwatch scenes add my-yard 2023-10-05.tif --acquired 2023-10-05T02:10Z --sensor PlanetScope
    """
    from yardwatch import pipeline
    from yardwatch.progress import bars

    stated = pipeline.Stated(
        acquired=acquired,
        sensor=sensor,
        licence=licence,
        attribution=attribution,
        expires=day_of(expires, "--expires") if expires else None,
        crs=crs,
        bands=bands,
        colour=colour,
        follow=follow,
        height_m=height,
        keep_original=not in_place,
    )
    with bars(err) as report:
        received = pipeline.add_scenes(
            folder, files or [], stated, manifest=manifest, now=datetime.now(UTC), report=report
        )
    for file, one in received:
        out.print(f"{file}: {'already there as' if one.already else 'received as'} {one.scene.id}", markup=False)
        for note in one.notes:
            out.print(f"  {note}", markup=False)


@scenes_app.command("list")
def scenes_list(
    folder: SiteArg,
    first: Annotated[str | None, typer.Option("--from", help="First day, UTC: 2019-01-01.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last day, UTC.")] = None,
    zone: Annotated[str | None, typer.Option(help="Only scenes over this zone.")] = None,
    as_json: JsonOpt = False,
) -> None:
    """List the scenes of a site, or those of some days over a zone.

    Example: yardwatch scenes list my-yard --from 2023-01-01
    """
    from yardwatch import pipeline

    days = (day_of(first, "--from") if first else None, day_of(last, "--to") if last else None)
    rows = pipeline.list_scenes(folder, *days, zone=zone)
    if as_json:
        print_json({"scenes": rows})
        return
    from yardwatch import tables

    out.print(tables.scenes(rows))


@scenes_app.command("tie")
def scenes_tie(
    folder: FolderArg,
    scene: Annotated[str, typer.Argument(help="Scene id, as `scenes list` shows it.")],
    points: Annotated[
        Path, typer.Option(help="Pairs of points, reference and scene: CSV, or GeoJSON lines of two points.")
    ],
    as_json: JsonOpt = False,
) -> None:
    """Say by points where a scene lies against the reference, when it cannot be aligned; `run` then takes your word.

    Example: yardwatch scenes tie my-yard 2023-10-05-1a2b3c4d --points pairs.csv
    """
    from yardwatch import pipeline, tables_scenes

    answer = pipeline.tie_scene(folder, scene, points, today=today())
    if as_json:
        print_json(answer)
    else:
        out.print(tables_scenes.tie(answer))


@scenes_app.command("check")
def scenes_check(folder: SiteArg, as_json: JsonOpt = False, quiet: QuietOpt = False) -> None:
    """What each scene can carry: visible zones and tracks, what hides the rest, true sharpness, the sun.

    Example: yardwatch scenes check my-yard
    """
    from yardwatch import pipeline, tables_scenes
    from yardwatch.progress import bars

    with bars(err, hidden=quiet or as_json) as report:
        answer = pipeline.check_scenes(folder, report=report)
    if as_json:
        print_json(answer)
    else:
        out.print(tables_scenes.check(answer))
