"""What people say of the ground: verdicts on changes, judgements that will come true or not, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yardwatch.model.meaning import Change
from yardwatch.model.refuse import refuse

FOUND, GONE, MERGED = "found", "gone", "merged"
STATUSES = (FOUND, GONE, MERGED)
REAL, FALSE, UNSURE = "real", "false", "unsure"
VERDICTS = (REAL, FALSE, UNSURE)
YES, NO, VOID = "yes", "no", "void"
ENDS = (YES, NO, VOID)


@dataclass(frozen=True, kw_only=True)
class ChangeState:
    """What one search for changes said of one object; an object's states are its history, oldest first."""

    id: str
    change: Change
    """With the object's own id, which stays."""
    status: str = FOUND
    """`found`; `gone` when the search found nothing there any more; `merged` when it found one object for two."""
    split_from: str | None = None
    """Object of which this one was a part before it was first found by itself."""
    merged_into: str | None = None
    """Object that took this one in."""
    run: str
    """What the search followed from: code and looks."""
    until: date | None
    """Day of the newest look it used."""

    def __post_init__(self) -> None:
        refuse(self.status not in STATUSES, f"state {self.id}: unknown status {self.status!r}")
        refuse(self.change.polygon.is_empty, f"state {self.id}: empty outline")
        refuse(
            (self.status == MERGED) != bool(self.merged_into), f"state {self.id}: merged into nothing, or not merged"
        )


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One person's word on one object; the newest holds, older ones stay."""

    id: str
    change: str
    """Id of the object."""
    verdict: str
    """`real`, `false` or `unsure`."""
    by: str
    given: date
    note: str = ""
    state: str
    """Id of the state that was judged."""

    def __post_init__(self) -> None:
        refuse(self.verdict not in VERDICTS, f"verdict {self.verdict!r} is none of {', '.join(VERDICTS)}")
        refuse_unnamed(self.by)
        refuse_unprintable(self.note, "note")


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """A judgement about what will have happened by a day, with a word of likelihood."""

    id: str
    text: str
    """What will have happened, so that a yes or a no can settle it."""
    word: str
    """Of likelihood, from either row of ICD 203."""
    lower: float
    upper: float
    """Ends of the word's band, 0..1, as they stood when it was said."""
    made: date
    due: date
    """Last day on which it may come true."""
    about: str = ""
    """Id of the change it speaks of, or nothing."""
    by: str
    note: str = ""

    def __post_init__(self) -> None:
        refuse(not self.text.strip(), "a forecast without text says nothing; write what will have happened")
        refuse(not 0 <= self.lower < self.upper <= 1, f"forecast {self.id}: band {self.lower}–{self.upper}")
        refuse(self.due <= self.made, f"due {self.due} is not after {self.made}, when it was made")
        refuse_unnamed(self.by)
        for name in ("text", "word", "about", "note"):
            refuse_unprintable(getattr(self, name), name)

    @property
    def chance(self) -> float:
        """Middle of the band, 0..1: what is scored."""
        return (self.lower + self.upper) / 2


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a forecast, as one person entered it; the newest holds, older ones stay."""

    id: str
    forecast: str
    happened: str
    """`yes`, `no`, or `void` when it can no longer be told."""
    known: date
    """Day it happened, or the day from which it is known that it did not."""
    by: str
    entered: date
    note: str = ""
    """On what grounds: a source."""

    def __post_init__(self) -> None:
        refuse(self.happened not in ENDS, f"outcome {self.happened!r} is none of {', '.join(ENDS)}")
        refuse(self.known > self.entered, f"outcome known on {self.known}, after {self.entered}, when it was entered")
        refuse_unnamed(self.by)
        refuse_unprintable(self.note, "note")


def refuse_unnamed(name: str) -> None:
    """A word nobody signs is no word."""
    refuse(not name.strip(), "nobody's name is given; say who judges")
    refuse_unprintable(name, "name")


def refuse_unprintable(text: str, what: str) -> None:
    """Control characters would move a terminal's cursor or hide text on a page; a line break may stand in a note."""
    refuse(any(not (c.isprintable() or c == "\n") for c in text), f"the {what} holds control characters; type it anew")
