"""Evidence bundles: checked on any machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from yardwatch.cli.frame import JsonOpt, app, out, print_json


@app.command()
def verify(
    bundle: Annotated[Path, typer.Argument(help="Evidence bundle, as `yardwatch report --form bundle` writes it.")],
    as_json: JsonOpt = False,
) -> None:
    """Check an evidence bundle: every file unchanged, the page and the data one, no forbidden picture.

    Example: yardwatch verify tumangang-2023-10-06.zip
    """
    from yardwatch import pipeline, tables_bundle

    found = pipeline.verify_bundle(bundle)
    if as_json:
        print_json(found.as_json())
    else:
        out.print(tables_bundle.verified(found))
    raise typer.Exit(0 if found.ok else 1)
