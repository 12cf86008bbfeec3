"""Words and what they rest on: the linter, and the way from a sentence to its pixels."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from yardwatch.cli.frame import JsonOpt, app, out, print_json

ReportArg = Annotated[Path, typer.Argument(help="The .json or .html that `yardwatch report` wrote.")]


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


@app.command()
def trace(
    report: ReportArg,
    claim: Annotated[str, typer.Argument(help="Id of a claim or limit as the page shows it: o-observed.")],
    as_json: JsonOpt = False,
) -> None:
    """Show what a sentence rests on: claims, record rows, counts, car polygons, zones, scenes by hash, sources.

    Example: yardwatch trace reports/tumangang-2023-10-06.json i-ratio
    """
    from yardwatch import pipeline, tables_words

    found = pipeline.trace_claim(report, claim)
    if as_json:
        print_json({"claim": claim, "chain": found.as_json(), "missing": list(found.missing)})
    else:
        out.print(tables_words.chain(found), markup=False)
    raise typer.Exit(1 if found.missing else 0)
