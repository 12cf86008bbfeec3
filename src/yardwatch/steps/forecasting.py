"""Judgements about what will have happened, and what became of them, in and out of the store."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from pathlib import Path
from typing import Any

from yardwatch.assess.scoring import band_of, calibration, score
from yardwatch.assess.scoring_contract import forecasts_json, scored_json
from yardwatch.errors import InputError
from yardwatch.model import Forecast, Outcome
from yardwatch.model.judged import ENDS, NO, YES
from yardwatch.sites.folder import open_site
from yardwatch.steps.ledger import ledger
from yardwatch.steps.place import Place
from yardwatch.steps.storing import has_store, open_store
from yardwatch.steps.verdicts import whole_id
from yardwatch.store.ids import content_id
from yardwatch.store.ledger_tables import FORECASTS, OUTCOMES
from yardwatch.store.lock import site_lock
from yardwatch.store.protocol import Store


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What a person expects."""

    text: str
    word: str
    due: date
    by: str
    made: date
    about: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Ending:
    """What a person says became of it."""

    happened: str
    known: date
    by: str
    note: str = ""


def add_forecast(where: str | Path, judgement: Judgement, *, today: date) -> dict[str, Any]:
    """Keep a judgement; the same again is kept once. Raises InputError for one that cannot be scored later."""
    place = _writable(where)
    if judgement.made > today:
        raise InputError(f"--made {judgement.made} lies in the future; a judgement is dated when it is made")
    with site_lock(place.folder.path), open_store(place.folder) as store:
        forecast = _forecast(judgement, place, store)
        store.keep(FORECASTS, [forecast])
        (now,) = score([forecast], store.kept(OUTCOMES), today)
        return scored_json(now)


def score_forecast(where: str | Path, forecast: str, ending: Ending, *, today: date) -> dict[str, Any]:
    """Keep what became of a forecast; a later word takes the place of an earlier one, which stays in the store."""
    place = _writable(where)
    with site_lock(place.folder.path), open_store(place.folder) as store:
        known = {one.id: one for one in store.kept(FORECASTS)}
        said = known[whole_id(forecast, known, f"forecast of {place.folder.site.id}")]
        _refuse_unknowable(said, ending, today)
        earlier = [one for one in store.kept(OUTCOMES) if one.forecast == said.id]
        store.keep(OUTCOMES, [_outcome(said, ending, today, earlier)])
        (now,) = score([said], store.kept(OUTCOMES), today)
        return scored_json(now)


def list_forecasts(where: str | Path, *, today: date) -> dict[str, Any]:
    """Every forecast of a site, and how well they came true."""
    folder = open_site(where)
    if not has_store(folder):
        return forecasts_json((), calibration(()))
    with open_store(folder) as store:
        scored = score(store.kept(FORECASTS), store.kept(OUTCOMES), today)
    return forecasts_json(scored, calibration(scored))


def day_after(day: date, length: str) -> date:
    """The day `1y`, `6m`, `26w` or `90d` after a day; the last of the month where it is shorter."""
    match = re.fullmatch(r"(\d{1,4})([ymwd])", length.strip())
    if match is None or int(match[1]) == 0:
        raise InputError(f"--within {length!r} is no length of time; write for instance 1y, 6m, 26w or 90d")
    n, unit = int(match[1]), match[2]
    if unit in "wd":
        return day + timedelta(days=n * (7 if unit == "w" else 1))
    year, month = divmod(day.year * 12 + day.month - 1 + n * (12 if unit == "y" else 1), 12)
    if year > MAXYEAR:
        raise InputError(f"--within {length!r} reaches beyond the year {MAXYEAR}")
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _writable(where: str | Path) -> Place:
    place = Place(open_site(where))
    place.folder.require_writable()
    return place


def _forecast(said: Judgement, place: Place, store: Store) -> Forecast:
    about = said.about and whole_id(said.about, ledger(place, store), f"change of {place.folder.site.id}")
    try:
        band = band_of(said.word)
        content = {"text": said.text.strip(), "word": " ".join(said.word.casefold().split()), "by": said.by.strip()}
        days = {"made": said.made.isoformat(), "due": said.due.isoformat()}
        return Forecast(
            id=content_id({**content, **days, "about": about}), **content, made=said.made, due=said.due, about=about,
            lower=band.lower / 100, upper=band.upper / 100, note=said.note.strip(),
        )  # fmt: skip
    except ValueError as error:
        raise InputError(f"forecast: {error}") from None


def _refuse_unknowable(said: Forecast, ending: Ending, today: date) -> None:
    """What cannot be known yet, or does not answer what was asked."""
    if ending.happened not in ENDS:
        raise InputError(f"--happened {ending.happened!r} is no outcome; choose one of {', '.join(ENDS)}")
    if ending.happened == NO and ending.known <= said.due:
        raise InputError(
            f"forecast {said.id}: it may still come true until {said.due}; enter `no` with --on after that day, "
            "or `void` where it can no longer be told"
        )
    if ending.happened == YES and not said.made < ending.known <= said.due:
        raise InputError(
            f"forecast {said.id}: {ending.known} is not between {said.made}, when it was made, and {said.due}, its "
            "last day; what happened later is a `no`, what had happened before was no forecast: `void`"
        )
    if ending.known > today:
        raise InputError(f"--on {ending.known} lies in the future; enter it when it is known")


def _outcome(said: Forecast, ending: Ending, today: date, earlier: Sequence[Outcome]) -> Outcome:
    content = {"happened": ending.happened, "by": ending.by.strip(), "note": ending.note.strip()}
    last = earlier[-1] if earlier else None
    if last and {name: getattr(last, name) for name in content} == content and last.known == ending.known:
        return last
    after = last.id if last else ""
    try:
        return Outcome(
            id=content_id({**content, "forecast": said.id, "known": ending.known.isoformat(), "after": after}),
            **content, forecast=said.id, known=ending.known, entered=today,
        )  # fmt: skip
    except ValueError as error:
        raise InputError(f"outcome of {said.id}: {error}") from None
