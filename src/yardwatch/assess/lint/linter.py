"""Every rule over every sentence."""

from __future__ import annotations

from collections.abc import Sequence

from yardwatch.assess.lint.finding import Finding
from yardwatch.assess.lint.lexicon import Lexicon, Rule
from yardwatch.assess.lint.likelihood import rows_mixed, wrong_band
from yardwatch.assess.lint.matching import by_pattern, readable
from yardwatch.assess.lint.numbers import bound, precision
from yardwatch.assess.lint.superlatives import superlative
from yardwatch.assess.lint.text import Sentence, read
from yardwatch.assess.lint.whole import no_alternatives


def lint(sentences: Sequence[Sentence], lexicon: Lexicon, quoting: bool = False) -> tuple[Finding, ...]:
    """Findings by line, then in the order of the rules. `quoting`: the text quotes a report, and nothing excuses it."""
    said = read(sentences)
    found = [finding for one in said for finding in _of_sentence(one, lexicon, quoting)]
    found += rows_mixed(said, lexicon)
    found += no_alternatives(said, lexicon, frozenset(one.line for one in found))
    order = {rule.id: i for i, rule in enumerate(lexicon.rules)}
    return tuple(sorted(found, key=lambda one: (one.line, order[one.rule])))


def _of_sentence(sentence: Sentence, lexicon: Lexicon, quoting: bool) -> list[Finding]:
    text = readable(sentence, lexicon, quoting)
    found: dict[str, Finding] = {}
    for rule in lexicon.rules:
        one = None if rule.id in found else _by_rule(rule, sentence, text, lexicon)
        if one is not None:  # several entries may share an id; one finding of it is enough
            found[rule.id] = one
    return list(found.values())


def _by_rule(rule: Rule, sentence: Sentence, text: str, lexicon: Lexicon) -> Finding | None:
    match rule.check:
        case "":
            return by_pattern(rule, sentence, text)
        case "precision":
            return precision(sentence, text, lexicon)
        case "bounds":
            return bound(sentence, text, lexicon)
        case "superlative":
            return superlative(sentence, text, lexicon)
        case "likelihood" if rule.id == "likelihood-band":
            return wrong_band(sentence, lexicon)
    return None
