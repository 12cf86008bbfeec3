"""Spans of bytes: which are there, which are missing. `(first, after)`, half open, as Python's slices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

Span = tuple[int, int]


def merged(spans: Iterable[Span], gap: int = 0) -> list[Span]:
    """The same bytes in as few spans as can be, in order; holes of up to `gap` bytes are filled."""
    whole: list[Span] = []
    for first, after in sorted(span for span in spans if span[0] < span[1]):
        if whole and first <= whole[-1][1] + gap:
            whole[-1] = (whole[-1][0], max(whole[-1][1], after))
        else:
            whole.append((first, after))
    return whole


def missing(wanted: Span, there: Iterable[Span]) -> list[Span]:
    """What of one span is in none of the merged others."""
    first, after = wanted
    found = []
    for start, end in there:
        if end <= first or start >= after:
            continue
        if start > first:
            found.append((first, start))
        first = max(first, end)
    return [*found, (first, after)] if first < after else found


def pieces(spans: Iterable[Span], longest: int) -> Iterator[Span]:
    """The spans cut so that none is longer: an interruption then costs little."""
    for first, after in spans:
        for start in range(first, after, longest):
            yield start, min(start + longest, after)


def total(spans: Iterable[Span]) -> int:
    """Bytes in spans that do not overlap."""
    return sum(after - first for first, after in spans)
