"""Limits: what the sensor could not show, from GSD, angles, visibility, covers and the gaps between looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from yardwatch.assess.wording import IntervalTerms, number
from yardwatch.cars.calibration import CALIBRATED_ON
from yardwatch.history.assessment import Assessment
from yardwatch.history.days import day_words, span_words
from yardwatch.model import Observation, Role, Scene, Site

CARS_GSD_M = 1.0
"""Above this a gap between coupled cars (about 1 m) is under a pixel wide: lengths, not cars."""
LENGTH_GSD_M = 4.0
"""Above this a car's width (about 3 m) is under a pixel: presence only."""
OBLIQUE_DEG = 25.0
"""Beyond this a car hides about half its height of the next track (tracks are 4.5–5 m apart)."""
LOW_SUN_DEG = 15.0
"""Below this a car throws a shadow longer than three times its height, over the neighbouring tracks."""


@dataclass(frozen=True, kw_only=True)
class Limit:
    """One thing that could not be seen, and the ids of what shows that."""

    id: str
    text: str
    evidence: tuple[str, ...]


def limits(
    site: Site, assessment: Assessment, record: Sequence[Observation], scenes: Sequence[Scene], terms: IntervalTerms
) -> tuple[Limit, ...]:
    """Every limit that holds here, the general ones first."""
    return (
        *_always(assessment),
        *_published(assessment, record),
        *_gaps(assessment, record),
        *_resolution(scenes),
        *_angles(scenes),
        *_hidden(record),
        *_own(record, terms),
        *_place(site, assessment),
        *_breaks(site, assessment),
    )


def _limit(name: str, text: str, *evidence: str) -> Limit:
    return Limit(id=f"l-{name}", text=text, evidence=evidence)


def _always(assessment: Assessment) -> list[Limit]:
    zone = assessment.question.zone
    return [
        _limit(
            "inside",
            "An image from above shows outsides. It does not show what is inside a closed car or under a cover, "
            "who owns it, where it came from or where it is going.",
            zone,
        ),
    ]


def _published(assessment: Assessment, record: Sequence[Observation]) -> list[Limit]:
    used = {*assessment.baseline.looks, *assessment.baseline.bounds}
    used |= {assessment.observed.id} if assessment.observed else set()
    foreign = [seen.id for seen in record if seen.id in used and not seen.own]
    if not foreign:
        return []
    text = (
        "Published numbers are taken over as published: their images were not examined here, and what was counted "
        "as a car, in which outline and in what light, is known only as far as the publisher says."
    )
    return [_limit("published", text, *foreign)]


def _gaps(assessment: Assessment, record: Sequence[Observation]) -> list[Limit]:
    looks = sorted(
        (seen for seen in record if seen.id in assessment.baseline.looks), key=lambda seen: seen.when.earliest
    )
    if len(looks) < 2:
        ids = [seen.id for seen in (assessment.observed,) if seen is not None] or [assessment.question.zone]
        text = "A look is one instant. Trains that came and went between looks are not in this record."
        return [_limit("gaps", text, *ids)]
    before, after = max(pairwise(looks), key=lambda pair: pair[1].when.earliest - pair[0].when.latest)
    days = (after.when.earliest - before.when.latest).days
    text = (
        "A look is one instant; trains that came and went between looks are not in this record. The longest time "
        f"between two looks of the baseline is {number(days)} days, up to {day_words(after.when.earliest)}."
    )
    return [_limit("gaps", text, before.id, after.id)]


def _resolution(scenes: Sequence[Scene]) -> list[Limit]:
    coarse = [s for s in scenes if CARS_GSD_M < s.gsd_m <= LENGTH_GSD_M]
    presence = [s for s in scenes if s.gsd_m > LENGTH_GSD_M]
    found = []
    if scenes and not coarse and not presence:
        worst = max(scenes, key=lambda s: s.gsd_m)
        text = (
            f"Ground detail is {number(round(worst.gsd_m, 2))} m a pixel at the coarsest: cars can be told apart, "
            "but marks, couplings and small loads cannot."
        )
        found.append(_limit("detail", text, worst.id))
    if coarse:
        text = f"In {number(len(coarse))} scenes the ground detail allows occupied length, not single cars."
        found.append(_limit("coarse", text, *(s.id for s in coarse)))
    if presence:
        text = f"In {number(len(presence))} scenes the ground detail allows only presence or absence of trains."
        found.append(_limit("presence", text, *(s.id for s in presence)))
    return found


def _angles(scenes: Sequence[Scene]) -> list[Limit]:
    oblique = [s for s in scenes if s.off_nadir_deg is not None and s.off_nadir_deg > OBLIQUE_DEG]
    low_sun = [s for s in scenes if s.sun_elevation_deg is not None and s.sun_elevation_deg < LOW_SUN_DEG]
    found = []
    if oblique:
        text = f"{number(len(oblique))} scenes were taken obliquely, more than {number(OBLIQUE_DEG)}° off nadir: "
        text += "tall cars hide part of the next track."
        found.append(_limit("oblique", text, *(s.id for s in oblique)))
    if low_sun:
        text = f"In {number(len(low_sun))} scenes the sun stood below {number(LOW_SUN_DEG)}°: "
        text += "long shadows lie over the tracks."
        found.append(_limit("low-sun", text, *(s.id for s in low_sun)))
    return found


def _hidden(record: Sequence[Observation]) -> list[Limit]:
    partial = [seen for seen in record if seen.visible_fraction is not None and seen.visible_fraction < 1]
    if not partial:
        return []
    least = min(partial, key=lambda seen: seen.visible_fraction or 0)
    share = number(round(100 * (least.visible_fraction or 0)))
    text = (
        f"In {number(len(partial))} own looks part of the track could not be seen, at worst with {share} % visible "
        f"({span_words(least.when)}). Counts are not scaled up for it."
    )
    return [_limit("hidden", text, *(seen.id for seen in partial))]


def _own(record: Sequence[Observation], terms: IntervalTerms) -> list[Limit]:
    own = [seen.id for seen in record if seen.own and seen.role is Role.OBSERVATION]
    if not own:
        return []
    where = "on real ones they" if terms.calibrated else "they"
    said = f"calibrated on {CALIBRATED_ON}" if terms.calibrated else "not calibrated"
    text = f"Intervals of own counts are {said}: {where} may hold the true number less often than they say."
    return [_limit("calibrated-elsewhere" if terms.calibrated else "uncalibrated", text, *own)]


def _place(site: Site, assessment: Assessment) -> list[Limit]:
    zone = assessment.question.zone
    rough = [z for z in site.zones if z.id == zone and z.version == site.zone(zone).version and z.approximate]
    text = f"The outline of zone {zone} is approximate: nobody has drawn it on an image yet."
    return [_limit("approximate-zone", text, zone)] if rough else []


def _breaks(site: Site, assessment: Assessment) -> list[Limit]:
    window = assessment.question.window
    return [
        _limit(
            f"break-{part.id}",
            f"The window takes in a declared break, {day_words(part.first)} to {day_words(part.last)}"
            + (f" ({part.note.rstrip('.')})" if part.note else "")
            + ": those days are not normal traffic.",
            part.id,
        )
        for part in site.breaks
        if part.first <= window.last and part.last >= window.first
    ]
