"""Findings and chains as lines of text."""

from __future__ import annotations

from collections.abc import Sequence

from yardwatch.assess.chain import Link
from yardwatch.assess.lint import Finding


def findings(found: Sequence[Finding]) -> str:
    """Each finding: line and rule, the sentence, why, and what to write."""
    if not found:
        return "Nothing found. That says only that no rule was met, not that the text is true."
    told = [_finding(one) for one in found]
    lines = len({one.line for one in found})
    faults, where = ("finding", "line") if len(found) == 1 else ("findings", "line" if lines == 1 else "lines")
    return "\n\n".join([*told, f"{len(found)} {faults} on {lines} {where}."])


def _finding(one: Finding) -> str:
    claim = f", breaks or words claim {one.claim}" if one.claim else ""
    return f"line {one.line}: {one.rule}{claim}\n  {one.text}\n  why: {one.why}\n  instead: {one.suggestion}"


def chain(link: Link, depth: int = 0) -> str:
    """One line a link, what it rests on indented below it."""
    line = f"{'  ' * depth}{link.kind} {link.id}: {link.text}"
    return "\n".join([line, *(chain(one, depth + 1) for one in link.below)])
