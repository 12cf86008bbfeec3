"""What only a whole text can lack: a judgement of purpose that names no other explanation."""

from __future__ import annotations

from collections.abc import Sequence

from yardwatch.assess.lint.finding import Finding
from yardwatch.assess.lint.lexicon import Lexicon
from yardwatch.assess.lint.matching import hit, met, readable, report
from yardwatch.assess.lint.text import Sentence


def no_alternatives(sentences: Sequence[Sentence], lexicon: Lexicon, faulty: frozenset[int]) -> list[Finding]:
    """One finding at the judgement it weakens; at one on a line with another fault, where there is one."""
    rule = lexicon.rule("no-alternatives")
    texts = [(sentence, readable(sentence, lexicon)) for sentence in sentences]
    if any(met(rule.lists["alternatives"], text) for _, text in texts):
        return []
    judged = [sentence for sentence, text in texts if met(rule.lists["strong"], text)]
    if len(texts) >= rule.least_sentences:
        judged += [sentence for sentence, text in texts if hit(rule, text)]
    if not judged:
        return []
    return [report(rule, next((one for one in judged if one.line in faulty), judged[0]))]
