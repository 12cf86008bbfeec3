"""Everything a report is made of, as values: who gathers them and from where is not the page's business."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import shapely

from yardwatch.assess.corrections import Succession
from yardwatch.assess.hypotheses import Matrix, seeded
from yardwatch.assess.judgement import Judged
from yardwatch.assess.weighing import Rivals
from yardwatch.assess.wording import IntervalTerms
from yardwatch.history.assessment import Assessment
from yardwatch.history.days import day_words
from yardwatch.model import Car, Change, Observation, Pixels, Reference, Scene, Site, Verdict
from yardwatch.model.refuse import refuse
from yardwatch.report.forms import Edition


@dataclass(frozen=True, kw_only=True, eq=False)
class SceneFigure:
    """One scene with the cars found in it."""

    scene: Scene
    pixels: Pixels
    """The chip, on the site's ground frame."""
    cars: tuple[tuple[Car, shapely.Polygon], ...] = ()
    """Each car with its footprint in ground metres."""
    tracks: tuple[shapely.LineString, ...] = ()
    """Centre lines in ground metres."""
    caption: str = ""
    observation: str | None = None
    """Id of the own observation counted here."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ChangeFigure:
    """One change, with chips from before, during and after where they are at hand, on one contrast."""

    change: Change
    """Its polygon in ground metres."""
    before: tuple[Scene, Pixels] | None = None
    during: tuple[Scene, Pixels] | None = None
    after: tuple[Scene, Pixels] | None = None
    verdict: Verdict | None = None
    """A person's newest word on it."""

    @property
    def sides(self) -> tuple[tuple[str, Scene, Pixels], ...]:
        """What is at hand, in order, each with its name."""
        named = (("Before", self.before), ("During", self.during), ("After", self.after))
        return tuple((name, *side) for name, side in named if side)

    @property
    def said(self) -> dict[str, str]:
        """What stands beside the claims, by name: a person's `verdict`, and the `doubt` the evidence cannot settle."""
        lines = {}
        if self.verdict is not None:
            note = f": {self.verdict.note}" if self.verdict.note else ""
            day = day_words(self.verdict.given)
            lines["verdict"] = f"Judged {self.verdict.verdict} by {self.verdict.by} on {day}{note}."
        if self.change.doubt:
            lines["doubt"] = f"In doubt: {self.change.doubt.rstrip('.')}."
        return lines


@dataclass(frozen=True, kw_only=True)
class TruthRow:
    """What was counted beside what is true; only a simulated yard knows."""

    day: date
    mean: float
    lower: float
    upper: float
    true: int
    observation: str
    """Id of the own observation."""


@dataclass(frozen=True, kw_only=True)
class CountTrace:
    """The way from an own observation down to its pixels."""

    count: str
    """Id of the count row, the `evidence` of an own observation."""
    look: str
    scene: str
    scene_sha256: str
    zone: str
    zone_version: int
    code_version: str
    parameters_sha256: str = ""
    tracks_sha256: str = ""
    cars: tuple[str, ...] = ()
    """Ids of the freight cars counted, whose polygons the store holds."""


@dataclass(frozen=True, kw_only=True)
class Method:
    """A method that took part, its version and the hash of its code or parameters."""

    name: str
    version: str
    sha256: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class ReportContent:
    """One report: one site, one as-of day."""

    site: Site
    assessment: Assessment
    version: str
    """Of Yardwatch."""
    edition: Edition = "internal"
    own: tuple[Observation, ...] = ()
    """Own observations, beside the published record in `site`."""
    beside: tuple[tuple[Site, Assessment], ...] = ()
    scenes: tuple[Scene, ...] = ()
    """Every scene the own observations rest on; those of the figures are taken in by themselves."""
    missing: tuple[str, ...] = ()
    """Ids of scenes whose images are no longer at hand: counted once, not to be looked at now."""
    figures: tuple[SceneFigure, ...] = ()
    changes: tuple[ChangeFigure, ...] = ()
    dismissed: tuple[Mapping[str, Any], ...] = ()
    """Changes a person judged false: no finding, and not hidden either."""
    truth: tuple[TruthRow, ...] = ()
    traces: tuple[CountTrace, ...] = ()
    methods: tuple[Method, ...] = ()
    terms: IntervalTerms = field(default_factory=IntervalTerms)
    matrix: Matrix = field(default_factory=seeded)
    rivals: Rivals | None = None
    """The matrix weighed; None where it has no facts."""
    judged: Judged | None = None
    """What people entered as judgement; None where nobody did."""
    references: tuple[Reference, ...] = ()
    """What is known of the sources beside their address."""
    succession: Succession | None = None
    """What this report replaces, and which sentences changed."""
    generated: datetime | None = None
    """Said on the page when given; left out, the same content gives the same bytes on any day."""
    command: str = ""
    """The command that makes this report again."""
    time_zone: str | None = None
    """Of the site, for local times beside UTC."""
    public_decimals: int | None = None
    """Decimals of a degree a public edition may give of any place; None: as many as are known."""

    def __post_init__(self) -> None:
        refuse(
            self.assessment.site != self.site.id,
            f"the assessment is of {self.assessment.site!r}, the site is {self.site.id!r}",
        )
        refuse(self.generated is not None and self.generated.tzinfo is None, "generated has no time zone")

    @property
    def dismissed_said(self) -> dict[str, str]:
        """A line for each change a person judged false, by its id."""
        return {entry["id"]: _dismissed(entry) for entry in self.dismissed}

    @property
    def record(self) -> tuple[Observation, ...]:
        """Published and own observations, by day; an own one that is already in the record once."""
        merged = {seen.id: seen for seen in (*self.site.record, *self.own)}
        return tuple(sorted(merged.values(), key=lambda seen: (seen.when, seen.id)))

    @property
    def all_scenes(self) -> tuple[Scene, ...]:
        """Every scene named anywhere, once, in the order of their ids."""
        shown = [figure.scene for figure in self.figures]
        shown += [scene for change in self.changes for _, scene, _ in change.sides]
        return tuple(sorted({s.id: s for s in (*self.scenes, *shown)}.values(), key=lambda s: s.id))

    @property
    def synthetic(self) -> bool:
        """Whether anything here was rendered and not photographed."""
        scenes, record = self.all_scenes, self.record
        return self.site.fictional or any(s.synthetic for s in scenes) or any(seen.synthetic for seen in record)


def _dismissed(entry: Mapping[str, Any]) -> str:
    said, since = entry["verdict"], "; ".join(entry["changed_since_verdict"])
    note = f": {said['note']}" if said["note"] else ""
    changed = f"; it has changed much since: {since}" if since else ""
    what = f"{entry['kind']}, {entry['area_m2']:,.0f} m² ({entry['id']})"
    return f"{what}: by {said['by']} on {said['on']}{note}{changed}."
