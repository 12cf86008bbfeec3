"""Words and what they rest on: the linter."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from yardwatch.cli.frame import JsonOpt, app, out, print_json


@app.command()
def lint(
    file: Annotated[
        Path, typer.Argument(help="Text (a sentence a line), Markdown, HTML, or a report's .html or .json.")
    ],
    against: Annotated[
        Path | None, typer.Option(help="Report (.html or .json) that the text quotes: say which claim it breaks.")
    ] = None,
    as_json: JsonOpt = False,
) -> None:
    """Find wording that says more than the evidence, and propose what to write. English only. Exit 1 on findings.

    Example: yardwatch lint draft.md
    """
    from yardwatch import pipeline, tables_words

    findings = pipeline.lint_file(file, against)
    if as_json:
        print_json({"findings": [one.as_json() for one in findings]})
    else:
        out.print(tables_words.findings(findings), markup=False)
    raise typer.Exit(1 if findings else 0)
