"""Usable or not: simulated skies with truth, and real clear pictures, of which none may be called cloudy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from PIL import Image

from benchmarks.align_trials import FRAME, data_folder, picture
from benchmarks.results import Cell, Table
from benchmarks.weather_scenes import BELT_M, SKIES, WeatherScene, weather_scene
from yardwatch.imagery.quality import LEAST_VISIBLE, assess_quality, hidden_ground
from yardwatch.model import Grid, Pixels

SEED = 700
"""Thresholds were chosen on seed 900."""

Told = tuple[str, bool, bool, float, float]
"""Sky, truly a look, called a look, share of the hidden track found, share of the clear track kept."""


def simulated_skies(scenes: int) -> Table:
    """Looks and no-looks among simulated skies at 0.5 m, judged by the tracks."""
    told = [_told(weather_scene(SEED, i)) for i in range(scenes)]
    rows = [_row(sky, [one for one in told if one[0] == sky]) for sky in SKIES]
    return Table(
        name="quality-sky",
        title="Usable or not: simulated cloud and snow, 0.5 m",
        data="simulated",
        rows=(*rows, _row("all", told)),
        notes=(
            f"truth: a look shows at least {LEAST_VISIBLE:.0%} of the track; cloud hides where it is over 30 % opaque",
            f"track: within {BELT_M:g} m of a centre line; seed {SEED}, other yards than the thresholds were chosen on",
            "no real cloud was at hand: simulated clouds are soft, grey and white",
        ),
    )


def _told(scene: WeatherScene) -> Told:
    quality = assess_quality(scene.pixels, scene.belt)
    hidden = hidden_ground(scene.pixels, scene.belt)[scene.belt]
    true = scene.hidden[scene.belt]
    found, kept = (float(part.mean()) if part.size else np.nan for part in (hidden[true], ~hidden[~true]))
    return scene.sky, bool(1 - true.mean() >= LEAST_VISIBLE), quality.usable, found, kept


def _row(name: str, told: list[Told]) -> dict[str, Cell]:
    looks = [called for _, true, called, _, _ in told if true]
    none = [not called for _, true, called, _, _ in told if not true]
    shares = [float(np.mean(part)) for part in (looks, none) if part]
    return {
        "sky": name,
        "scenes": len(told),
        "looks": len(looks),
        "called so": sum(looks),
        "no-looks": len(none),
        "called so ": sum(none),
        "balanced accuracy": round(float(np.mean(shares)), 3) if looks and none else None,
        "hidden track found": _mean([one[3] for one in told]),
        "clear track kept": _mean([one[4] for one in told]),
    }


def _mean(values: list[float]) -> float | None:
    known = [value for value in values if np.isfinite(value)]
    return round(float(np.mean(known)), 3) if known else None


def clear_pictures() -> Table:
    """Every clear real picture at hand; each called cloudy is a mistake."""
    groups: dict[str, list[tuple[float, bool]]] = {}
    for name, pixels, tracks in _clear():
        quality = assess_quality(pixels, tracks)
        groups.setdefault(name, []).append((1 - quality.visible_fraction, quality.usable))
    rows = tuple(
        {
            "pictures": name,
            "n": len(some),
            "called no look": sum(not usable for _, usable in some),
            "hidden, mean %": round(100 * float(np.mean([share for share, _ in some])), 1),
            "hidden, most %": round(100 * max(share for share, _ in some), 1),
        }
        for name, some in groups.items()
    )
    return Table(
        name="quality-clear",
        title="Usable or not: clear real pictures",
        data="real",
        rows=rows,
        notes=(
            "on tracks: the two Muttenz blocks judged by their tracks, as a site is; the others by all their ground",
        ),
    )


def _clear() -> Iterator[tuple[str, Pixels, NDArray[np.bool_] | None]]:
    folder = data_folder()
    for block in ("west", "northeast"):
        yard = picture(f"muttenz/{block}")
        pixels = _pixels(yard.data, yard.pixel_m)
        centres = np.abs(pixels.grid.centres())
        belt = shapely.union_all(yard.tracks).buffer(BELT_M)
        shapely.prepare(belt)
        yield "muttenz, on tracks", pixels, np.asarray(shapely.contains_xy(belt, centres[..., 0], centres[..., 1]))
        yield "muttenz, all ground", pixels, None
    for path in sorted((folder / "negatives").glob("*.tif")):
        yield (
            "negatives",
            _pixels(picture(f"negatives/{path.stem}").data, picture(f"negatives/{path.stem}").pixel_m),
            None,
        )
    for path in sorted((folder / "confusers_0.3m").glob("*.png")):
        yield "confusers, 0.3 m", _pixels(_png(path), 0.3), None
    for path in sorted((folder / "longbeach_3m").glob("*.png")):
        yield "longbeach, 3 m", _pixels(_png(path), 3.0), None
    for path in sorted((folder / "naip_5m").glob("*.tif")):
        with rasterio.open(path) as file:
            yield "naip, 5 m", _pixels(file.read([1, 2, 3]).astype(np.float32) / 255, 5.0), None


def _png(path: Path) -> NDArray[np.float32]:
    return np.asarray(Image.open(path).convert("RGB"), np.float32).transpose(2, 0, 1) / 255


def _pixels(data: NDArray[np.float32], step_m: float) -> Pixels:
    grid = Grid(frame=FRAME, west=0, north=0, step_m=step_m, width=data.shape[2], height=data.shape[1])
    return Pixels(grid=grid, data=data, visible=data.max(axis=0) > 0)
