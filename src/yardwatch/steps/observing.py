"""Looks to observations: what each count says once reviews have their say; an unusable look is a no-look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from yardwatch.cars.errors_model import ErrorModel
from yardwatch.model import Count, DateSpan, Observation, Role, Source
from yardwatch.steps.place import Place
from yardwatch.store.protocol import Store
from yardwatch.store.rows import CarRow, CountRow, LookRow, ReviewRow

OWN = Source(publisher="Yardwatch (own count)")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the store knows that observations follow from."""

    looks: tuple[LookRow, ...]
    counts: Mapping[str, tuple[CountRow, ...]]
    """By look."""
    reviews: Mapping[str, ReviewRow]
    """The newest of each scene, by the scene's hash."""
    reviewed: Mapping[str, tuple[CarRow, ...]]
    """Cars left standing, by review."""

    @property
    def errors(self) -> ErrorModel:
        """What the reviews say of the counter's errors."""
        rows = self.reviews.values()
        return ErrorModel.from_reviews(
            kept=sum(r.kept for r in rows), removed=sum(r.removed for r in rows), added=sum(r.added for r in rows)
        )


def seen(store: Store, look_ids: Iterable[str]) -> Seen:
    """The looks with these ids and what belongs to them; looks of earlier code, tracks or zones stay behind."""
    wanted = set(look_ids)
    looks = tuple(look for look in store.looks() if look.id in wanted)
    counts: dict[str, tuple[CountRow, ...]] = {}
    for row in store.counts():
        counts[row.look] = (*counts.get(row.look, ()), row)
    reviews = {review.scene_sha256: review for review in store.reviews()}
    reviewed = {review.id: store.reviewed_cars(review.id) for review in reviews.values()}
    return Seen(looks=looks, counts=counts, reviews=reviews, reviewed=reviewed)


def observe(place: Place, store: Store) -> tuple[Observation, ...]:
    """Own observations of every zone, as counts and reviews now stand."""
    known = seen(store, (place.look_id(scene) for scene in place.scenes))
    return observations(known, {name: zone.version for name, zone in place.zones.items()})


def current_looks(place: Place, store: Store) -> tuple[LookRow, ...]:
    """The looks that belong to the site's scenes, tracks and zones as they are now, by date."""
    wanted = {place.look_id(scene) for scene in place.scenes}
    return tuple(sorted((row for row in store.looks() if row.id in wanted), key=lambda row: str(row.acquired)))


def observations(known: Seen, zones: Mapping[str, int]) -> tuple[Observation, ...]:
    """Own observations of each zone (id → version), by date; scenes without a date are left out."""
    dated = sorted(
        (look for look in known.looks if look.acquired is not None), key=lambda look: (look.acquired, look.id)
    )
    return tuple(observation for look in dated for observation in _of(look, known, zones))


def _of(look: LookRow, known: Seen, zones: Mapping[str, int]) -> Iterable[Observation]:
    if not look.usable:
        return (_no_look(look, zone, version) for zone, version in zones.items())
    review = known.reviews.get(look.scene_sha256)
    rows = known.counts.get(look.id, ())
    if review is not None:
        return (_reviewed(look, row, review, known.reviewed[review.id]) for row in rows)
    return (_counted(look, row, known.errors) for row in rows)


def _when(look: LookRow) -> DateSpan:
    if look.acquired is None:
        raise ValueError(f"look {look.id} has no date")
    return DateSpan.on(look.acquired.date())


def _no_look(look: LookRow, zone: str, version: int) -> Observation:
    return Observation(
        id=f"{look.id}-{zone}",
        zone=zone,
        zone_version=version,
        when=_when(look),
        unit="cars",
        value=None,
        role=Role.NO_LOOK,
        own=True,
        basis="counted",
        source=OWN,
        visible_fraction=look.visible_fraction,
        evidence=look.id,
        synthetic=look.synthetic,
        note=look.reason or "",
    )


def _counted(look: LookRow, row: CountRow, errors: ErrorModel) -> Observation:
    corrected = Count(errors.correct(row.count.pmf), level=row.level, calibrated=row.calibrated)
    return _own(look, row, corrected, "counted")


def _reviewed(look: LookRow, row: CountRow, review: ReviewRow, cars: Sequence[CarRow]) -> Observation:
    """A person has said which cars are there: the count is theirs."""
    n = sum(car.car.freight and row.zone in car.zones for car in cars)
    note = f"reviewed by {review.reviewer} on {review.reviewed_on}"
    pmf = np.zeros(n + 1)
    pmf[n] = 1.0
    return _own(look, row, Count(pmf, level=row.level), "reviewed", note)


def _own(look: LookRow, row: CountRow, count: Count, basis: str, note: str = "") -> Observation:
    lower, upper = count.interval
    return Observation(
        id=row.id,
        zone=row.zone,
        zone_version=row.zone_version,
        when=_when(look),
        unit="cars",
        value=float(count.map),
        lower=float(lower),
        upper=float(upper),
        own=True,
        basis=basis,
        source=OWN,
        visible_fraction=row.visible_fraction,
        pmf=tuple(float(p) for p in count.pmf),
        evidence=row.id,
        synthetic=look.synthetic,
        note=note,
    )
