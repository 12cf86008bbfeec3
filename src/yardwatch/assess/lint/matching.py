"""Rules that patterns alone decide, and what every rule shares: what a quotation hides, what a negation excuses."""

from __future__ import annotations

import re

from yardwatch.assess.lint.finding import Finding
from yardwatch.assess.lint.lexicon import Lexicon, Patterns, Rule
from yardwatch.assess.lint.text import Sentence

_QUOTED = re.compile(r"[“\"][^“”\"]{1,300}[”\"]")
_ADDRESS = re.compile(r"\bhttps?://\S+")
_MENTIONED = re.compile(
    r"\b(?:words?|terms?|phrases?|adjectives?|label|called|reads?)\s*(?:was |is |are )?(?:of )?$", re.IGNORECASE
)
_CLAUSE = re.compile(r"[;:]|,? but |,? yet |, and (?=\w+ \w+)|, so ")


def readable(sentence: Sentence, lexicon: Lexicon, quoting: bool = False) -> str:
    """The sentence without what it only quotes: words it speaks about, and speech of a source it names.

    `quoting` says that the text is itself a quotation of a report: then nothing is hidden.
    """
    text = _ADDRESS.sub("…", sentence.plain)
    if quoting:
        return text
    outside = _QUOTED.sub(" … ", text)
    attributed = met(lexicon.lists["named"], outside) is not None or met(lexicon.lists["graded"], outside) is not None

    def hidden(found: re.Match[str]) -> str:
        told = attributed or _MENTIONED.search(text[: found.start()]) is not None
        return "“…”" if told else f" {found[0][1:-1]} "

    return _QUOTED.sub(hidden, text)


def met(patterns: Patterns, text: str) -> re.Match[str] | None:
    """The first pattern that is met."""
    return next((found for pattern in patterns if (found := pattern.search(text))), None)


def excused(rule: Rule, text: str, found: re.Match[str]) -> bool:
    """Whether something around a hit takes the fault away."""
    if met(rule.unless, text):
        return True
    before = _CLAUSE.split(text[: found.start()])[-1]
    return met(rule.unless_before, before) is not None or met(rule.unless_after, text[found.end() :]) is not None


def hit(rule: Rule, text: str) -> re.Match[str] | None:
    """The first hit of a rule that nothing excuses."""
    if rule.with_ and not met(rule.with_, text):
        return None
    for pattern in rule.any:
        for found in pattern.finditer(text):
            if not excused(rule, text, found):
                return found
    return None


def by_pattern(rule: Rule, sentence: Sentence, text: str) -> Finding | None:
    """The finding of a rule without a check of its own."""
    found = hit(rule, text)
    return None if found is None else report(rule, sentence, hit=found[0].strip(" ,"))


def report(rule: Rule, sentence: Sentence, **filled: object) -> Finding:
    """A finding of a sentence, the rule's wording filled in."""
    return Finding(
        line=sentence.line,
        text=sentence.text,
        rule=rule.id,
        why=rule.why.format(**filled),
        suggestion=rule.suggestion.format(**filled),
        claim=sentence.claim,
    )
