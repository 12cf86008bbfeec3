"""A quotation held against the report it quotes: what it turned the claims into, and which claim it breaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from yardwatch.assess.lint.finding import Finding
from yardwatch.assess.lint.lexicon import Lexicon
from yardwatch.assess.lint.linter import lint
from yardwatch.assess.lint.matching import met
from yardwatch.assess.lint.quotation import Quotation
from yardwatch.assess.lint.quoted_numbers import interval_of_the_report, numbers, of_the_report
from yardwatch.assess.lint.quoted_times import times
from yardwatch.assess.lint.statements import Statement
from yardwatch.assess.lint.text import Sentence, read

BREAKS = {
    "superlative": ("i-unprecedented", "i-superseded"),
    "causal": ("i-events", "i-onset", "o-observed"),
    "pixels": ("l-inside",),
    "certainty": ("i-verdict", "o-observed"),
    "precision": ("o-observed",),
    "interval-not-published": ("o-observed",),
    "bound": ("o-observed",),
    "unnamed-source": ("o-observed",),
}
"""Claims a general fault breaks, the first that the report has."""
NUMERIC = frozenset({"precision", "bound"})
"""General rules that know no report: where a number is the report's own, its claim decides instead."""
MEANINGS = (
    ("direction", "says where the cars go or come from, which the report says cannot be seen"),
    ("inside", "says what is inside, which the report says cannot be seen"),
    ("owner", "says whose they are, which the report says cannot be seen"),
)


def against(sentences: Sequence[Sentence], statements: Sequence[Statement], lexicon: Lexicon) -> tuple[Finding, ...]:
    """Findings of a quotation: what breaks a claim, then the general faults of its wording."""
    found: list[Finding] = []
    settled: set[tuple[int, str, str]] = set()
    said = read(sentences)
    for sentence in said:
        quote = Quotation(sentence, sentence.plain, statements, lexicon)
        found += [*numbers(quote), *times(quote), *_meaning(quote)]
        own = [*(NUMERIC if of_the_report(quote) else ())]
        own += ["interval-not-published"] if interval_of_the_report(quote) else []
        settled |= {(sentence.line, sentence.text, rule) for rule in own}
    told = {(one.line, one.text, one.claim) for one in found}
    general = [_broken(one, statements) for one in lint(said, lexicon, quoting=True)]
    found += [
        one
        for one in general
        if (one.line, one.text, one.claim) not in told and (one.line, one.text, one.rule) not in settled
    ]
    return tuple(sorted(found, key=lambda one: one.line))


def _broken(finding: Finding, statements: Sequence[Statement]) -> Finding:
    known = {one.id for one in statements}
    return replace(finding, claim=next((i for i in BREAKS.get(finding.rule, ()) if i in known), None))


def _meaning(quote: Quotation) -> list[Finding]:
    """Direction, content, owner and sensor: what no claim of the report says."""
    if not met(quote.lexicon.against["words"], quote.text):
        for name, why in MEANINGS:
            if said := quote.says(name):
                return [quote.finding(f"quote-{name}", quote.named("l-inside"), f"“{said}” {why}."), *_sensor(quote)]
    return _sensor(quote)


def _sensor(quote: Quotation) -> list[Finding]:
    """Another eye than the one the report names."""
    source = quote.named("o-sensor", "o-observed")
    commercial = met(quote.lexicon.against["commercial"], quote.text)
    hit = met(quote.lexicon.against["spy"], quote.text)
    if hit is None and not commercial:
        hit = met(quote.lexicon.against["national"], quote.text)
    if hit is None and commercial and source and commercial[0].lower() != "commercial":
        told = source.text.lower()
        hit = None if "commercial" in told or commercial[0].lower() in told else commercial
    if hit is None or re.search(r"\b(?:not|no|never|nor)\b[^,;]{0,15}$", quote.text[: hit.start()], re.IGNORECASE):
        return []
    return [quote.finding("quote-sensor", source, f"“{hit[0]}” is not what took the image.")]
