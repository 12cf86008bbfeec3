"""The linter on seeded sentences: faulty ones caught and sound ones flagged, by kind and by set of sentences.

Written by hand: `tuning` while the rules were written, `heldout` before them and set apart,
`second` to `fifth` after them, `sixth` to `ninth` by other writers. The first score of each set stands in
docs/wording.md.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.results import Table, show, write
from yardwatch.steps.linting import lint_text

SETS = Path(__file__).parents[1] / "tests" / "assess" / "lint"
NAMES = ("tuning", "heldout", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
RULES = {
    "likelihood": ("likelihood-rows", "likelihood-band", "likelihood-word"),
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
    if "--json" in sys.argv:
        print(json.dumps({name: score(name)[-1] for name in NAMES}))


if __name__ == "__main__":
    main()
