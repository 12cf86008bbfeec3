"""Ask the record: the site's published one and, where images were counted, its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from yardwatch.errors import InputError
from yardwatch.history import assess as history
from yardwatch.history.assessment import Assessment, Question
from yardwatch.history.calibration import calibrate
from yardwatch.history.contract import as_json
from yardwatch.history.series import site_series
from yardwatch.model import Observation, Site, Window
from yardwatch.sites.folder import SiteFolder, open_site
from yardwatch.store.geopackage import GeoPackageStore


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the user asks; None means the site's default."""

    as_of: date
    window: str = "5y"
    zone: str | None = None
    unit: str | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An assessment, and the same question put to a second site."""

    site: Site
    own: tuple[Observation, ...]
    assessment: Assessment
    beside: Answer | None = None

    def as_json(self) -> dict[str, Any]:
        """The contract's fields; the second site's answer under `beside`."""
        answer = as_json(self.assessment)
        return answer if self.beside is None else {**answer, "beside": self.beside.as_json()}


def assess(where: str | Path, asked: Asked, beside: str | Path | None = None) -> Answer:
    """Hold a site's newest observation against its baseline; the second site is asked in its own default zone."""
    if beside is None:
        return ask(open_site(where), asked)
    other = open_site(beside)
    answer = ask(open_site(where), asked, sibling=other)
    second = ask(other, Asked(as_of=asked.as_of, window=asked.window, unit=asked.unit))
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
    table = None
    if sibling is not None:
        table = calibrate(site_series(sibling.site, question.unit, own_observations(sibling)))
    return Answer(site=site, own=own, assessment=history.assess(site, question, own, calibration=table))


def own_observations(folder: SiteFolder) -> tuple[Observation, ...]:
    """What was counted here; nothing for a site without images."""
    if not folder.store_path.is_file():
        return ()
    with GeoPackageStore(folder.store_path) as store:
        return store.observations()


def _zone(site: Site, wanted: str | None) -> str:
    zone = wanted or site.default_zone
    known = sorted({z.id for z in site.zones})
    if zone not in known:
        raise InputError(f"{site.id} has no zone {zone!r}; its zones: {', '.join(known)}")
    return zone


def _window(asked: Asked) -> Window:
    try:
        return Window.before(asked.as_of, asked.window)
    except ValueError as error:
        raise InputError(f"--window: {error}") from None
