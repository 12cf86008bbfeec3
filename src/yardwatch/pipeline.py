"""The story, one call a step, read top to bottom.

Everything here joins a room that touches the world with one that does not; the joints are in `steps`. Rasters in,
rows in the store, answers out: `run` counts a site, `assess` holds the newest look against the record, `report`
writes it down. Nothing is done twice: a look already in the store is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from yardwatch import __version__, scale
from yardwatch.model import Change, Observation, Strip
from yardwatch.progress import Report, silent, tracked
from yardwatch.report.verifying import verify as verify_bundle
from yardwatch.steps.aligning import common_ground, read_window
from yardwatch.steps.answering import Wanted, changes, changes_between
from yardwatch.steps.assessing import Answer, Asked, assess
from yardwatch.steps.bare import count_bare as count
from yardwatch.steps.bare import count_traced
from yardwatch.steps.cadence import cadence, draw_cadence
from yardwatch.steps.changing import refusal, site_changes
from yardwatch.steps.checking import check_scenes
from yardwatch.steps.chips import chips_wanted
from yardwatch.steps.custody import deed
from yardwatch.steps.exporting import export
from yardwatch.steps.finding import Wish, search_scenes
from yardwatch.steps.forecasting import Ending, Judgement, add_forecast, day_after, list_forecasts, score_forecast
from yardwatch.steps.licensing import licences, relicense
from yardwatch.steps.linting import lint_file, trace_claim
from yardwatch.steps.looking import Look, Sighting, look, sight
from yardwatch.steps.meaning import judge_site, weigh_site
from yardwatch.steps.observing import current_looks, observe
from yardwatch.steps.place import Place, place_to_count
from yardwatch.steps.planning import Planned, plan, wish
from yardwatch.steps.receiving import Stated, add_scenes, create_site, import_tracks, list_scenes
from yardwatch.steps.reporting import report
from yardwatch.steps.reviewing import review
from yardwatch.steps.searching import Sought, list_apis
from yardwatch.steps.serving import to_pgstac
from yardwatch.steps.snapping import snap_tracks
from yardwatch.steps.sourcing import export_sources, import_sources, list_sources
from yardwatch.steps.storing import open_store, store_name
from yardwatch.steps.strips import cut_strips, empty_looks
from yardwatch.steps.succeeding import succeed
from yardwatch.steps.tracing import trace_file as trace_tracks
from yardwatch.steps.tying import tie_scene
from yardwatch.steps.verdicts import Word, judge_change
from yardwatch.steps.verifying import verify
from yardwatch.store import custody
from yardwatch.store.ids import canonical_json, content_id
from yardwatch.store.lock import site_lock
from yardwatch.store.protocol import Store
from yardwatch.store.rows import LookRow, RunRow

__all__ = [
    "Answer",
    "Asked",
    "Ending",
    "Judgement",
    "Planned",
    "RunSummary",
    "Sought",
    "Stated",
    "Wanted",
    "Wish",
    "Word",
    "add_forecast",
    "add_scenes",
    "assess",
    "cadence",
    "changes",
    "changes_between",
    "check_scenes",
    "chips_wanted",
    "count",
    "count_traced",
    "create_site",
    "day_after",
    "draw_cadence",
    "export",
    "export_sources",
    "import_sources",
    "import_tracks",
    "judge_change",
    "judge_site",
    "licences",
    "lint_file",
    "list_apis",
    "list_forecasts",
    "list_scenes",
    "list_sources",
    "plan",
    "relicense",
    "report",
    "review",
    "run",
    "score_forecast",
    "search_scenes",
    "snap_tracks",
    "succeed",
    "tie_scene",
    "to_pgstac",
    "trace_claim",
    "trace_tracks",
    "verify",
    "verify_bundle",
    "weigh_site",
    "wish",
]


@dataclass(frozen=True, kw_only=True)
class RunSummary:
    """What a run did and what the store now holds."""

    site: str
    counted: int
    """Scenes counted in this run; the others were there already."""
    looks: tuple[LookRow, ...]
    observations: tuple[Observation, ...]
    changes: tuple[Change, ...]
    reference: str
    """Scene id of the one all others are aligned to."""
    no_changes: str | None
    """Why changes could not be looked for; None when they were."""
    store: str
    """Its file, or its address."""

    def as_json(self) -> dict[str, Any]:
        """Numbers a script would ask for."""
        return {
            "site": self.site,
            "scenes": len(self.looks),
            "counted_now": self.counted,
            "no_looks": [{"scene": row.scene, "reason": row.reason} for row in self.looks if not row.usable],
            "observations": len(self.observations),
            "changes": len(self.changes),
            "no_changes_reason": self.no_changes,
            "reference_scene": self.reference,
            "store": self.store,
        }


def run(where: str | Path, *, now: datetime, workers: int = 1, report: Report = silent) -> RunSummary:
    """Count every scene of a site that is not counted yet, then observe, then look for changed ground."""
    place = place_to_count(where)
    with site_lock(place.folder.path), open_store(place.folder) as store:
        started = _begin(store, place, now)
        pending = [scene for scene in place.scenes if not store.has_look(place.look_id(scene))]
        if pending:
            sightings = _align(place, workers, report)
            empties = _learn_empty_tracks(place, sightings, report)
            wanted = [sighting for sighting in sightings if sighting.scene in pending]
            for counted in tracked(_count(place, wanted, empties, workers), "counting cars", report, len(wanted)):
                store.put_look(counted.row, counted.counts, counted.cars)
        store.replace_observations(observe(place, store))
        changed = site_changes(place, store, report)
        _finish(store, started, now, place)
        return RunSummary(
            site=place.folder.site.id,
            counted=len(pending),
            looks=current_looks(place, store),
            observations=store.observations(),
            changes=changed,
            reference=place.reference.id,
            no_changes=refusal(place, store),
            store=store_name(place.folder),
        )


def _align(place: Place, workers: int, report: Report) -> tuple[Sighting, ...]:
    common = common_ground(place.frame, tuple(place.ground_zones.values()), place.tracks, place.reference.gsd_m)
    reference = read_window(place.reference, common.grid)
    task = partial(sight, place=place, reference=reference, common=common)
    return tuple(tracked(_each(task, place.scenes, workers), "aligning scenes", report, len(place.scenes)))


def _learn_empty_tracks(place: Place, sightings: Sequence[Sighting], report: Report) -> tuple[Strip | None, ...]:
    good = [one for one in sightings if one.scene in place.teachers and one.refusal is None]
    dates = [
        cut_strips(one.scene, place.tracks, place.frame, one.shift_m, place.finest.gsd_m)
        for one in tracked(good, "learning the empty tracks", report)
    ]
    return empty_looks(dates) if dates else (None,) * len(place.tracks)


def _count(
    place: Place, sightings: Sequence[Sighting], empties: Sequence[Strip | None], workers: int
) -> Iterator[Look]:
    return _each(partial(look, place=place, empties=empties), sightings, workers)


def _each(task: Any, items: Sequence[Any], workers: int) -> Iterator[Any]:  # noqa: ANN401
    for result in scale.run(task, items, workers=workers, how="threads" if workers > 1 else "serial"):
        yield result.get()


def _begin(store: Store, place: Place, now: datetime) -> RunRow:
    """The row of this run. Its id follows from the inputs, so the same run again is the same row."""
    inputs = {"command": "run", "looks": sorted(place.look_id(scene) for scene in place.scenes)}
    parameters = canonical_json(place.parameters)
    row = RunRow(id=content_id(inputs), command="run", started=now, code_version=__version__, parameters=parameters)
    known = {run.id: run for run in store.runs()}
    if row.id not in known:
        store.put_run(row)
    return known.get(row.id, row)


def _finish(store: Store, started: RunRow, now: datetime, place: Place) -> None:
    if started.state != "done":
        about = {"run": started.id, "scenes": [scene.id for scene in place.scenes]}
        custody.append(place.folder.path, deed("ran", about=about))
        finished = RunRow(
            id=started.id,
            command=started.command,
            started=started.started,
            finished=now,
            code_version=started.code_version,
            parameters=started.parameters,
            state="done",
        )
        store.put_run(finished)
