"""The evidence for one change: what stood there before, during and after, as values to draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yardwatch.model import Change, Pixels, Scene, Verdict
from yardwatch.model.plural import noun
from yardwatch.model.refuse import refuse
from yardwatch.report.figure import pixels_left_out
from yardwatch.report.forms import Edition
from yardwatch.report.stretch import Stretch, common_stretch

KIND_WORDS = {
    "new-structure": "New structure",
    "removed": "Structure removed",
    "cleared": "Cleared ground",
    "wall": "New wall or fence",
    "track": "New track",
    "platform": "New platform",
    "changed": "Changed ground",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Side:
    """One look at the changed ground."""

    role: str
    """`before`, `during` or `after`."""
    scene: Scene
    pixels: Pixels
    """On the one grid all sides share."""

    def left_out(self, edition: Edition) -> str | None:
        """Why its pixels may not be shown; None when they may."""
        return pixels_left_out(self.scene, edition)


@dataclass(frozen=True, kw_only=True, eq=False)
class Evidence:
    """One change and the looks that show it, oldest first."""

    change: Change
    """Its polygon in ground metres."""
    sides: tuple[Side, ...]
    verdict: Verdict | None = None
    edition: Edition = "public"

    def __post_init__(self) -> None:
        refuse(not self.sides, f"change {self.change.id}: no look shows its ground")

    @property
    def shown(self) -> tuple[Side, ...]:
        """The sides whose pixels this edition may show."""
        return tuple(side for side in self.sides if side.left_out(self.edition) is None)

    @property
    def stretch(self) -> Stretch:
        """One contrast for all sides shown."""
        return common_stretch([side.pixels for side in self.shown])

    @property
    def synthetic(self) -> bool:
        """Whether any side was rendered and not photographed."""
        return any(side.scene.synthetic for side in self.sides)

    def side(self, role: str) -> Side | None:
        """The side of a role."""
        return next((side for side in self.sides if side.role == role), None)


def headline(change: Change) -> str:
    """`New structure · 720 m² · first seen between 2021-03-19 and 2021-07-30`."""
    size = f"{change.area_m2:,.0f} m²" if change.length_m is None else f"{change.length_m:,.0f} m long"
    return f"{KIND_WORDS.get(change.kind, change.kind)} · {size} · {seen_words(change)}"


def chance_words(chance: float) -> str:
    """A chance in per cent, never as a certainty."""
    return "over 99 %" if chance > 0.99 else "under 1 %" if chance < 0.01 else f"{100 * chance:.0f} %"


def seen_words(change: Change) -> str:
    """Between which looks it was first seen, as far as that is known."""
    if change.after is not None and change.before is not None:
        return f"first seen between {change.after} and {change.before}"
    if change.before is not None:
        return f"there on {change.before} already; no look shows the ground before"
    return "between two images without dates"


def particulars(evidence: Evidence) -> Sequence[str]:
    """What else is known of a change: id, looks, stage, chance, verdict, doubt."""
    change, verdict = evidence.change, evidence.verdict
    looks = f"{change.persistence} clear {noun(change.persistence, 'look')} since, all changed"
    two = change.persistence <= 1
    said = [f"object {change.id}", "two images only: it may be gone by the next look" if two else looks]
    said += [f"stage: {change.stage}"] if change.stage else []
    chance = change.probability
    said.append("not calibrated" if chance is None else f"chance of being real {chance_words(chance)}")
    said.append(f"judged {verdict.verdict} by {verdict.by}, {verdict.given}" if verdict else "nobody has judged it yet")
    return [" · ".join(said), *([f"In doubt: {change.doubt}"] if change.doubt else [])]
