"""New construction: the method beside three others, on sites whose truth is exact. `make bench-change`.

Held-out seeds and parts of pictures alone are scored; `--development` runs those that were looked at while the method
was made, and `--fit` refits every weight on them.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from benchmarks import change_fit, change_pasted, change_worth
from benchmarks.change_baselines import METHODS, ends, objects
from benchmarks.change_pasted import pasted_pairs, prairie_pairs
from benchmarks.change_scores import Tally, add
from benchmarks.change_sites import Site, data_folder, relit_site, simulated
from benchmarks.results import Table, show, write
from yardwatch.construction.changes import find_in
from yardwatch.construction.options import Options
from yardwatch.construction.source import Memory
from yardwatch.errors import RefusedError
from yardwatch.model import Change

DEVELOPMENT, HELD_OUT = range(1, 19), range(331, 343)
LINES_DEVELOPMENT, LINES_HELD_OUT = range(201, 213), range(361, 375)
NOTHING_DEVELOPMENT, NOTHING_HELD_OUT = range(51, 55), range(351, 356)
LONG_WORKS = ("track", "wall", "new-structure")
"""Built at each site of the set for lines, given room: a track of 155–190 m, a wall of 105–150 m, a building."""
LEFT, RIGHT = (0.0, 0.5), (0.5, 1.0)
"""Parts of the real pictures: the left halves for development, the right ones for figures."""
CHANCE_BINS = (0.5, 0.7, 0.9, 1.0)


def found_in(site: Site) -> tuple[Change, ...]:
    """What the method reports."""
    try:
        return find_in(Memory.of(site.looks, site.avoid.shape), site.avoid, Options()).changes
    except RefusedError:
        return ()


def many_dates(
    seeds: Sequence[int], kinds: tuple[str, ...] = (), *, verbose: bool = True
) -> tuple[Table, Table, Table]:
    """Objects of all methods on sites where things are built, by kind, and how the chances held."""
    tallies = {name: Tally() for name in [*METHODS, "this method"]}
    chances: list[tuple[float, bool]] = []
    right_kind = 0
    for seed in seeds:
        site = simulated(seed, kinds=kinds)
        works = site.plan.works if site.plan else ()
        old, new = ends(site.looks)
        both = old.pixels.visible & new.pixels.visible
        for name, method in METHODS.items():
            add(tallies[name], objects(method(old.pixels.data, new.pixels.data) * both, site, Options()), works)
        found = found_in(site)
        tally = tallies["this method"]
        pairs = add(tally, [change.polygon for change in found], works)
        for i, j in pairs:
            change, work = found[i], works[j]
            held = (change.after is None or change.after < work.begun) and work.begun <= change.before
            tally.dated += held
            right_kind += change.kind == work.kind
            if verbose and not held:
                print(f"    {site.name}: {work.kind} begun {work.begun} dated {change.after} to {change.before}")
        paired = {i for i, _ in pairs}
        chances += [(change.probability or 0, i in paired) for i, change in enumerate(found)]
        if verbose:
            missed = [works[j] for j in range(len(works)) if j not in {j for _, j in pairs}]
            false = [change for i, change in enumerate(found) if i not in paired]
            print(f"  {site.name}: {len(site.looks)} looks, {len(pairs)} of {len(works)} found", flush=True)
            for work in missed:
                print(
                    f"    missed {work.kind} {work.house.block.length:.0f} × {work.house.block.width:.1f} m, colour "
                    f"{work.house.colour[0]}, at {work.house.block.centre[0]:.0f}, {work.house.block.centre[1]:.0f}"
                )
            for change in false:
                centre = change.polygon.centroid
                print(
                    f"    false {change.kind} {change.area_m2:.0f} m², P {change.probability}, at {centre.x:.0f}, "
                    f"{centre.y:.0f}, {change.after} to {change.before}"
                )
    own = tallies["this method"]
    return _methods(tallies, len(seeds)), _kinds(own, right_kind), _chances(chances)


def long_works(seeds: Sequence[int]) -> tuple[Table, Table]:
    """The same on sites that each have a new wall and a new track, without the chances."""
    objects_found, by_kind, _ = many_dates(seeds, LONG_WORKS)
    title = "where a wall and a track are built"
    return (
        replace(objects_found, name="change_lines", title=f"Objects on sites {title}, IoU ≥ 0.3"),
        replace(by_kind, name="change_lines_kinds", title=f"By true kind, {title}"),
    )


def _methods(tallies: dict[str, Tally], sites: int) -> Table:
    rows = tuple(
        {
            "method": name, "true": tally.found + tally.missed, "found": tally.found, "false": tally.false,
            "of these parts of true works": tally.parts, "precision": _round(tally.precision),
            "recall": _round(tally.recall), "F1": _round(tally.f1),
            "first seen holds the day": f"{tally.dated} of {tally.found}" if name == "this method" else "–",
        }
        for name, tally in tallies.items()
    )  # fmt: skip
    return Table(
        name="change", title="Objects on sites where things are built, IoU ≥ 0.3", data="simulated", rows=rows,
        notes=(
            f"{sites} sites; a wall is held as a strip of 4 m",
            "the others compare one clear early look with one clear late look",
        ),
    )  # fmt: skip


def _kinds(tally: Tally, right: int) -> Table:
    rows = tuple(
        {"kind": kind, "true": whole, "found": found, "recall": round(found / whole, 2)}
        for kind, (found, whole) in sorted(tally.by_kind.items())
    )
    return Table(
        name="change_kinds", title="By true kind", data="simulated", rows=rows,
        notes=(f"the kind was right for {right} of {tally.found} found",),
    )  # fmt: skip


def _chances(chances: Sequence[tuple[float, bool]]) -> Table:
    rows = []
    for low, high in pairwise(CHANCE_BINS):
        own = [(p, real) for p, real in chances if low <= p < high or (high == 1.0 and p == 1.0)]
        rows.append({
            "chance stated": f"{low:.1f}–{high:.1f}", "objects": len(own),
            "mean stated": _round(float(np.mean([p for p, _ in own]))) if own else None,
            "real": _round(float(np.mean([real for _, real in own]))) if own else None,
        })  # fmt: skip
    return Table(
        name="change_chances",
        title="Chance of being real: stated and held",
        data="simulated",
        rows=tuple(rows),
        notes=(),
    )


def nothing_built(seeds: Sequence[int], part: tuple[float, float], *, verbose: bool) -> list[Table]:
    """False objects a site-year, simulated and on real pixels."""
    tables = [_false([simulated(seed, build=False) for seed in seeds], "simulated", verbose=verbose)]
    folder = data_folder()
    if folder is None:
        return tables
    pictures = sorted((folder / "negatives").glob("*.tif"))
    sites = [relit_site(path, seed, part) for path in pictures for seed in seeds[:1]]
    return [*tables, _false(sites, "real", verbose=verbose)]


def _false(sites: Sequence[Site], data: str, *, verbose: bool) -> Table:
    rows = []
    years, false = 0.0, 0
    for site in sites:
        found = found_in(site)
        years, false = years + site.years, false + len(found)
        if verbose:
            for change in found:
                centre = change.polygon.centroid
                print(
                    f"    {site.name}: false {change.kind} {change.area_m2:.0f} m², P {change.probability}, at "
                    f"{centre.x:.0f}, {centre.y:.0f}, {change.after} to {change.before}, {change.persistence} looks"
                )
    rows.append({
        "sites": len(sites), "site-years": round(years, 1), "false objects": false,
        "a site-year": round(false / years, 2),
    })  # fmt: skip
    return Table(
        name=f"change_nothing_{data}", title="False objects where nothing was built", data=data, rows=tuple(rows),
        notes=("real: pictures misplaced by up to a pixel and lit anew for each date",) if data == "real" else (),
    )  # fmt: skip


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def main() -> None:
    """Tables to the screen and to `benchmarks/results`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--development", action="store_true", help="the seeds the method was made on; nothing is saved")
    parser.add_argument("--fit", action="store_true", help="refit every weight on development sites alone")
    parser.add_argument("--only", choices=("dates", "lines", "nothing", "pairs"), help="one part")
    parser.add_argument("--seeds", type=int, help="so many seeds alone")
    given = parser.parse_args()
    if given.fit:
        fit_all(given.seeds)
        return
    began = time.perf_counter()
    seeds, idle, part = (
        (DEVELOPMENT, NOTHING_DEVELOPMENT, LEFT) if given.development else (HELD_OUT, NOTHING_HELD_OUT, RIGHT)
    )
    tables: list[Table] = []
    if given.only in {None, "dates"}:
        tables += many_dates(seeds[: given.seeds], verbose=True)
    if given.only in {None, "lines"}:
        lines = LINES_DEVELOPMENT if given.development else LINES_HELD_OUT
        tables += long_works(lines[: given.seeds])
    if given.only in {None, "nothing"}:
        tables += nothing_built(idle[: given.seeds], part, verbose=True)
    if given.only in {None, "pairs"}:
        tables += [*pasted_pairs(part, verbose=True), *prairie_pairs()]
    for table in tables:
        show(table)
        if not given.development:
            write(table)
    print(f"{time.perf_counter() - began:.0f} s")


def development(most: int | None) -> Iterator[Site]:
    """Every site the method is made on: all kinds of works, long ones, and none."""
    yield from (simulated(seed) for seed in DEVELOPMENT[:most])
    yield from (simulated(seed, kinds=LONG_WORKS) for seed in LINES_DEVELOPMENT[:most])
    yield from (simulated(seed, build=False) for seed in NOTHING_DEVELOPMENT[:most])
    folder = data_folder()
    if folder is not None:
        paths = sorted((folder / "negatives").glob("*.tif"))
        yield from (relit_site(path, NOTHING_DEVELOPMENT[0], LEFT) for path in paths)


def fit_all(most: int | None) -> None:
    """Weights of the worth of pieces and of the chances, from development sites; those of chances rest on the worth."""
    change_worth.report_worth([sample for site in development(most) for sample in change_worth.pieces(site)])
    change_fit.report([row for site in development(most) for row in change_fit.rows(site)])
    change_pasted.fit_pairs(LEFT)


if __name__ == "__main__":
    main()
