"""Two images of real pixels with real roofs set into one of them, and four real dates at which nothing is built.

Roofs are cut from a town at run time, by the corners below, turned, given a shadow and set on even ground; nothing of
it is stored. Both images are then misplaced by up to a pixel and lit anew, each for itself.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from benchmarks.change_baselines import METHODS, objects
from benchmarks.change_fit import BESIDE_M, logistic, show_weights
from benchmarks.change_scores import IOU, Tally, iou, matches
from benchmarks.change_sites import GSD_M, Site, data_folder, real_pixels, relit
from benchmarks.results import Table
from yardwatch.construction.odds import PAIR
from yardwatch.construction.options import Options
from yardwatch.construction.pair import compare_pair, differing, pair_signs
from yardwatch.errors import RefusedError
from yardwatch.model import Change, Grid, Pixels

WINDOW, PAIRS = 600, 3
"""Pixels along a window, and pairs made of each."""
ROOF_STEP_M = 0.25
SHADE = np.array([0.36, 0.40, 0.48], np.float32)[:, None, None]
LEFT_ROOFS = (
    ((708, 689), (808, 640), (840, 685), (742, 760)), ((610, 785), (662, 776), (697, 856), (651, 890)),
    ((426, 959), (484, 925), (532, 1007), (473, 1039)), ((505, 1070), (560, 1036), (612, 1104), (561, 1152)),
    ((765, 1286), (814, 1255), (907, 1388), (859, 1417)), ((476, 708), (533, 671), (562, 719), (504, 749)),
    ((806, 597), (899, 535), (931, 580), (842, 651)), ((772, 899), (882, 822), (910, 865), (802, 942)),
    ((88, 1209), (137, 1181), (159, 1223), (110, 1250)),
)  # fmt: skip
RIGHT_ROOFS = (
    ((1257, 514), (1323, 452), (1376, 521), (1307, 575)), ((1365, 609), (1416, 571), (1465, 632), (1411, 681)),
    ((1258, 703), (1311, 660), (1359, 719), (1302, 765)), ((1163, 586), (1226, 533), (1280, 592), (1217, 651)),
    ((1140, 501), (1305, 347), (1340, 387), (1177, 531)), ((1040, 415), (1072, 381), (1150, 469), (1109, 504)),
    ((1152, 307), (1226, 250), (1286, 324), (1211, 381)), ((1772, 353), (1829, 324), (1877, 401), (1823, 442)),
    ((1843, 484), (1894, 447), (1948, 535), (1897, 569)), ((1706, 233), (1761, 203), (1810, 279), (1757, 316)),
    ((1643, 1192), (1701, 1166), (1732, 1240), (1675, 1280)), ((1778, 1324), (1838, 1286), (1857, 1320), (1798, 1362)),
    ((1798, 1391), (1861, 1363), (1889, 1445), (1827, 1474)), ((1775, 1030), (1815, 1001), (1843, 1045), (1803, 1070)),
)  # fmt: skip
"""Corners of roofs in the town picture, columns and rows of 0.25 m."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Pair:
    """Two images and what differs."""

    name: str
    before: Pixels
    after: Pixels
    truth: tuple[shapely.Polygon, ...]
    removed: bool


def pasted_pairs(part: tuple[float, float], *, verbose: bool) -> list[Table]:
    """Objects of all methods on pairs with roofs set in, and false ones on the same pairs without."""
    folder = data_folder()
    if folder is None:
        return []
    tallies = {name: Tally() for name in [*METHODS, "this method"]}
    bare, refused = 0, 0
    chances: list[tuple[float, bool]] = []
    made = list(pairs(folder / "negatives", part))
    for pair in made:
        site = _site(pair)
        for name, method in METHODS.items():
            _count(tallies[name], objects(method(pair.before.data, pair.after.data), site, Options()), pair)
        found = _compare(pair)
        refused += found is None
        hits = _count(tallies["this method"], [change.polygon for change in found or ()], pair)
        chances += [(change.probability or 0.0, i in hits) for i, change in enumerate(found or ())]
        if verbose:
            best = [max((iou(c.polygon, t) for c in found or ()), default=0.0) for t in pair.truth]
            print(f"  {pair.name}: {len(hits)} of {len(pair.truth)} found, {len(found or ()) - len(hits)} false; IoU "
                  f"{' '.join(f'{value:.2f}' for value in best)}")  # fmt: skip
        if not pair.truth:
            bare += len(found or ())
    rows = tuple(
        {
            "method": name, "true": tally.found + tally.missed, "found": tally.found, "false": tally.false,
            "precision": None if tally.precision is None else round(tally.precision, 2),
            "recall": None if tally.recall is None else round(tally.recall, 2),
            "F1": None if tally.f1 is None else round(tally.f1, 2),
        }
        for name, tally in tallies.items()
    )  # fmt: skip
    empty = sum(not pair.truth for pair in made)
    note = f"{len(made)} pairs, {empty} of them with nothing set in: {bare} false objects there; {refused} refused"
    return [Table(name="change_pairs", title="Two images: real pixels, real roofs set in", data="real", rows=rows,
                  notes=(note, "the roofs are pasted: their ground is real, their being there is not"))]  # fmt: skip


def _count(tally: Tally, found: list[shapely.Polygon], pair: Pair) -> set[int]:
    hit = matches(found, pair.truth)
    tally.found += len(hit)
    tally.missed += len(pair.truth) - len(hit)
    tally.false += len(found) - len(hit)
    return {i for i, _ in hit}


def _compare(pair: Pair) -> tuple[Change, ...] | None:
    try:
        return compare_pair(pair.before, pair.after, np.zeros(pair.before.visible.shape, bool), Options())
    except RefusedError:
        return None


def _site(pair: Pair) -> Site:
    from yardwatch.construction.looks import Look

    looks = (Look(day=date(2019, 6, 1), pixels=pair.before), Look(day=date(2021, 6, 1), pixels=pair.after))
    return Site(name=pair.name, plan=None, looks=looks, avoid=np.zeros(pair.before.visible.shape, bool))


def fit_pairs(part: tuple[float, float]) -> None:
    """Prints weights of the chance of pairs, from one half of the pictures."""
    folder = data_folder()
    if folder is None:
        return
    samples: list[tuple[NDArray[np.float64], bool]] = []
    for pair in pairs(folder / "negatives", part):
        nowhere = np.zeros(pair.before.visible.shape, bool)
        for found in differing(pair.before, pair.after, nowhere, Options()):
            polygon = found.measured.polygon
            real = any(iou(polygon, true) >= IOU for true in pair.truth)
            if real or not any(polygon.distance(true) <= BESIDE_M for true in pair.truth):
                samples.append((pair_signs(found), real))
    show_weights("pairs", PAIR, [real for _, real in samples], logistic(samples))


def pairs(folder: Path, part: tuple[float, float]) -> list[Pair]:
    """Windows of both pictures, three pairs each; every third has nothing set in."""
    town = folder / "town_no_track.tif"
    roofs = [_roof(town, corners) for corners in (RIGHT_ROOFS if part[0] >= 0.5 else LEFT_ROOFS)]
    made = []
    for path in sorted(folder.glob("*.tif")):
        picture = real_pixels(path, GSD_M, part)
        _, rows, columns = picture.shape
        corners = itertools.product(
            range(0, max(rows - WINDOW, 0) + 1, WINDOW), range(0, max(columns - WINDOW, 0) + 1, WINDOW)
        )
        for number, (row, column) in enumerate(corners):
            window = picture[:, row : row + WINDOW, column : column + WINDOW]
            for turn in range(PAIRS):
                rng = np.random.default_rng([number, turn, round(10 * part[0]), len(path.stem)])
                made.append(_pair(f"{path.stem} {number}.{turn}", window, roofs if turn else [], rng))
    return made


def _pair(name: str, window: NDArray[np.float32], roofs: list[NDArray[np.float32]], rng: np.random.Generator) -> Pair:
    built, truth = window.copy(), []
    if roofs:
        sun = rng.uniform(0, 2 * np.pi)
        for _ in range(int(rng.integers(3, 6))):
            polygon = _set_in(built, roofs[int(rng.integers(len(roofs)))], truth, (sun, rng))
            truth += [polygon] if polygon is not None else []
    plain, full = (relit(_vehicles(picture, rng), date(2020, 6, 1), rng).pixels for picture in (window, built))
    removed = bool(rng.random() < 0.3)
    before, after = (full, plain) if removed else (plain, full)
    return Pair(name=name, before=before, after=after, truth=tuple(truth), removed=removed)


def _roof(path: Path, corners: tuple[tuple[int, int], ...]) -> NDArray[np.float32]:
    """(4, y, x): colour and coverage at 0.25 m, the box around the corners."""
    import rasterio
    from rasterio.features import rasterize

    points = np.array(corners)
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    with rasterio.open(path) as raster:
        data = raster.read((1, 2, 3), window=((top, bottom), (left, right))).astype(np.float32) / 255
    mask = rasterize([(shapely.Polygon(points - [left, top]), 1)], out_shape=data.shape[1:]).astype(np.float32)
    return np.concatenate([data, mask[None]])


def _set_in(
    picture: NDArray[np.float32], roof: NDArray[np.float32], there: list[shapely.Polygon],
    light: tuple[float, np.random.Generator],
) -> shapely.Polygon | None:  # fmt: skip
    """Turn a roof, set it on even ground with its shadow, in place; its outline in ground metres, None without room."""
    sun, rng = light
    turned = ndimage.rotate(roof, float(rng.uniform(0, 360)), axes=(1, 2), order=1, reshape=True)
    small = ndimage.zoom(turned, (1, ROOF_STEP_M / GSD_M, ROOF_STEP_M / GSD_M), order=1)
    cover = np.clip(small[3], 0, 1)
    height, width = cover.shape
    rows, columns = picture.shape[1:]
    grey = ndimage.gaussian_filter(picture.mean(axis=0), 1)
    rough = ndimage.gaussian_filter(np.hypot(*np.gradient(grey)), 10)
    for _ in range(80):
        row, column = int(rng.integers(20, rows - height - 20)), int(rng.integers(20, columns - width - 20))
        outline = _outline(cover, (row, column), rows)
        spot = rough[row : row + height, column : column + width].mean()
        if spot < np.quantile(rough, 0.4) and not any(outline.buffer(10).intersects(other) for other in there):
            break
    else:
        return None
    long = float(rng.uniform(4, 10)) / np.tan(np.deg2rad(float(rng.uniform(30, 60)))) / GSD_M
    shadow = np.zeros((rows, columns), np.float32)
    for share in np.linspace(0, 1, max(2, int(long))):
        dy, dx = round(share * long * np.sin(sun)), round(share * long * np.cos(sun))
        r, c = np.clip(row + dy, 0, rows - height), np.clip(column + dx, 0, columns - width)
        np.maximum(shadow[r : r + height, c : c + width], cover, out=shadow[r : r + height, c : c + width])
    picture *= 1 - ndimage.gaussian_filter(shadow, 0.7) * (1 - SHADE)
    patch = picture[:, row : row + height, column : column + width]
    patch += cover * (small[:3] / np.maximum(small[3], 1e-3) * (cover > 0.05) - patch) * (cover > 0.05)
    return outline


def _outline(cover: NDArray[np.float32], corner: tuple[int, int], rows: int) -> shapely.Polygon:
    held = np.argwhere(cover > 0.5)
    box = shapely.minimum_rotated_rectangle(shapely.MultiPoint(held[:, ::-1] + np.array(corner)[::-1] + 0.5))
    points = np.asarray(box.exterior.coords)
    return shapely.Polygon(np.column_stack([points[:, 0] * GSD_M, (rows - points[:, 1]) * GSD_M]))


def _vehicles(picture: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """A few lorries and containers that stand in this image only."""
    shown = picture.copy()
    for _ in range(int(rng.integers(2, 8))):
        length, width = int(rng.integers(10, 30)), int(rng.integers(5, 7))
        if rng.random() < 0.5:
            length, width = width, length
        row, column = int(rng.integers(0, shown.shape[1] - length)), int(rng.integers(0, shown.shape[2] - width))
        shown[:, row : row + length, column : column + width] = rng.uniform(0.1, 0.8, 3)[:, None, None]
    return shown


def prairie_pairs() -> list[Table]:
    """The six pairs of four real dates of a prairie at 5 m."""
    import rasterio

    folder = data_folder()
    if folder is None:
        return []
    dates = []
    for path in sorted((folder / "naip_5m").glob("*.tif")):
        with rasterio.open(path) as raster:
            dates.append(raster.read()[:, :723, :934].astype(np.float32) / 255)
    grid = Grid(frame=_frame(), west=0.0, north=723 * 5.0, step_m=5.0, width=934, height=723)
    windows = [Pixels(grid=grid, data=data, visible=(data > 0).any(axis=0)) for data in dates]
    counts, refused = [], 0
    for one, other in itertools.combinations(windows, 2):
        try:
            counts.append(len(compare_pair(one, other, np.zeros(one.visible.shape, bool), Options())))
        except RefusedError:
            refused += 1
    row = {"pairs": len(counts), "refused": refused, "false objects": sum(counts)}
    return [Table(name="change_prairie", title="Two images: a prairie at 5 m, nothing built", data="real", rows=(row,),
                  notes=("four dates 2009–2020",))]  # fmt: skip


def _frame() -> object:
    from benchmarks.change_sites import FRAME

    return FRAME
