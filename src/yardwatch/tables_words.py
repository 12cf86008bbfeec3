"""Findings and chains as lines of text."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from yardwatch.assess.chain import Link
from yardwatch.assess.corrections import Succession
from yardwatch.assess.hypotheses import Rating
from yardwatch.assess.judgement import Judged, judgement_claims, signature
from yardwatch.assess.lint import Finding
from yardwatch.assess.syndication import endnote
from yardwatch.assess.weighing import Rivals, Weighed
from yardwatch.model.plural import noun
from yardwatch.steps.sourcing import Sources

MARKS = {Rating.CONSISTENT: "+", Rating.INCONSISTENT: "−", Rating.NEUTRAL: "·"}


def findings(found: Sequence[Finding]) -> str:
    """Each finding: line and rule, the sentence, why, and what to write."""
    if not found:
        return "Nothing found. That says only that no rule was met, not that the text is true."
    told = [_finding(one) for one in found]
    lines = len({one.line for one in found})
    return "\n\n".join([*told, f"{len(found)} {noun(len(found), 'finding')} on {lines} {noun(lines, 'line')}."])


def _finding(one: Finding) -> str:
    claim = f", breaks or words claim {one.claim}" if one.claim else ""
    return f"line {one.line}: {one.rule}{claim}\n  {one.text}\n  why: {one.why}\n  instead: {one.suggestion}"


def chain(link: Link, depth: int = 0) -> str:
    """One line a link, what it rests on indented below it."""
    line = f"{'  ' * depth}{link.kind} {link.id}: {link.text}"
    return "\n".join([line, *(chain(one, depth + 1) for one in link.below)])


def judgements(found: Judged) -> str:
    """Each judgement with its signature, and what keeps it from being published."""
    if not found.judgements:
        return "No judgement is entered. Write one into judgement.toml; docs/hypotheses.md shows the form."
    told = []
    for one in found.judgements:
        lines = [one.id, *(f"  {claim.text}" for claim in judgement_claims(one)), f"  {signature(one)}"]
        told.append("\n".join([*lines, *(f"  fault: it {fault}" for fault in found.faults[one.id])]))
    return "\n\n".join(told)


def rivals(found: Rivals) -> RenderableType:
    """The matrix, the order, and what it hangs on."""
    if found.weighed is None:
        return Text("No facts are rated. Write them into hypotheses.toml; docs/hypotheses.md shows the form.")
    signed = "" if found.matrix.signed else "These ratings are a proposal; nobody has signed them. "
    note = f"{signed}+ consistent, − inconsistent, · neutral. Worth is what a fact separates; none is picked."
    return Group(_matrix(found, found.weighed), Text(note), *_order(found, found.weighed))


def _matrix(found: Rivals, weighed: Weighed) -> Table:
    table = Table(title="Facts against rival explanations")
    table.add_column("fact")
    for hypothesis in found.matrix.hypotheses:
        table.add_column(hypothesis.id, justify="center")
    for name in ("grade", "weight", "worth"):
        table.add_column(name, justify="right")
    for row in found.matrix.rows:
        marks = [MARKS[row.rating(hypothesis.id)] for hypothesis in found.matrix.hypotheses]
        grade = found.grades[row.id] or "none"
        shown = Text(row.id + (" *" if row.id in found.undisclosed else ""))
        table.add_row(shown, *marks, grade, f"{found.weights[row.id]:.2f}", f"{weighed.worth[row.id]:.2f}")
    return table


def _order(found: Rivals, weighed: Weighed) -> list[Text]:
    lines = ["", "Least contradicted first (weight that speaks against):"]
    lines += [f"  {rank.inconsistency:.2f}  {', '.join(rank.hypotheses)}" for rank in weighed.order]
    hangs = [f"{one.row} (then: {', '.join(one.least)})" for one in weighed.without if one.changes]
    lines.append(f"The first would be others without: {'; '.join(hangs) or 'no single fact'}.")
    lines.append("What would speak against the first:")
    lines += [f"  {one.hypothesis}: {one.look_for}" for one in weighed.watch]
    if found.undisclosed:
        lines.append("* It had happened by that day and was not disclosed yet.")
    if found.later:
        lines.append(f"Left out, of after that day: {', '.join(found.later)}.")
    return [Text(line) for line in lines]


def sources(found: Sources) -> str:
    """Each source as an endnote, reprints under what they go back to."""
    by_id = {one.id: one for one in found.references}
    lines = []
    for members in found.groups.values():
        lines += [f"{'  ' if i else ''}{name}: {endnote(by_id[name], by_id)}" for i, name in enumerate(members)]
    return "\n".join([*lines, f"{len(by_id)} sources, {len(found.groups)} independent of each other."])


def changes(found: Succession) -> str:
    """Each sentence of the old report that changed, with the new one and why."""
    told = [
        f"{one.claim}\n  was: {one.was or 'nothing'}\n  now: {one.now or 'nothing'}\n  why: {'; '.join(one.why)}"
        for one in found.changed
    ]
    said = f"{len(found.changed)} sentences of report {found.old_id} (version {found.old_version}) changed."
    return "\n".join([*told, said])
