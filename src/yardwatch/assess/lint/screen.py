"""Which patterns can be met in a text at all, so that the others need not be tried.

A pattern whose every match holds one of a few strings is tried only where one of them stands. That changes no answer,
only the time: most sentences hold the strings of few patterns. The strings are read off the parsed pattern. Python's
parser of patterns is not a public module; where it is missing or has changed, every pattern is tried everywhere.
"""

from __future__ import annotations

import importlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from types import ModuleType
from typing import Any

_Part = tuple[object, Any]
"""A kind of the parser and what it holds."""
LEAST = 3
"""Letters a string must have to tell anything."""
KEPT = 64
"""Texts whose answer is remembered: a sentence is asked about hundreds of patterns in a row."""


class Screen:
    """The strings of all patterns of a lexicon, and which patterns each of them allows."""

    def __init__(self) -> None:
        self._allowed: dict[str, int] = defaultdict(int)
        self._by_start: dict[str, set[str]] = defaultdict(set)
        self._patterns = 0
        self.possible = lru_cache(maxsize=KEPT)(self._possible)

    def add(self, pattern: re.Pattern[str]) -> Screened:
        """A pattern that is tried only where it can be met."""
        wanted = strings(pattern)
        if not wanted:
            return Screened(pattern, self, 0)
        self.possible.cache_clear()  # what was remembered knows nothing of the new pattern
        bit = 1 << self._patterns
        self._patterns += 1
        for one in wanted:
            self._allowed[one] |= bit
            self._by_start[one[:LEAST]].add(one)
        return Screened(pattern, self, bit)

    def _possible(self, text: str) -> int:
        """Bits of the patterns whose strings stand in a text."""
        low, bits = text.lower(), 0
        for start in {low[i : i + LEAST] for i in range(len(low) - LEAST + 1)} & self._by_start.keys():
            for one in self._by_start[start]:
                if one in low:
                    bits |= self._allowed[one]
        return bits


class Screened:
    """A pattern behind its screen; asked as a compiled pattern is."""

    __slots__ = ("_bit", "_pattern", "_screen")

    def __init__(self, pattern: re.Pattern[str], screen: Screen, bit: int) -> None:
        self._pattern, self._screen, self._bit = pattern, screen, bit

    @property
    def pattern(self) -> str:
        """As written, words filled in."""
        return self._pattern.pattern

    def search(self, text: str) -> re.Match[str] | None:
        """The first match."""
        return self._pattern.search(text) if self._may(text) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Every match."""
        return self._pattern.finditer(text) if self._may(text) else iter(())

    def _may(self, text: str) -> bool:
        return not self._bit or bool(self._screen.possible(text) & self._bit)


def strings(pattern: re.Pattern[str]) -> frozenset[str]:
    """Strings in small letters of which every match holds one; none where that cannot be told."""
    try:
        parser = importlib.import_module("re._parser")
        found = _of_sequence(parser.parse(pattern.pattern, pattern.flags), parser)
    except (ImportError, AttributeError, ValueError, TypeError):
        return frozenset()
    return found or frozenset()


def _of_sequence(parts: Iterable[_Part], parser: ModuleType) -> frozenset[str] | None:
    """Of all the parts a match must hold, the one whose strings tell most."""
    found: list[frozenset[str]] = []
    run = ""
    for part in parts:
        if part[0] is parser.LITERAL:
            run += chr(part[1]).lower()
            continue
        found, run = _with(found, run), ""
        inner = _of_part(part, parser)
        if inner:
            found.append(inner)
    found = _with(found, run)
    return max(found, key=lambda one: (min(map(len, one)), -len(one)), default=None)


def _of_part(part: _Part, parser: ModuleType) -> frozenset[str] | None:
    kind, value = part
    if kind is parser.SUBPATTERN:
        return _of_sequence(value[-1], parser)
    if kind is parser.MAX_REPEAT or kind is parser.MIN_REPEAT:
        return _of_sequence(value[2], parser) if value[0] >= 1 else None
    if kind is parser.BRANCH:
        return _of_branches([_of_sequence(branch, parser) for branch in value[1]])
    return None


def _of_branches(branches: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    known = [one for one in branches if one]
    return frozenset().union(*known) if len(known) == len(branches) else None


def _with(found: list[frozenset[str]], run: str) -> list[frozenset[str]]:
    return [*found, frozenset([run])] if len(run) >= LEAST else found
