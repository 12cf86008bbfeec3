"""Ground and meaning: changes that stay, and the claims a report is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import shapely

from yardwatch.model.refuse import refuse


@dataclass(frozen=True, kw_only=True)
class Change:
    """A polygon of ground that became something else and stayed so."""

    id: str
    kind: str
    """`new-structure` (a building), `removed` (demolition), `cleared` ground, `wall` (or fence), `track`, `platform`,
    or only `changed`."""
    polygon: shapely.Polygon
    """Lon/lat, or ground metres where a function says so."""
    area_m2: float
    after: date | None
    """Last look that still showed the old ground."""
    before: date | None
    """First look that showed the new ground."""
    persistence: int
    """Clear looks since, all of them changed."""
    probability: float | None
    """Calibrated chance of being real; None while uncalibrated."""
    stage: str | None = None
    """`cleared`, `rising`, `roofed`, or None where the evidence does not separate them."""
    score: float | None = None
    """Strength of the evidence, log odds before calibration; larger is stronger."""
    rectangularity: float | None = None
    """Area ÷ area of the smallest turned rectangle around it, 0..1."""
    straight_edges: float | None = None
    """Share of the outline that lies along the sides of that rectangle, 0..1."""
    length_m: float | None = None
    """Along a wall, track or platform; None for all else."""
    doubt: str | None = None
    """What the evidence cannot settle, as a sentence: a change of sensor on the same date, a gap of years."""


class Layer(StrEnum):
    """The three layers of a statement, never mixed in one sentence."""

    OBSERVATION = "observation"
    INTERPRETATION = "interpretation"
    JUDGEMENT = "judgement"


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One statement of a report; it rests only on claims of the layer below and on evidence."""

    id: str
    layer: Layer
    text: str
    rests_on: tuple[str, ...] = ()
    """Claim ids."""
    evidence: tuple[str, ...] = ()
    """Ids of observations, counts, scenes, changes, events."""
    numbers: Mapping[str, float | int | str] = field(default_factory=dict)
    """Every number the sentence states, by name."""

    def __post_init__(self) -> None:
        refuse(not (self.rests_on or self.evidence), f"claim {self.id} rests on nothing")
