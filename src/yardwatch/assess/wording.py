"""Wording: how a number may be said, and the words of likelihood with their bands.

A number is said with no more precision than its source gave it. A published "about" stays *about N* and the
sentence adds that no interval was published; an own count is said with its interval and whether that interval
was calibrated; a bound keeps its side. Words of likelihood belong to judgements, which people write; the bands
are those of ICD 203 (Office of the Director of National Intelligence, 2015), and its two rows of words are
never mixed in one report.
"""

from __future__ import annotations

from dataclasses import dataclass

from yardwatch.cars.calibration import CALIBRATED_ON
from yardwatch.model import Observation, Source

NO_INTERVAL = "no interval was published"
EXACT_TO = 3
"""Significant figures kept of a number that is not whole: a ratio of counts carries no more."""


@dataclass(frozen=True)
class Band:
    """One likelihood: its word in either row, and the per cent it stands for (lower end in, upper end out)."""

    word: str
    synonym: str
    lower: int
    upper: int


BANDS = (
    Band("almost no chance", "remote", 1, 5),
    Band("very unlikely", "highly improbable", 5, 20),
    Band("unlikely", "improbable", 20, 45),
    Band("roughly even chance", "roughly even odds", 45, 55),
    Band("likely", "probable", 55, 80),
    Band("very likely", "highly probable", 80, 95),
    Band("almost certain", "nearly certain", 95, 99),
)


@dataclass(frozen=True, kw_only=True)
class IntervalTerms:
    """What the intervals of own counts are."""

    level: float = 0.9
    """Share of the probability inside."""
    calibrated: bool = False
    """Whether scores from scenes of known truth widened them."""

    @property
    def words(self) -> str:
        """`90 % interval, not calibrated`, or on what it was."""
        said = f"calibrated on {CALIBRATED_ON}" if self.calibrated else "not calibrated"
        return f"{number(self.level * 100)} % interval, {said}"


def band(probability: float) -> Band | None:
    """The band a probability (0..1) falls in; None below 1 % and above 99 %, which ICD 203 leaves without a word.

    Raises ValueError outside 0..1.
    """
    if not 0 <= probability <= 1:
        raise ValueError(f"{probability} is not a probability")
    percent = round(probability * 100, 9)
    inside = [b for b in BANDS if b.lower <= percent < b.upper or percent == b.upper == BANDS[-1].upper]
    return inside[0] if inside else None


def number(value: float) -> str:
    """A number as text: whole ones in full with thousands parted, others to three significant figures."""
    if value == int(value) or abs(value) >= 10**EXACT_TO:
        return f"{value:,.0f}"
    return f"{value:.{EXACT_TO}g}"


def count_number(value: float, unit: str) -> str:
    """A quantity's number; cars are never said in fractions."""
    return number(float(round(value)) if unit == "cars" else value)


def unit_words(unit: str, value: float | None = None) -> str:
    """The unit in a sentence: `cars` means freight cars."""
    if unit != "cars":
        return unit.removesuffix("s") if unit.endswith(" cars") and value is not None and round(value) == 1 else unit
    return "freight car" if value is not None and round(value) == 1 else "freight cars"


def quantity(value: float, unit: str) -> str:
    """`73 freight cars`, `500 metres of train`, `33 % filled`."""
    return f"{count_number(value, unit)} {unit_words(unit, value)}"


def spoken(seen: Observation) -> str:
    """The quantity with its hedge, without its interval: `about 73 freight cars`, `about 20 freight cars at most`."""
    if seen.value is None:
        return _bound(seen)
    if seen.floor:
        return f"at least {quantity(seen.value, seen.unit)}"
    return quantity(seen.value, seen.unit) if seen.bare else f"about {quantity(seen.value, seen.unit)}"


def interval(seen: Observation, terms: IntervalTerms) -> str:
    """What is known of the quantity's interval, as a phrase; empty for bounds and numbers published as exact."""
    if seen.value is None or seen.floor or (not seen.own and seen.lower is not None and seen.lower == seen.upper):
        return ""
    low, high = (None if end is None else count_number(end, seen.unit) for end in (seen.lower, seen.upper))
    if low is not None and high is not None:
        return f"{low} to {high}" + (f", {terms.words}" if seen.own else "")
    if low is not None:
        return f"at least {low}"
    if high is not None:
        return f"at most {high}"
    return "no interval was counted" if seen.own else NO_INTERVAL


def hedged(seen: Observation, terms: IntervalTerms) -> str:
    """The quantity with everything a quotation must keep: `about 73 freight cars (no interval was published)`."""
    if seen.basis == "reviewed" and seen.value is not None:
        return quantity(seen.value, seen.unit)  # a person has counted them one by one
    extent = interval(seen, terms)
    return spoken(seen) + (f" ({extent})" if extent else "")


def publisher(source: Source) -> str:
    """The publisher's name, without the record's own mark that a number was derived from it."""
    return source.publisher.strip().removeprefix("derived here from ")


def _bound(seen: Observation) -> str:
    if seen.upper is not None and seen.lower is None:
        return f"{'' if seen.outright else 'about '}{quantity(seen.upper, seen.unit)} at most"
    if seen.lower is not None and seen.upper is None:
        return f"at least {quantity(seen.lower, seen.unit)}"
    if seen.lower is not None and seen.upper is not None:
        return f"{count_number(seen.lower, seen.unit)} to {quantity(seen.upper, seen.unit)}"
    return "no number"
