"""A person's word on a change, into the store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from yardwatch.construction.ledger_contract import entry_json
from yardwatch.construction.verdicts import Entry
from yardwatch.errors import InputError
from yardwatch.model import Verdict
from yardwatch.model.judged import VERDICTS as WORDS
from yardwatch.sites.folder import open_site
from yardwatch.steps.ledger import ledger
from yardwatch.steps.place import Place
from yardwatch.steps.storing import has_store, open_store
from yardwatch.store.ids import content_id
from yardwatch.store.ledger_tables import VERDICTS
from yardwatch.store.lock import site_lock

SHORTEST = 6
"""Digits that stand for a whole id where only one begins with them."""
NEAR = 3
"""Ids named to whoever mistyped one."""


@dataclass(frozen=True, kw_only=True)
class Word:
    """What a person says of a change."""

    verdict: str
    by: str
    note: str = ""


def judge_change(where: str | Path, change: str, word: Word, *, today: date) -> dict[str, Any]:
    """Keep a verdict on a change; the same word again is kept once. Gives the change's entry of `changes --json`."""
    if word.verdict not in WORDS:
        raise InputError(f"--is {word.verdict!r} is no verdict; choose one of {', '.join(WORDS)}")
    place = Place(open_site(where))
    place.folder.require_writable()
    if not has_store(place.folder):
        raise InputError(f"{where}: no changes looked for yet; run `yardwatch run {where}` first")
    with site_lock(place.folder.path), open_store(place.folder) as store:
        known = ledger(place, store)
        entry = known[whole_id(change, known, f"change of {place.folder.site.id}")]
        store.keep(VERDICTS, [_verdict(entry, word, today)])
        return entry_json(ledger(place, store)[entry.change.id])


def whole_id(given: str, known: Iterable[str], what: str) -> str:
    """The id meant by one given in full or by its first digits. Raises InputError that names those near it."""
    ids = list(known)
    starting = [id_ for id_ in ids if id_.startswith(given) and len(given) >= SHORTEST]
    if given in ids:
        return given
    if len(starting) == 1:
        return starting[0]
    if not ids:
        raise InputError(f"{given!r} is no {what}: there is none yet")
    near = starting or get_close_matches(given, ids, n=NEAR, cutoff=0.5)
    listed = near or ids[:NEAR]
    more = "" if near or len(ids) <= NEAR else f" and {len(ids) - NEAR} more"
    raise InputError(f"{given!r} is no {what}; {'near it' if near else 'there are'}: {', '.join(listed)}{more}")


def _verdict(entry: Entry, word: Word, today: date) -> Verdict:
    """The verdict; its id follows from what was said and after what, so that saying it twice changes nothing."""
    own = [said for said in entry.verdicts if said.change == entry.change.id]
    try:
        verdict = Verdict(
            id="", change=entry.change.id, verdict=word.verdict, by=word.by.strip(), given=today,
            note=word.note.strip(), state=entry.state.id,
        )  # fmt: skip
    except ValueError as error:
        raise InputError(f"verdict on {entry.change.id}: {error}") from None
    if own and replace(own[-1], id="", given=today) == verdict:
        return own[-1]
    said = {name: getattr(verdict, name) for name in ("change", "verdict", "by", "note", "state")}
    return replace(verdict, id=content_id({**said, "given": today.isoformat(), "after": own[-1].id if own else ""}))
