"""What a search for changes may be told; the defaults are for 0.3–1 m images of a rail yard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yardwatch.model.refuse import refuse


@dataclass(frozen=True, kw_only=True)
class Options:
    """What counts as a change."""

    since: date | None = None
    """First day that may show new ground; earlier looks are the reference. None: the first third of the looks is."""
    persistence: int = 3
    """k: the newest clear looks at a place that must all differ from the reference."""
    reference_looks: int = 4
    """Fewest clear reference looks at a place; below this a median says nothing of the usual spread."""
    min_area_m2: float = 50.0
    max_area_m2: float = 5000.0
    """Larger ones are fields, floods and snow, not buildings."""
    min_width_m: float = 4.0
    """Narrower ones are misplacement, vehicles and shadow edges."""
    rectangularity: float = 0.6
    """Fewest share of its smallest turned rectangle that an object fills: an L-shaped building fills 0.6–0.75."""

    def __post_init__(self) -> None:
        refuse(self.persistence < 3, f"persistence {self.persistence} is below 3: one crane or one stack would pass")
        refuse(self.reference_looks < 3, f"{self.reference_looks} reference looks make no median with a spread")
        refuse(not 0 < self.min_area_m2 < self.max_area_m2, "the smallest area must be positive and below the largest")
        refuse(not self.min_width_m > 0, "the smallest width must be positive")
        refuse(not 0 <= self.rectangularity <= 1, f"rectangularity {self.rectangularity} is outside 0..1")

    @property
    def looks_needed(self) -> int:
        """Clear looks without which a place is not judged."""
        return self.reference_looks + self.persistence
