"""The site's sources: listed, and out to and in from a citation manager."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from yardwatch.cli.frame import JsonOpt, SiteArg, app, out, print_json

sources_app = typer.Typer(no_args_is_help=True, help="List sources; CSL-JSON in and out for citation managers.")
app.add_typer(sources_app, name="sources")


@sources_app.command("list")
def sources_list(site: SiteArg, as_json: JsonOpt = False) -> None:
    """List the sources as endnotes, reprints under what they reprint.

    Example: yardwatch sources list tumangang
    """
    from yardwatch import pipeline, tables_words

    found = pipeline.list_sources(site)
    if as_json:
        print_json({"site": site, **found.as_json()})
    else:
        out.print(tables_words.sources(found), markup=False)


@sources_app.command("export")
def sources_export(
    site: SiteArg, out_file: Annotated[Path, typer.Option("--out", help="CSL-JSON file to write.")]
) -> None:
    """Write the sources as CSL-JSON.

    Example: yardwatch sources export tumangang --out sources.json
    """
    from yardwatch import pipeline

    number = pipeline.export_sources(site, out_file)
    out.print(f"wrote {number} sources to {out_file}", markup=False)


@sources_app.command("import")
def sources_import(site: SiteArg, file: Annotated[Path, typer.Argument(help="CSL-JSON file.")]) -> None:
    """Take sources from CSL-JSON into sources.toml; the same id or address replaces.

    Example: yardwatch sources import my-yard sources.json
    """
    from yardwatch import pipeline

    new, replaced = pipeline.import_sources(site, file)
    out.print(f"{new} new, {replaced} replaced", markup=False)
