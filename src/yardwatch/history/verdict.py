"""Verdict: the assessment in one hedged sentence, with value, day, zone, unit, window and n in it.

It never says why a count rose, and no number in it is more exact than it was published or counted.
"""

from __future__ import annotations

from yardwatch.history.assessment import Baseline, Question, Unprecedented
from yardwatch.history.days import day_words, span_words, window_words
from yardwatch.history.note import Dated
from yardwatch.history.precedent import superseded_by
from yardwatch.history.quantity import highest, known
from yardwatch.history.selection import Selection
from yardwatch.history.wording import number, said
from yardwatch.model import DateSpan
from yardwatch.model.plural import noun


def verdict(selection: Selection, question: Question, base: Baseline, word: Unprecedented) -> Dated:
    """The sentence."""
    span = window_words(question.window)
    observed, as_of = selection.observed, day_words(question.as_of)
    if observed is None:
        return Dated(f"As of {as_of}: no usable look at zone {question.zone} in {question.unit} from {span}.")
    day = span_words(observed.when)
    start = f"As of {as_of}: {said(observed, unit=True)} on {day} in zone {question.zone}, "
    middle, end = _compared(selection, base, word, span), _beaten(selection, base)
    window = (DateSpan.on(question.window.first), DateSpan.on(question.window.last))
    days = (DateSpan.on(question.as_of), observed.when, *window, *middle.days, *end.days)
    return Dated(f"{start}{middle.text}{end.text}.", days)


def _compared(selection: Selection, base: Baseline, word: Unprecedented, span: str) -> Dated:
    n, top = word.n, _top(selection, base)
    if base.max is None:
        return Dated(f"with no earlier look in the window ({span}; n = 0) to hold it against")
    if n is None:
        return Dated(_against_published(selection, base, span), top.days)
    looks = f"{n} earlier {noun(n, 'look')} in the window ({span}; n = {n}; highest {top.text})"
    if not _above(selection, base):
        return Dated(f"not above all of the {looks}", top.days)
    if word.holds:
        looks = f"{n + 1} looks in the window ({span}; n = {n} earlier; before it {top.text})"
        return Dated(f"the highest of {looks}", top.days)
    if superseded_by(selection):
        return Dated(f"above the {looks}", top.days)
    weaker = f"which carries no stronger word ({word.reason})"
    return Dated(f"above the {looks}, {weaker}", (*top.days, *word.reason_days))


def _against_published(selection: Selection, base: Baseline, span: str) -> str:
    above = "above" if _above(selection, base) else "not above"
    top = highest(selection.earlier)
    source = "known" if not base.max_is_bound and top is not None and top.own else "published"
    return (
        f"{above} the highest count {source} for the window ({_top(selection, base).text}; number of images not "
        f"published), which runs from {span}"
    )


def _top(selection: Selection, base: Baseline) -> Dated:
    top = highest(selection.earlier)
    if base.max_is_bound or top is None:
        return Dated(f"about {number(base.max or 0.0)}")
    return Dated(f"{said(top)} on {span_words(top.when)}", (top.when,))


def _above(selection: Selection, base: Baseline) -> bool:
    return selection.observed is not None and base.max is not None and known(selection.observed) > base.max


def _beaten(selection: Selection, base: Baseline) -> Dated:
    by = superseded_by(selection)
    if by is None or not _above(selection, base):
        return Dated("")
    return Dated(f"; superseded by {said(by)} on {span_words(by.when)}", (by.when,))
