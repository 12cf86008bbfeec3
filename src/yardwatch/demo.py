"""The demo: the published case of Tumangang at two dates, then a fictional yard from pixels to report."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from yardwatch import pipeline
from yardwatch.errors import InputError
from yardwatch.pipeline import Answer, Asked
from yardwatch.progress import Report, silent, tracked
from yardwatch.report.content import TruthRow
from yardwatch.steps.fictional import LICENCE, Simulated, deliver, make_site, simulate, truth_rows

CASE_DAYS = (date(2023, 10, 6), date(2024, 6, 18))
"""The day after the image of about 73 cars, and the day after that of 255."""
YARD = "fictional-yard"
FIRST_SURGE_LOOK = -2
"""The report stands on the day the surge was first seen; a later look would hold the surge against itself."""


@dataclass(frozen=True, kw_only=True)
class Made:
    """What the demo made."""

    case: tuple[Answer, ...]
    """Tumangang at both days, Khasan beside it."""
    yard: Answer
    truth: tuple[TruthRow, ...]
    no_looks: tuple[tuple[date, str], ...]
    changes: int
    pages: tuple[Path, ...]
    folder: Path
    """Of the fictional site."""


def run(out: Path, *, now: datetime, report: Report = silent) -> Made:
    """Write everything below `out`; what an earlier demo wrote there is written anew."""
    pages: list[Path] = []
    case = []
    for day in tracked(CASE_DAYS, "the published case", report):
        asked = Asked(as_of=day)
        case.append(pipeline.assess("tumangang", asked, beside="khasan"))
        pages += _both("tumangang", asked, out / "tumangang")
    simulated = simulate()
    folder = _clear(out / YARD)
    images = deliver(out / YARD / "delivered", simulated, report=report)
    summary = _count(folder, simulated, images, now, report)
    asked = Asked(as_of=simulated.looks[FIRST_SURGE_LOOK].acquired.date())
    pages += _evidence(folder, report)
    truth = truth_rows(simulated, summary.observations)
    for _ in tracked(["page"], "writing the yard's report", report):
        pages += _both(folder, asked, folder / "reports", truth)
    return Made(
        case=tuple(case),
        yard=pipeline.assess(folder, asked),
        truth=truth,
        no_looks=_no_looks(summary),
        changes=len(summary.changes),
        pages=tuple(pages),
        folder=folder,
    )


def _both(where: str | Path, asked: Asked, out: Path, truth: Sequence[TruthRow] = ()) -> list[Path]:
    """Both editions, as page and data; `--form pdf` and the others take longer than a demo should."""
    editions = ("internal", "public")
    return [path for one in editions for path in pipeline.report(where, asked, out=out, edition=one, truth=truth)]


def _count(
    folder: Path, simulated: Simulated, images: Sequence[Path], now: datetime, report: Report
) -> pipeline.RunSummary:
    make_site(folder, simulated)
    pipeline.add_scenes(folder, images, pipeline.Stated(licence=LICENCE), now=now, report=report)
    return pipeline.run(folder, now=now, workers=2, report=report)


def _evidence(folder: Path, report: Report) -> list[Path]:
    """Pictures of each change before, during and after."""
    wanted = pipeline.Wanted(chips=pipeline.chips_wanted(folder / "evidence", "public"))
    pipeline.changes(folder, wanted, report)
    return sorted(path.with_suffix(".png") for path in (folder / "evidence").glob("change-*.json"))


def _no_looks(summary: pipeline.RunSummary) -> tuple[tuple[date, str], ...]:
    rows = [row for row in summary.looks if row.acquired is not None and not row.usable]
    return tuple((row.acquired.date(), row.reason or "") for row in rows if row.acquired is not None)


def _clear(folder: Path) -> Path:
    """An empty place for the fictional site; a folder that is not an earlier demo's is left alone."""
    if folder.exists():
        config = folder / "site.yaml"
        if not (config.is_file() and "fictional: true" in config.read_text(encoding="utf-8")):
            raise InputError(f"{folder} is there and is no earlier demo; pass --out with another folder")
        shutil.rmtree(folder)
    return folder
