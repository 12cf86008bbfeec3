"""Note: a sentence a reader of an assessment must have, with what it is about and the days it names.

Whoever sorts notes, or asks what one leans on, asks these fields and never its words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from yardwatch.model import DateSpan

Days = tuple[DateSpan, ...]


class About(StrEnum):
    """What a note is about; a report has a part for each."""

    RECORD = "record"
    """How the rows behind the finding are to be read."""
    TEST = "test"
    """The test behind the chances."""
    ONSET = "onset"
    COVERAGE = "coverage"
    """When the record could have seen anything."""
    LEVEL = "level"
    """What has become of the level the record stands at."""
    RIVALS = "rivals"
    """The events that lie near the onset."""


@dataclass(frozen=True)
class Dated:
    """Words, and the days they name as `span_words` writes them."""

    text: str
    days: Days = ()


@dataclass(frozen=True, kw_only=True)
class Note:
    """One sentence, or a few that belong together."""

    id: str
    """Of the kind `thin`; where there may be several, `bound:` and the id of the row it speaks of."""
    about: About = About.RECORD
    text: str
    days: Days = ()
    """Days it names."""


def names(days: Iterable[DateSpan], when: DateSpan) -> bool:
    """Whether one of `days` is `when` or shares an end with it: a gap may end with the last day of a look's month."""
    return any({span.earliest, span.latest} & {when.earliest, when.latest} for span in days)
