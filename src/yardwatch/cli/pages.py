"""Reports, exports and the demo."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from yardwatch.cli.frame import QuietOpt, SiteArg, app, day_of, err, out, today


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
    form: Annotated[
        str, typer.Option(help="html, json, pdf, md, docx, figures, bundle: one or more, parted by commas.")
    ] = "html,json",
    since: Annotated[
        str | None, typer.Option(help="Older report this one replaces, id or file: says which sentences change.")
    ] = None,
) -> None:
    """Write a report: a self-contained page and the same content as JSON, and in other forms where asked.

    Example: yardwatch report tumangang --as-of 2023-10-06 --out reports
    """
    from yardwatch.report.forms import known_edition, known_forms

    day = day_of(as_of, "--as-of") if as_of else today()
    forms = known_forms([part.strip() for part in form.split(",")])
    known_edition(edition)
    from yardwatch import pipeline, tables_words

    asked = pipeline.Asked(as_of=day, window=window, zone=zone, unit=unit, today=today())
    if since is None:
        paths = pipeline.report(site, asked, out=out_folder, edition=edition, forms=forms)
    else:
        paths, found = pipeline.succeed(site, asked, since, out=out_folder, edition=edition, forms=forms)
        err.print(tables_words.changes(found), markup=False)
    for path in paths:
        out.print(str(path), markup=False)
    if paths.reason is not None:
        err.print(paths.reason, markup=False)
        raise typer.Exit(1)


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
