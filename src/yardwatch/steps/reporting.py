"""Everything known of a site on a day, onto a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

import numpy as np
import shapely

from yardwatch import __version__
from yardwatch.assess.wording import IntervalTerms
from yardwatch.history.assessment import Assessment
from yardwatch.history.quantity import highest
from yardwatch.model import Grid, Pixels, Reference, Scene, Site
from yardwatch.report.content import CountTrace, Method, ReportContent, SceneFigure, TruthRow
from yardwatch.report.forms import DEFAULT, Edition, known_edition, known_forms
from yardwatch.report.page import Rendered, render
from yardwatch.report.printer import Printer, printer_for
from yardwatch.sites.folder import SiteFolder, open_site
from yardwatch.steps.aligning import read_window
from yardwatch.steps.assessing import Answer, Asked, ask
from yardwatch.steps.cataloguing import catalogue_of
from yardwatch.steps.custody import record_files
from yardwatch.steps.forms import write_forms
from yardwatch.steps.meaning import with_meaning
from yardwatch.steps.observing import current_looks
from yardwatch.steps.place import Place
from yardwatch.steps.report_changes import change_figures, dismissed_changes
from yardwatch.steps.sourcing import sources_of
from yardwatch.steps.storing import has_store, open_store
from yardwatch.steps.unchanged import at_hand, missing_images
from yardwatch.steps.weights import shipped_sha256
from yardwatch.store.protocol import Store
from yardwatch.store.rows import CarRow, LookRow

CHIP_PIXELS_MAX = 900_000
"""A chip is read no finer than this many pixels: 1,400 × 640 prints well across a page."""


def report(
    where: str | Path,
    asked: Asked,
    out: Path | None = None,
    edition: str = "public",
    truth: Sequence[TruthRow] = (),
    forms: Sequence[str] = DEFAULT,
) -> Written:
    """Write a report in the forms asked for; returns their paths. The same store gives the same bytes.

    Files are `<site>-<day>.html` and so on; those of the internal edition have `-internal` before the ending, so
    that nobody publishes one for the other.

    Raises:
        InputError: an unknown edition or form.
        RefusedError: an image is no longer what was received, or a judgement may not be published; the message says.
        UnavailableError: PDF, Word or figures asked for, and pango is missing.
    """
    checked, held = known_forms(forms), known_edition(edition)
    folder = open_site(where)
    with printer_for(checked) as printer:  # first of all: it loads while the rest is gathered
        content = gather(folder, asked, held, truth)
        return put(folder, render(content), stem(folder, asked, held, out), checked, printer)


class Written(tuple[Path, ...]):
    """Paths of a report's files."""

    reason: str | None
    """Why nothing could be held against the record; None when something was."""

    def __new__(cls, paths: Iterable[Path], reason: str | None) -> Self:
        """The paths, with the reason beside."""
        made = super().__new__(cls, tuple(paths))
        made.reason = reason
        return made


def put(folder: SiteFolder, page: Rendered, where: Path, forms: Sequence[str], printer: Printer | None) -> Written:
    """Write the forms, and the files made into the custody log; returns their paths."""
    content = page.content
    written = Written(write_forms(page, forms, where, folder, printer), content.assessment.reason)
    files = [path for path in written if path.is_file()]
    record_files(folder, "reported", files, [scene.sha256 for scene in content.scenes], edition=content.edition)
    return written


def stem(folder: SiteFolder, asked: Asked, edition: Edition, out: Path | None) -> Path:
    """Where the forms go, without their endings; the folder is made."""
    target = out or folder.reports_path
    target.mkdir(parents=True, exist_ok=True)
    return target / f"{folder.site.id}-{asked.as_of.isoformat()}{'' if edition == 'public' else '-internal'}"


def gather(folder: SiteFolder, asked: Asked, edition: Edition, truth: Sequence[TruthRow] = ()) -> ReportContent:
    """Everything known of a site on a day."""
    answer = ask(folder, asked)
    content = ReportContent(
        site=folder.site,
        assessment=answer.assessment,
        version=__version__,
        edition=edition,
        own=tuple(one for one in answer.own if one.when.earliest <= asked.as_of),
        beside=tuple(_beside(folder, asked)),
        truth=tuple(truth),
        methods=(Method(name="yardwatch", version=__version__),),
        command=_command(folder, asked, edition),
        time_zone=folder.config.time_zone,
        public_decimals=folder.config.public_decimals,
        references=_references(folder),
    )
    content = with_meaning(content, folder, edition)
    return _with_pixels(content, folder, answer) if has_store(folder) else content


def _references(folder: SiteFolder) -> tuple[Reference, ...]:
    """What is known of the sources of the site and of those beside it; of one id, what the site itself says."""
    listed = [one for each in (folder, *folder.beside()) for one in sources_of(each)]
    return tuple({one.id: one for one in reversed(listed)}.values())[::-1]


def _command(folder: SiteFolder, asked: Asked, edition: str) -> str:
    options = [f"--as-of {asked.as_of}", f"--window {asked.window}", f"--edition {edition}"]
    options += [f"--zone {asked.zone}"] if asked.zone else []
    options += [f"--unit {asked.unit}"] if asked.unit else []
    where = folder.site.id if folder.bundled else folder.path.resolve().name
    return f"yardwatch report {where} {' '.join(options)}"


def _beside(folder: SiteFolder, asked: Asked) -> list[tuple[Site, Assessment]]:
    answers = [ask(neighbour, replace(asked, zone=None)) for neighbour in folder.beside()]
    return [(answer.site, answer.assessment) for answer in answers]


def _with_pixels(content: ReportContent, folder: SiteFolder, answer: Answer) -> ReportContent:
    place = Place(folder)
    with open_store(folder) as store:
        looks = [row for row in current_looks(place, store) if row.acquired is not None]
        until = [row for row in looks if row.acquired.date() <= answer.assessment.question.as_of]  # type: ignore[union-attr]
        catalogue = catalogue_of(folder)
        scenes = {scene.id: scene for scene in catalogue.scenes()}
        missing = missing_images(catalogue, [scenes[row.scene] for row in until])
        return replace(
            content,
            scenes=tuple(scenes[row.scene] for row in until),
            missing=tuple(sorted(missing)),
            figures=_figures(place, store, answer, until, scenes),
            changes=change_figures(place, store, until, scenes, content.edition),
            dismissed=dismissed_changes(place, store),
            traces=_traces(store, until),
            terms=IntervalTerms(calibrated=_calibrated(store, until)),
            methods=(*content.methods, *_counters(until)),
        )


def _calibrated(store: Store, looks: Sequence[LookRow]) -> bool:
    """Whether every count of these looks is: one word speaks for them all."""
    known = {row.id for row in looks}
    counts = [count for count in store.counts() if count.look in known]
    return bool(counts) and all(count.calibrated for count in counts)


def _counters(looks: Sequence[LookRow]) -> tuple[Method, ...]:
    """The weights that counted: current looks are of the shipped ones."""
    return (Method(name="strip network", version=__version__, sha256=shipped_sha256()),) if looks else ()


def _figures(
    place: Place, store: Store, answer: Answer, looks: Sequence[LookRow], scenes: Mapping[str, Scene]
) -> tuple[SceneFigure, ...]:
    """The observed look and the earlier one it is compared with: the highest of the baseline."""
    assessment = answer.assessment
    rows = {row.id: row for row in looks}
    counts = {count.id: count for count in store.counts(assessment.question.zone)}
    earlier = [one for one in answer.own if one.id in assessment.baseline.looks and one.value is not None]
    observed = assessment.observed if assessment.observed is not None and assessment.observed.own else None
    shown = [one for one in (highest(earlier), observed) if one is not None]
    wanted = [(one, rows[counts[one.id].look]) for one in shown if one.id in counts and counts[one.id].look in rows]
    return tuple(_figure(place, store, one.id, row, scenes[row.scene]) for one, row in wanted)


def _figure(place: Place, store: Store, observation: str, row: LookRow, scene: Scene) -> SceneFigure:
    cars = [(car.car, place.frame.to_ground(car.polygon)) for car in _vehicles(store, row)]
    area = shapely.union_all([track.line for track in place.tracks]).buffer(15.0).envelope
    pixels = _chip(place, scene, row, area)
    tracks = tuple(track.line for track in place.tracks)
    return SceneFigure(scene=scene, pixels=pixels, cars=tuple(cars), tracks=tracks, observation=observation)


def _vehicles(store: Store, row: LookRow) -> Sequence[CarRow]:
    """The vehicles the number rests on: those a reviewer left standing, where one has looked."""
    reviews = [review for review in store.reviews() if review.scene_sha256 == row.scene_sha256]
    return store.reviewed_cars(reviews[-1].id) if reviews else store.cars(row.id)


def _chip(place: Place, scene: Scene, row: LookRow, area: shapely.Geometry) -> Pixels:
    """Its pixels; where the image is not at hand, ground with nothing visible on it."""
    west, south, east, north = area.bounds
    step = max(scene.gsd_m, ((east - west) * (north - south) / CHIP_PIXELS_MAX) ** 0.5)
    grid = Grid.over(place.frame, area, step)
    if not at_hand(scene):
        size = (grid.height, grid.width)
        return Pixels(grid=grid, data=np.zeros((1, *size), np.float32), visible=np.zeros(size, bool))
    return read_window(scene, grid, (row.shift_x_m, row.shift_y_m))


def _counted(store: Store, row: LookRow, zone: str) -> tuple[str, ...]:
    return tuple(one.car.id for one in _vehicles(store, row) if one.car.freight and zone in one.zones)


def _traces(store: Store, looks: Sequence[LookRow]) -> tuple[CountTrace, ...]:
    rows = {row.id: row for row in looks}
    return tuple(
        CountTrace(
            count=count.id,
            look=count.look,
            scene=rows[count.look].scene,
            scene_sha256=rows[count.look].scene_sha256,
            zone=count.zone,
            zone_version=count.zone_version,
            code_version=rows[count.look].code_version,
            tracks_sha256=rows[count.look].tracks_sha256,
            cars=_counted(store, rows[count.look], count.zone),
        )
        for count in store.counts()
        if count.look in rows
    )
