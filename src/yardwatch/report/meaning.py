"""Judgements, rival explanations weighed, and corrections, as blocks."""

from __future__ import annotations

from collections.abc import Iterator

from yardwatch.assess.hypotheses import Rating, Row
from yardwatch.assess.judgement import signature
from yardwatch.assess.weighing import Rivals, Weighed
from yardwatch.history.days import day_words
from yardwatch.report.content import ReportContent
from yardwatch.report.outline import Block, Grid, Heading, Items, Words

MARKS = {Rating.CONSISTENT: "+", Rating.INCONSISTENT: "−", Rating.NEUTRAL: "·"}


def signed(content: ReportContent) -> Iterator[Block]:
    """Who stands under each judgement, and what keeps it a draft."""
    judged = content.judged
    for one in judged.judgements if judged else ():
        yield Words(text=signature(one), claim=f"signature:{one.id}", role="aside")
        for i, fault in enumerate(judged.faults[one.id] if judged else (), 1):
            yield Words(text=f"Draft: it {fault}.", claim=f"draft:{one.id}:{i}", role="aside")


def weighed(content: ReportContent) -> Iterator[Block]:
    """The facts against the explanations, the order they give, and what it hangs on."""
    rivals = content.rivals
    if rivals is None or rivals.weighed is None:
        return
    yield Heading(level=3, text="The facts held against them")
    if not rivals.matrix.signed:
        yield Words(text="A proposal: nobody has signed these ratings. An analyst must go through every row.")
    head = ("Fact", *(h.id.replace("-", " ") for h in rivals.matrix.hypotheses), "Grade", "Weight", "Worth")
    rows = tuple(_fact(row, rivals, rivals.weighed) for row in rivals.matrix.rows)
    yield Grid(caption="+ consistent, − inconsistent, · neutral; worth is what a fact separates", head=head, rows=rows)
    yield Words(text="Least contradicted first. This is no probability, and none is picked.")
    order = (f"{', '.join(one.hypotheses)}: {one.inconsistency:.2f}" for one in rivals.weighed.order)
    yield Items(entries=tuple(Words(text=text, claim=f"rank:{i}") for i, text in enumerate(order, 1)))
    hangs = [f"without {one.row} it is {', '.join(one.least)}" for one in rivals.weighed.without if one.changes]
    told = f"The first place hangs on single facts: {'; '.join(hangs)}." if hangs else "No single fact decides it."
    yield Words(text=told)


def _fact(row: Row, rivals: Rivals, weighed: Weighed) -> tuple[str, ...]:
    marks = (MARKS[row.rating(one.id)] for one in rivals.matrix.hypotheses)
    hidden = " (not yet disclosed on the as-of day)" if row.id in rivals.undisclosed else ""
    figures = (f"{rivals.weights[row.id]:.2f}", f"{weighed.worth[row.id]:.2f}")
    return (row.fact + hidden, *marks, rivals.grades[row.id] or "none", *figures)


def replaces(content: ReportContent) -> Iterator[Block]:
    """Which report this one replaces."""
    past = content.succession
    if past is not None:
        old = f"report {past.old_id} (version {past.old_version}, as of {day_words(past.old_as_of)})"
        told = f"Version {past.version}. It replaces {old}. {len(past.changed)} of its sentences changed."
        yield Words(text=told, claim="report:supersedes", role="aside")


def changed(content: ReportContent) -> Iterator[Block]:
    """The sentences that changed since the report this one replaces, and why."""
    past = content.succession
    if past is None:
        return
    yield Heading(level=2, text="What changed")
    rows = tuple((one.claim, one.was or "nothing", one.now or "nothing", "; ".join(one.why)) for one in past.changed)
    if rows:
        yield Grid(caption="Sentences that changed", head=("Claim", "It said", "It says", "Why"), rows=rows)
    else:
        yield Words(text="No sentence changed.")
