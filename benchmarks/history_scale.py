"""Speed and memory: many series with sixty looks each, the newest look assessed, one calibration table built once."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from datetime import date, timedelta
from multiprocessing import get_context

import numpy as np
import shapely

from yardwatch.history.assess import assess
from yardwatch.history.assessment import Question
from yardwatch.history.backtest import Series
from yardwatch.history.calibration import Calibration, calibrate
from yardwatch.history.many import newest
from yardwatch.model import DateSpan, Observation, Site, Window, Zone

SERIES, LOOKS, PROCESSES = 100_000, 60, 2
TABLE_SERIES = 2_000
"""Series rolled into the table; nothing is gained by more."""
FULL_SAMPLE = 2_000
"""Sites put through the whole of `assess`, wording and all."""
LAST = date(2024, 1, 1)
ZONE = Zone(id="yard", version=1, polygon=shapely.box(-123.41, -48.91, -123.40, -48.90))


def made(first: int, count: int) -> Iterator[Series]:
    """Negative-binomial yards with a mean of 3 to 40 cars, a look about every month."""
    for seed in range(first, first + count):
        rng = np.random.default_rng(seed)
        mean, spread = rng.uniform(3, 40), rng.uniform(0.1, 0.6)
        gaps = rng.integers(15, 45, LOOKS)
        day = LAST.toordinal() - np.cumsum(gaps)[::-1] + gaps[0]
        counts = rng.negative_binomial(spread**-2, 1 / (1 + spread**2 * mean), LOOKS)
        yield Series.plain(f"yard-{seed}", day.astype(np.int64), counts.astype(float))


def _part(job: tuple[int, int, Calibration]) -> tuple[int, int, float]:
    first, count, table = job
    alarms = made_p = 0
    for found in newest(made(first, count), table):
        made_p += int(np.isfinite(found.p_calibrated))
        alarms += int(found.p_calibrated <= 0.01)
    return made_p, alarms, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def many(series: int = SERIES) -> dict[str, float]:
    """Seconds for all of them on two processes, and the largest memory of one, at a tenth of them and at all."""
    start = time.perf_counter()
    table = calibrate(made(10_000_000, TABLE_SERIES))
    built = time.perf_counter() - start
    peaks, done, alarms = [], 0, 0
    for share in (series // 10, series):
        each = share // PROCESSES
        with get_context("spawn").Pool(PROCESSES) as pool:
            parts = pool.map(_part, [(i * each, each, table) for i in range(PROCESSES)])
        peaks.append(max(part[2] for part in parts))
        done, alarms = sum(part[0] for part in parts), sum(part[1] for part in parts)
    return {
        "series": done,
        "looks_each": LOOKS,
        "table_looks": len(table.tail),
        "table_s": built,
        "total_s": time.perf_counter() - start,
        "alarm_share": alarms / max(done, 1),
        "peak_mb_at_a_tenth": peaks[0],
        "peak_mb": peaks[1],
    }


def _site(series: Series) -> Site:
    record = tuple(
        Observation(
            id=f"{series.id}-{day}",
            zone="yard",
            when=DateSpan.on(date.fromordinal(int(day))),
            unit="cars",
            value=float(count),
        )
        for day, count in zip(series.day, series.counts, strict=True)
    )
    return Site(
        id=series.id, name=series.id, fictional=True, zones=(ZONE,), tracks=(), default_zone="yard",
        default_unit="cars", breaks=(), record=record, events=(),
    )  # fmt: skip


def _full_part(job: tuple[int, int, Calibration]) -> float:
    first, count, table = job
    start = time.process_time()
    for series in made(first, count):
        as_of = LAST + timedelta(days=1)
        question = Question(zone="yard", unit="cars", as_of=as_of, window=Window.before(as_of, "5y"))
        assess(_site(series), question, calibration=table)
    return time.process_time() - start


def full(sites: int = FULL_SAMPLE) -> dict[str, float]:
    """Seconds for the whole of `assess` on two processes."""
    table = calibrate(made(10_000_000, TABLE_SERIES))
    start = time.perf_counter()
    each = sites // PROCESSES
    with get_context("spawn").Pool(PROCESSES) as pool:
        busy = sum(pool.map(_full_part, [(i * each, each, table) for i in range(PROCESSES)]))
    taken = time.perf_counter() - start
    return {
        "sites": sites,
        "total_s": taken,
        "cpu_ms_a_site": 1000 * busy / sites,
        "all_s_here": taken / sites * SERIES,
        "all_s_on_idle_cores": busy / sites * SERIES / PROCESSES,
    }
