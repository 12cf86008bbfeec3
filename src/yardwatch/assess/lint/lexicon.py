"""The rules as values: read from the text of `rules.toml`, every pattern compiled, every name checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yardwatch.assess.lint.screen import Screen, Screened
from yardwatch.errors import InputError
from yardwatch.history.days import MONTHS

Patterns = tuple[Screened, ...]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule. Patterns are tried on a sentence whose number words have become digits."""

    id: str
    why: str
    suggestion: str
    check: str = ""
    """Empty: patterns alone decide. Else the module that works it out."""
    any: Patterns = ()
    with_: Patterns = ()
    unless: Patterns = ()
    unless_before: Patterns = ()
    unless_after: Patterns = ()
    lists: Mapping[str, Patterns] = field(default_factory=dict)
    """Lists a check needs beside: `parts.n`, `exactly`, `alternatives`."""
    phrases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The same lists as written, for checks that build patterns of them."""
    least_sentences: int = 0


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    """All rules, in the order findings are listed in."""

    rules: tuple[Rule, ...]
    words: Mapping[str, str]
    lists: Mapping[str, Patterns]
    against: Mapping[str, Patterns]
    _compiled: dict[str, Screened] = field(default_factory=dict, repr=False, compare=False)
    _screen: Screen = field(default_factory=Screen, repr=False, compare=False)

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id."""
        return next(rule for rule in self.rules if rule.id == rule_id)

    def compile(self, pattern: str) -> Screened:
        """A pattern with the lexicon's words in it; made once."""
        if pattern not in self._compiled:
            self._compiled[pattern] = self._screen.add(_compile(pattern, self.words))
        return self._compiled[pattern]


def read_lexicon(text: str) -> Lexicon:
    """The lexicon written in `text` (TOML). Raises InputError naming the rule and the pattern at fault."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"the rules are not TOML ({error}); correct that line") from None
    reader = _Reader(_words(data.get("words", {})), Screen())
    for name, texts in data.get("lists", {}).items():
        reader.lists[name] = reader.patterns(f"list {name}", texts)
    return Lexicon(
        rules=tuple(reader.rule(row) for row in data.get("rule", [])),
        words=reader.words,
        lists=reader.lists,
        against={name: reader.patterns(f"against {name}", texts) for name, texts in data.get("against", {}).items()},
        _screen=reader.screen,
    )


PLAIN = ("id", "why", "suggestion", "check", "least_sentences")
HEADS = ("any", "with", "unless", "unless_before", "unless_after")


@dataclass
class _Reader:
    """Reads patterns with the words and the lists known so far."""

    words: Mapping[str, str]
    screen: Screen
    lists: dict[str, Patterns] = field(default_factory=dict)

    def rule(self, row: Mapping[str, Any]) -> Rule:
        """One rule. Raises InputError where it lacks something."""
        for key in ("id", "why", "suggestion"):
            if not row.get(key):
                raise InputError(f"rule {row.get('id', '?')!r} lacks {key!r}; add it")
        name = f"rule {row['id']}"
        found = {key: self.patterns(name, row.get(key, ())) for key in HEADS}
        named = {key: texts for key, texts in row.items() if key not in (*PLAIN, *HEADS, "parts")}
        named |= {f"parts.{key}": texts for key, texts in row.get("parts", {}).items()}
        return Rule(
            id=row["id"],
            why=row["why"],
            suggestion=row["suggestion"],
            check=row.get("check", ""),
            least_sentences=row.get("least_sentences", 0),
            with_=found.pop("with"),
            **found,
            lists={key: self.patterns(name, texts) for key, texts in named.items()},
            phrases=named,
        )

    def patterns(self, name: str, texts: Sequence[str]) -> Patterns:
        """Patterns compiled; a list named with @ stands for its patterns. Raises InputError naming the one at fault."""
        found: list[Screened] = []
        for text in texts:
            if text.startswith("@"):
                if text[1:] not in self.lists:
                    raise InputError(f"{name} names list {text!r}; known: {', '.join(self.lists) or 'none'}")
                found += self.lists[text[1:]]
                continue
            try:
                found.append(self.screen.add(_compile(text, self.words)))
            except (re.error, KeyError) as error:
                raise InputError(f"{name}: pattern {text!r} cannot be read ({error}); correct it") from None
        return tuple(found)


def _words(raw: Mapping[str, str]) -> dict[str, str]:
    words = {"month": f"(?:{'|'.join(MONTHS)})"}
    for name, pattern in raw.items():
        words[name] = _filled(pattern, words)
    return words


def _compile(pattern: str, words: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile(_filled(pattern, words), re.IGNORECASE)


def _filled(pattern: str, words: Mapping[str, str]) -> str:
    """Braces that hold a name are filled in; those of repetition counts (`{0,3}`) are left alone."""
    return re.sub(r"\{([a-z]+)\}", lambda found: words[found[1]], pattern)
