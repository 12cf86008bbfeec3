"""What `yardwatch changes` answers: what a run found, what a search since a day finds, what two images show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from yardwatch.construction.contract import as_json
from yardwatch.construction.ledger_contract import ledger_json
from yardwatch.construction.options import Options
from yardwatch.construction.verdicts import Entry
from yardwatch.errors import InputError, RefusedError
from yardwatch.progress import Report, silent, tracked
from yardwatch.report.evidence import Evidence
from yardwatch.sites.folder import open_site
from yardwatch.sites.location import require_images
from yardwatch.steps.changing import Said, looked, pair, refusal, search, usable
from yardwatch.steps.chips import Chips, write_chips
from yardwatch.steps.evidence import Shot, Shown, gather, gather_pair
from yardwatch.steps.exporting import refuse_own_files
from yardwatch.steps.layer import write_layer
from yardwatch.steps.ledger import ledger, remember, supposed
from yardwatch.steps.place import Place
from yardwatch.steps.shown import kept_out, unseen_zones
from yardwatch.steps.storing import has_store, open_store
from yardwatch.store.ledger_tables import VERDICTS
from yardwatch.store.protocol import Store


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What `changes` may be asked beside its answer."""

    since: date | None = None
    """First day that may show new ground; all earlier looks are the reference then."""
    out: Path | None = None
    """Layer to write: GeoPackage or GeoJSON, by its ending."""
    chips: Chips | None = None
    """Where the evidence goes."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """What is known of a site's changed ground."""

    place: Place
    shots: tuple[Shot, ...]
    """Usable looks, for pictures."""
    found: tuple[Entry, ...]
    """Objects of the newest search, those judged false among them; lon/lat."""
    everything: Mapping[str, Entry]
    """The whole ledger."""
    reason: str | None
    """Why nothing could be looked for."""
    kept_out: tuple[dict[str, Any], ...]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The contract of `changes --json`."""
        answer = ledger_json(self.found, tuple(self.everything.values()))
        answer |= {"kept_out": list(self.kept_out), "notes": list(self.notes)}
        return answer | ({"reason": self.reason} if self.reason else {})


def changes(where: str | Path, wanted: Wanted | None = None, report: Report = silent) -> dict[str, Any]:
    """The `changes --json` answer for a site, and the files asked for."""
    asked = wanted or Wanted()
    if asked.out is not None:
        refuse_own_files(open_site(where), asked.out)
    known = found_at(where, asked.since, report)
    if asked.chips is not None:
        vague = known.place.folder.config.public_decimals is not None
        asked = replace(asked, chips=replace(asked.chips, vague=vague))
    answer = known.as_json()
    return _written(answer, asked, tracked(_evidence(known, asked), "evidence", report, len(known.found)))


def changes_between(before: Path, after: Path, wanted: Wanted | None = None, report: Report = silent) -> dict[str, Any]:
    """The same for two bare rasters: what differs between them, which may be gone by the next look.

    Two images that cannot be compared give no changes and a `reason`.
    """
    asked = wanted or Wanted()
    if asked.out is not None and asked.out.resolve() in {before.resolve(), after.resolve()}:
        raise InputError(f"--out {asked.out} is one of the two images, and would be overwritten; name another file")
    try:
        found = pair(before, after)
    except RefusedError as refused:
        return _written({"changes": [], "reason": str(refused)}, asked, ())
    edition = asked.chips.edition if asked.chips else "public"
    first, second = Shot(scene=found.before), Shot(scene=found.after, shift_m=found.shift_m)
    evidence = (gather_pair(Shown(change=c, edition=edition), first, second, found.frame) for c in found.changes)
    return _written(as_json(found.changes), asked, tracked(evidence, "evidence", report, len(found.changes)))


def _written(answer: dict[str, Any], wanted: Wanted, evidence: Iterable[Evidence]) -> dict[str, Any]:
    """The answer, with its files written and named."""
    entries = [*answer["changes"], *answer.get("judged", ())]
    if wanted.out is not None:
        write_layer(wanted.out, entries)
    if wanted.chips is None:
        return answer
    written = write_chips(wanted.chips, evidence, entries)
    return answer | {
        "chips": {
            "folder": str(wanted.chips.folder),
            "edition": wanted.chips.edition,
            "files": [path.name for path in written.files],
            "left_out": list(written.left_out),
        }
    }


def _evidence(known: Found, wanted: Wanted) -> Iterator[Evidence]:
    """Of each object found, also of those judged false: whoever doubts a verdict must see what it was given on."""
    for entry in known.found if wanted.chips else ():
        shown = Shown(change=entry.change, verdict=entry.verdict, edition=wanted.chips.edition)  # type: ignore[union-attr]
        evidence = gather(shown, known.shots, known.place.frame)
        if evidence is not None:
            yield evidence


def found_at(where: str | Path, since: date | None = None, report: Report = silent) -> Found:
    """What a run found at a site; with `since`, what a new search finds whose reference is all looks before that day.

    Such a search is not kept: objects the ledger knows have their ids and verdicts, others ids of their own.
    """
    require_images(where)
    folder = open_site(where)
    if not has_store(folder):
        raise InputError(f"{folder.path}: nothing counted yet; run `yardwatch run {folder.path}` first")
    place = Place(folder)
    with open_store(folder) as store:
        rows = usable(place, store)
        remember(place, store, looked(place, rows))
        known = ledger(place, store)
        found, reason, said = _found(place, store, known) if since is None else _since(place, store, since, report)
        return Found(
            place=place,
            shots=tuple(Shot(scene=scene, shift_m=(row.shift_x_m, row.shift_y_m)) for row, scene in rows),
            found=found,
            everything=known,
            reason=reason,
            kept_out=tuple(kept_out(place, store)),
            notes=(*unseen_zones(place, [scene for _, scene in rows]), *said, *_notes(found, known, store)),
        )


Answer = tuple[tuple[Entry, ...], str | None, tuple[str, ...]]
"""Objects, why none could be looked for, what could not be told."""


def _found(place: Place, store: Store, known: Mapping[str, Entry]) -> Answer:
    return tuple(known[change.id] for change in store.changes()), refusal(place, store), Said.of(store).notes


def _since(place: Place, store: Store, since: date, report: Report) -> Answer:
    rows = usable(place, store)
    try:
        found = search(place, rows, Options(since=since), report)
    except RefusedError as refused:
        return (), str(refused), ()
    return tuple(supposed(place, store, found.changes, looked(place, rows, since)).values()), None, found.notes


def _notes(found: tuple[Entry, ...], known: Mapping[str, Entry], store: Store) -> tuple[str, ...]:
    """What a reader of the list must know beside it."""
    notes = []
    for entry in found:
        name = entry.change.id
        if entry.dismissed and entry.changed_since:
            notes.append(f"{name} was judged false and has changed much since ({'; '.join(entry.changed_since)})")
        if entry.verdict is not None and entry.verdict.verdict == "false" and entry.not_dismissed:
            notes.append(f"{name} was judged false and took in {', '.join(entry.not_dismissed)}, which was not")
        if entry.disputed:
            notes.append(f"people disagree on {name}; the newest word holds")
    strangers = sorted({verdict.change for verdict in store.kept(VERDICTS)} - set(known))
    return (*notes, *(f"a verdict speaks of {name}, which the ledger does not know" for name in strangers))
