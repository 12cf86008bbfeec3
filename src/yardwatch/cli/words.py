"""Words and what they rest on: the linter, the way from a sentence to its pixels, rival explanations, judgements."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from yardwatch.cli.frame import JsonOpt, SiteArg, app, day_of, out, print_json, today

AsOfOpt = Annotated[str | None, typer.Option(help="Day to stand on, UTC; default: today.")]
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


@app.command()
def hypotheses(site: SiteArg, as_of: AsOfOpt = None, as_json: JsonOpt = False) -> None:
    """Weigh the facts of hypotheses.toml against rival explanations: order, worth of each fact, what would change it.

    Picks none: that is a person's judgement. Example: yardwatch hypotheses tumangang --as-of 2024-06-18
    """
    day = day_of(as_of, "--as-of") if as_of else today()
    from yardwatch import pipeline, tables_words

    found = pipeline.weigh_site(site, pipeline.Asked(as_of=day, today=today()))
    if as_json:
        print_json({"site": site, "as_of": day.isoformat(), **found.as_json()})
    else:
        out.print(tables_words.rivals(found))


@app.command()
def judgement(site: SiteArg, as_of: AsOfOpt = None, as_json: JsonOpt = False) -> None:
    """Check judgement.toml: likelihood word, confidence, alternatives, claims, wording, signature. Exit 1 on a fault.

    Example: yardwatch judgement my-yard --as-of 2023-10-06
    """
    day = day_of(as_of, "--as-of") if as_of else today()
    from yardwatch import pipeline, tables_words

    found = pipeline.judge_site(site, pipeline.Asked(as_of=day, today=today()))
    if as_json:
        print_json({"site": site, "as_of": day.isoformat(), **found.as_json()})
    else:
        out.print(tables_words.judgements(found), markup=False)
    raise typer.Exit(1 if any(found.faults.values()) else 0)
