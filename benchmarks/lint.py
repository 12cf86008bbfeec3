"""The linter on seeded sentences: faulty ones caught and sound ones flagged, by kind and by set of sentences.

Written by hand: `tuning` while the rules were written, `heldout` before them and set apart, `second` to `fifth` after
them, `sixth` to `ninth` by other writers, `tenth` to `fourteenth` by a writer who had not yet read the rules, the
later ones by the same, who then had. Quotations are held against the report of the bundled site as of 2023-10-06.
The first score of each set stands in docs/wording.md.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.results import Table, show, write
from yardwatch.assess.lint import Statement, against, sentences
from yardwatch.assess.lint.statements import of_report
from yardwatch.report.page import render
from yardwatch.sites.folder import open_site
from yardwatch.steps.assessing import Asked
from yardwatch.steps.linting import lexicon, lint_text
from yardwatch.steps.reporting import gather

SETS = Path(__file__).parents[1] / "tests" / "assess" / "lint"
NAMES = (
    "tuning", "heldout", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
    "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth",
    "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth",
    "twentyfirst", "twentysecond", "twentythird", "twentyfourth", "twentyfifth",
)  # fmt: skip
QUOTED = ("against", "against-second")
RULES = {
    "likelihood": ("likelihood-rows", "likelihood-band", "likelihood-word"),
    "rows": ("likelihood-rows", "likelihood-word"),
    "band": ("likelihood-band", "likelihood-word"),
    "interval": ("interval-not-published", "precision"),
    "confidence": ("likelihood-confidence",),
    "precision": ("precision", "interval-not-published"),
    "unnamed": ("unnamed-source",),
}
"""Rules that a kind is meant for; elsewhere the rule has the kind's name."""
KEYS = ("faulty", "caught", "by_its_rule", "sound", "false")


@dataclass(frozen=True)
class Seeded:
    """One sentence of a set."""

    kind: str
    faulty: bool
    text: str


def read(name: str) -> Iterator[Seeded]:
    """The sentences of a set."""
    for line in (SETS / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, state, text = line.split("\t")
            yield Seeded(kind, state == "faulty", text)


def score(name: str) -> list[dict[str, str | int]]:
    """By kind, each sentence alone: faulty, caught at all, caught by a rule meant for it, sound, false alarms."""
    rows: dict[str, dict[str, str | int]] = {}
    for one in read(name):
        row = rows.setdefault(one.kind, {"kind": one.kind} | dict.fromkeys(KEYS, 0))
        met = {finding.rule for finding in lint_text(one.text)}
        meant = bool(met & set(RULES.get(one.kind, (one.kind,))))
        seen = (
            one.faulty,
            one.faulty and bool(met),
            one.faulty and meant,
            not one.faulty,
            not one.faulty and bool(met),
        )
        for key, counts in zip(KEYS, seen, strict=True):
            row[key] = int(row[key]) + counts
    total = {key: sum(int(row[key]) for row in rows.values()) for key in KEYS}
    return [*rows.values(), {"kind": "all", **total}]


def quotations(name: str) -> list[tuple[str | None, str]]:
    """Quotations of a set, each with the claim it breaks; None where it breaks none."""
    lines = (SETS / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(claim if state == "faulty" else None, text) for claim, state, text in rows]


def quoted(name: str, report: Sequence[Statement]) -> dict[str, str | int]:
    """Distorted quotations caught, caught with the claim they break, and faithful ones flagged."""
    row: dict[str, str | int] = {"set": name} | dict.fromkeys(("faulty", "caught", "with_claim", "sound", "false"), 0)
    for claim, text in quotations(name):
        met = {finding.claim for finding in against(sentences([text]), report, lexicon())}
        seen = {"faulty": claim is not None, "caught": claim is not None and bool(met), "sound": claim is None,
                "with_claim": claim in met, "false": claim is None and bool(met)}  # fmt: skip
        row |= {key: int(row[key]) + value for key, value in seen.items()}
    return row


def of_the_case() -> tuple[Statement, ...]:
    """What the bundled site's report of the day after the image states."""
    site = open_site("tumangang")
    return of_report(render(gather(site, Asked(as_of=date(2023, 10, 6)), "public")).json)


def main() -> None:
    """One table a set."""
    for name in NAMES:
        table = Table(
            name=f"lint_{name}",
            title=f"Linter, sentences of {name}.tsv",
            data="none",
            rows=tuple(score(name)),
            notes=("sentences written by hand; other writers will do worse or better",),
        )
        show(table)
        write(table)
    report = of_the_case()
    table = Table(
        name="lint_against",
        title="Linter, quotations held against the report of tumangang as of 2023-10-06",
        data="none",
        rows=tuple(quoted(name, report) for name in QUOTED),
        notes=("quotations written by hand; other writers will do worse or better",),
    )
    show(table)
    write(table)
    if "--json" in sys.argv:
        print(json.dumps({name: score(name)[-1] for name in NAMES}))


if __name__ == "__main__":
    main()
