"""Plan the next looks: the record's surge and the scenes at hand, put to `history.plan`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yardwatch.errors import InputError
from yardwatch.history import plan as history
from yardwatch.history.plan import OnHand, Plan, Wish
from yardwatch.history.plan_contract import plan_json
from yardwatch.sites.folder import SiteFolder, open_site
from yardwatch.steps.assessing import Asked, ask
from yardwatch.steps.cataloguing import catalogue_of
from yardwatch.steps.observing import current_looks
from yardwatch.steps.place import Place
from yardwatch.steps.storing import has_store, open_store
from yardwatch.store.rows import LookRow


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A plan, and why nothing could be computed where the record has no look."""

    plan: Plan
    reason: str | None

    def as_json(self) -> dict[str, Any]:
        """The fields of docs/look-planning.md."""
        return {**plan_json(self.plan), "reason": self.reason}


def wish(*, per_month: float | None, cloud: float, delay_days: float) -> Wish:
    """What the user plans with. Raises InputError for a share or number that cannot be."""
    try:
        return Wish(per_month=per_month, cloud=cloud, delay_days=delay_days)
    except ValueError as error:
        raise InputError(str(error)) from None


def plan(where: str | Path, asked: Asked, wanted: Wish) -> Planned:
    """How many images a month would have caught the surge of a site's record, and which to look at next."""
    folder = open_site(where)
    assessment = ask(folder, asked).assessment
    found = history.plan(assessment, wanted, on_hand(folder, assessment.question.zone))
    return Planned(plan=found, reason=assessment.reason)


def on_hand(folder: SiteFolder, zone: str) -> tuple[OnHand, ...]:
    """Dated scenes of a site, with what was counted of a zone; those not run yet have no count."""
    scenes = [scene for scene in catalogue_of(folder).scenes() if scene.acquired is not None]
    if not scenes:
        return ()
    looks: dict[str, LookRow] = {}
    means: dict[str, tuple[str, float]] = {}
    reviewed: frozenset[str] = frozenset()
    if has_store(folder):
        with open_store(folder) as store:
            looks = {row.scene: row for row in current_looks(Place(folder), store)}
            means = {row.look: (row.id, row.count.mean) for row in store.counts(zone)}
            reviewed = frozenset(row.scene_sha256 for row in store.reviews())
    found = []
    for scene in scenes:
        row = looks.get(scene.id)
        observation, cars = means.get(row.id, (None, None)) if row is not None and row.usable else (None, None)
        found.append(
            OnHand(
                id=scene.id,
                day=scene.acquired.date(),  # type: ignore[union-attr]
                usable=1.0 if row is None else row.visible_fraction,
                cars=cars,
                observation=observation,
                reviewed=scene.sha256 in reviewed,
            )
        )
    return tuple(found)
