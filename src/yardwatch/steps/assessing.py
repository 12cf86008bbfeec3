"""Ask the record: the site's published one and, where images were counted, its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from yardwatch.errors import InputError
from yardwatch.history import assess as history
from yardwatch.history.assessment import Assessment, Question
from yardwatch.history.beside import Beside
from yardwatch.history.beside import as_json as beside_json
from yardwatch.history.beside import beside as held_beside
from yardwatch.history.calibration import calibrate
from yardwatch.history.contract import as_json
from yardwatch.history.series import site_series
from yardwatch.model import Observation, Role, Site, Window
from yardwatch.sites.folder import SiteFolder, open_site
from yardwatch.steps.storing import has_store, open_store


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the user asks; None means the site's default."""

    as_of: date
    window: str = "5y"
    zone: str | None = None
    unit: str | None = None
    today: date | None = None
    """With it, what lies in the future is refused; rooms below have no clock."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An assessment, and the same question put to a second site."""

    site: Site
    own: tuple[Observation, ...]
    assessment: Assessment
    beside: Answer | None = None

    def as_json(self) -> dict[str, Any]:
        """The contract's fields; the second site's answer under `beside`, what each says of the other in `between`."""
        answer = as_json(self.assessment)
        if self.beside is None:
            return answer
        return {**answer, "beside": self.beside.as_json(), "between": beside_json(self.between)}

    @property
    def between(self) -> Beside:
        """What the second site's record explains of this one's and leaves open. Raises ValueError without one."""
        if self.beside is None:
            raise ValueError(f"{self.site.id}: there is no second site")
        here, there = (replace(one.site, record=(*one.site.record, *one.own)) for one in (self, self.beside))
        return held_beside(here, self.assessment, there, self.beside.assessment)


def assess(where: str | Path, asked: Asked, beside: str | Path | None = None) -> Answer:
    """Hold a site's newest observation against its baseline; the second site is asked in its own default zone."""
    if beside is None:
        return ask(open_site(where), asked)
    other = open_site(beside)
    answer = ask(open_site(where), asked, sibling=other)
    second = ask(other, replace(asked, zone=None))
    return Answer(site=answer.site, own=answer.own, assessment=answer.assessment, beside=second)


def ask(folder: SiteFolder, asked: Asked, sibling: SiteFolder | None = None) -> Answer:
    """Put the question to one site; the looks at a sibling site count in the calibrated p, too."""
    site = folder.site
    question = Question(
        zone=_zone(site, asked.zone),
        unit=asked.unit or site.default_unit,
        as_of=asked.as_of,
        window=_window(asked),
    )
    own = own_observations(folder)
    if asked.today is not None:
        _check_dates(asked.as_of, asked.today, site)
    _check_unit(question.unit, site, own)
    table = None
    if sibling is not None:
        table = calibrate(site_series(sibling.site, question.unit, own_observations(sibling)))
    return Answer(site=site, own=own, assessment=history.assess(site, question, own, calibration=table))


def own_observations(folder: SiteFolder) -> tuple[Observation, ...]:
    """What was counted here; nothing for a site without images."""
    if not has_store(folder):
        return ()
    with open_store(folder) as store:
        return store.observations()


def _zone(site: Site, wanted: str | None) -> str:
    zone = wanted or site.default_zone
    known = sorted({z.id for z in site.zones})
    if zone not in known:
        raise InputError(f"{site.id} has no zone {zone!r}; its zones: {', '.join(known)}")
    return zone


def _check_dates(as_of: date, today: date, site: Site) -> None:
    if as_of > today:
        raise InputError(f"--as-of {as_of} lies in the future (today is {today}, UTC); nothing is known of it yet")
    for seen in site.record:
        if seen.when.earliest > today:
            raise InputError(f"{site.id}: record.csv row {seen.id} is of {seen.when}, after today; correct its date")


def _check_unit(unit: str, site: Site, own: tuple[Observation, ...]) -> None:
    known = {site.default_unit, *(seen.unit for seen in (*site.record, *own) if seen.role is not Role.CONTEXT)}
    if unit not in known:
        raise InputError(f"{site.id} has nothing in unit {unit!r}; its units: {', '.join(sorted(known))}")


def _window(asked: Asked) -> Window:
    try:
        return Window.before(asked.as_of, asked.window)
    except ValueError as error:
        raise InputError(f"--window: {error}") from None
