"""One command a step; no logic.

Exit codes: 0 printed what was asked, whatever the finding; 1 nothing could be computed or a check failed; 2 bad
input; 3 a service or file could not be reached; 130 interrupted. With `--json`, stdout carries the JSON alone.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from typer.exceptions import TyperException

from yardwatch.errors import InputError, UnavailableError, YardwatchError

INTERRUPTED = 130

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
scenes_app = typer.Typer(no_args_is_help=True, help="Receive images and list them.")
tracks_app = typer.Typer(no_args_is_help=True, help="Get the tracks cars stand on.")
app.add_typer(scenes_app, name="scenes")
app.add_typer(tracks_app, name="tracks")

out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 200)
err = Console(stderr=True, highlight=False, soft_wrap=True)

SiteArg = Annotated[str, typer.Argument(help="Site folder, or the name of a bundled site (tumangang, khasan).")]
FolderArg = Annotated[Path, typer.Argument(help="Site folder.")]
JsonOpt = Annotated[bool, typer.Option("--json", help="Print JSON on stdout and nothing else.")]
QuietOpt = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bars.")]


def main() -> None:
    """Run the command line; a user's mistake is one line on stderr, never a traceback."""
    try:
        code = app(standalone_mode=False) or 0
        if code == INTERRUPTED:
            err.print("interrupted; run the same command again to go on")
        sys.exit(code)
    except (KeyboardInterrupt, typer.Abort):
        err.print("interrupted; run the same command again to go on")
        sys.exit(130)
    except YardwatchError as error:
        err.print(f"yardwatch: {error}", markup=False)
        sys.exit(error.exit_code)
    except OSError as error:
        err.print(f"yardwatch: {error}", markup=False)
        sys.exit(UnavailableError.exit_code)
    except TyperException as error:
        err.print(f"yardwatch: {error.format_message()}", markup=False)
        sys.exit(InputError.exit_code)


def _version(wanted: bool) -> None:
    if wanted:
        from yardwatch import __version__

        typer.echo(f"yardwatch {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    verbose: Annotated[int, typer.Option("-v", "--verbose", count=True, help="Log steps (-v) or details (-vv).")] = 0,
    version: Annotated[  # noqa: ARG001
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """How many freight cars, compared with what, how sure, from which pixels, and what cannot be known.

    Begin with `yardwatch demo`, or with your own image: `yardwatch count IMAGE --tracks TRACKS.geojson`.
    """
    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)


def _print_json(value: dict[str, Any]) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{option} {text!r} is not a day; write it as 2023-10-06") from None


def _today() -> date:
    return datetime.now(UTC).date()


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
    out.print(f"made {made.path}: edit site.yaml, zones.geojson and tracks.geojson there, then `yardwatch scenes add`")


@scenes_app.command("add")
def scenes_add(
    folder: FolderArg,
    files: Annotated[
        list[Path] | None, typer.Argument(help="Images, anything GDAL reads as GeoTIFF, JP2 or NITF.")
    ] = None,
    acquired: Annotated[str | None, typer.Option(help="When it was taken, UTC: 2023-10-05T02:10Z.")] = None,
    sensor: Annotated[str | None, typer.Option(help="Sensor, as reports will print it.")] = None,
    licence: Annotated[str | None, typer.Option(help="Licence; without one, pixels may not be published.")] = None,
    crs: Annotated[str | None, typer.Option(help="CRS of an image that has none: EPSG:32652.")] = None,
    manifest: Annotated[
        Path | None, typer.Option(help="CSV with file, acquired, sensor, licence for many images.")
    ] = None,
) -> None:
    """Receive images: hash, check, copy to a COG, list in the site's STAC catalogue.

    Example: yardwatch scenes add my-yard 2023-10-05.tif --acquired 2023-10-05T02:10Z --sensor PlanetScope
    """
    from yardwatch import pipeline
    from yardwatch.progress import bars

    stated = pipeline.Stated(acquired=acquired, sensor=sensor, licence=licence, crs=crs)
    with bars(err) as report:
        received = pipeline.add_scenes(
            folder, files or [], stated, manifest=manifest, now=datetime.now(UTC), report=report
        )
    for file, one in received:
        out.print(f"{file}: {'already there as' if one.already else 'received as'} {one.scene.id}", markup=False)
        for note in one.notes:
            out.print(f"  {note}", markup=False)


@scenes_app.command("list")
def scenes_list(folder: SiteArg, as_json: JsonOpt = False) -> None:
    """List the scenes of a site.

    Example: yardwatch scenes list my-yard
    """
    from yardwatch import pipeline

    rows = pipeline.list_scenes(folder)
    if as_json:
        _print_json({"scenes": rows})
        return
    from yardwatch import tables

    out.print(tables.scenes(rows))


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
        _print_json(answer)
    else:
        out.print(tables_tracks.traced(answer))
        if out_file is not None:
            out.print(f"written to {out_file}: check every line over the image in QGIS before you count along it")
    if "reason" in answer:
        raise typer.Exit(1)


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
        _print_json(answer)
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
        _print_json(summary.as_json())
    else:
        out.print(tables.run(summary))


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
    from yardwatch import pipeline, tables

    day = _day(as_of, "--as-of") if as_of else _today()
    answer = pipeline.assess(
        site, pipeline.Asked(as_of=day, window=window, zone=zone, unit=unit, today=_today()), beside=beside
    )
    if as_json:
        _print_json(answer.as_json())
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
    from yardwatch import pipeline, tables

    day = _day(as_of, "--as-of") if as_of else _today()
    wish = pipeline.wish(per_month=per_month, cloud=cloud, delay_days=delay)
    answer = pipeline.plan(site, pipeline.Asked(as_of=day, today=_today()), wish)
    if as_json:
        _print_json(answer.as_json())
    else:
        out.print(tables.plan(answer.as_json()))
    if answer.reason is not None:
        raise typer.Exit(1)


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
        _print_json(answer)
    else:
        out.print(tables.changes(answer))
    if "reason" in answer:
        raise typer.Exit(1)


@app.command()
def report(
    site: SiteArg,
    as_of: Annotated[str | None, typer.Option(help="Day to stand on, UTC; default: today.")] = None,
    window: Annotated[str, typer.Option(help="How far the baseline looks back.")] = "5y",
    zone: Annotated[str | None, typer.Option(help="Zone; default: the site's.")] = None,
    unit: Annotated[str | None, typer.Option(help="Unit; default: the site's.")] = None,
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="Folder; default: the site's reports folder.")
    ] = None,
    edition: Annotated[str, typer.Option(help="internal, or public: no pixel whose licence forbids it.")] = "public",
) -> None:
    """Write one self-contained HTML page and the same content as JSON.

    Example: yardwatch report tumangang --as-of 2023-10-06 --out reports
    """
    from yardwatch import pipeline

    day = _day(as_of, "--as-of") if as_of else _today()
    asked = pipeline.Asked(as_of=day, window=window, zone=zone, unit=unit, today=_today())
    for path in pipeline.report(site, asked, out=out_folder, edition=edition):
        out.print(str(path), markup=False)


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

    verdict = pipeline.review(folder, scene, cars, reviewer=reviewer, note=note, today=_today())
    out.print(
        f"{verdict.kept} kept, {verdict.removed} removed, {verdict.added} added; the scene now counts as reviewed"
    )


@app.command()
def export(
    site: SiteArg,
    out_file: Annotated[Path, typer.Option("--out", help="File to write.")],
    fmt: Annotated[
        str, typer.Option("--format", help="csv (observations), geojson (cars) or gpkg (everything).")
    ] = "csv",
) -> None:
    """Write what the store holds to a file.

    Example: yardwatch export my-yard --format geojson --out cars.geojson
    """
    from yardwatch import pipeline

    pipeline.export(site, fmt, out_file)
    out.print(f"wrote {out_file}", markup=False)


@app.command()
def demo(
    out_folder: Annotated[Path, typer.Option("--out", help="Folder to write into.")] = Path("demo"),
    quiet: QuietOpt = False,
) -> None:
    """The published case of Tumangang at two dates, then a fictional yard from pixels to report. No network.

    Example: yardwatch demo
    """
    from yardwatch import demo as story
    from yardwatch import tables
    from yardwatch.progress import bars

    with bars(err, hidden=quiet) as report_progress:
        made = story.run(out_folder, report=report_progress, now=datetime.now(UTC))
    out.print(tables.demo(made))
