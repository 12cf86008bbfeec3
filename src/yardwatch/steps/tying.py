"""Tie a scene to the reference by a person's points; `run` then takes their word for where it lies."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from yardwatch.errors import InputError
from yardwatch.imagery.align import Alignment
from yardwatch.imagery.tie import MOST_M, Fitted, fit_shift, outlier
from yardwatch.model import Scene
from yardwatch.sites.folder import open_site
from yardwatch.sites.ties import Pair, Tie, read_pairs, read_tie, write_tie
from yardwatch.steps.place import Place
from yardwatch.store.lock import site_lock

FARTHEST_M = 100.0
"""A scene that lies farther off has another fault than a shift, or the pairs are of another place."""


def tie_scene(where: Path, scene_id: str, points: Path, *, today: date) -> dict[str, Any]:
    """Fit, check and keep the tie of a scene; the answer of `scenes tie --json`.

    Raises InputError where the pairs do not agree, naming the one that does not.
    """
    place = Place(open_site(where))
    place.folder.require_writable()
    scene = _scene(place, scene_id)
    if scene.id == place.reference.id:
        raise InputError(f"{scene_id} is the reference scene, which lies where it lies; tie the others to it")
    pairs = read_pairs(points)
    fitted = _fitted(place, pairs, points)
    tie = Tie(
        scene_sha256=scene.sha256, reference_sha256=place.reference.sha256, dx_m=fitted.dx_m, dy_m=fitted.dy_m,
        residual_m=fitted.residual_m, pairs=pairs, tied_on=today.isoformat(),
    )  # fmt: skip
    with site_lock(place.folder.path):
        write_tie(place.folder.path, scene.id, tie)
    return _answer(scene, place, pairs, fitted)


def tied(place: Place, scene: Scene) -> Alignment | None:
    """What a person's tie says of a scene; None without one."""
    tie = read_tie(place.folder.path, scene.id)
    if tie is None:
        return None
    stale = tie.scene_sha256 != scene.sha256 or tie.reference_sha256 != place.reference.sha256
    return Alignment(
        dx_m=0.0 if stale else tie.dx_m, dy_m=0.0 if stale else tie.dy_m, residual_m=tie.residual_m,
        windows=len(tie.pairs), aligned=not stale,
        reason="its tie is to another reference scene, or of another image; tie it again" if stale else None,
    )  # fmt: skip


def _scene(place: Place, scene_id: str) -> Scene:
    for scene in place.scenes:
        if scene.id == scene_id:
            return scene
    raise InputError(f"{place.folder.path}: no scene {scene_id!r}; list them with `yardwatch scenes list`")


def _fitted(place: Place, pairs: tuple[Pair, ...], points: Path) -> Fitted:
    reference, there = (_ground(place, pairs, side) for side in ("reference", "scene"))
    fitted = fit_shift(reference, there)
    odd = outlier(reference, there)
    if odd is not None:
        raise InputError(
            f"{points.name}: pair {pairs[odd[0]].name!r} lies {odd[1]:.1f} m from where the other {len(pairs) - 1} "
            "say; measure it again or take it out"
        )
    if fitted.residual_m is not None and fitted.residual_m > MOST_M:
        raise InputError(f"{points.name}: {_disagree(fitted)}")
    if np.hypot(fitted.dx_m, fitted.dy_m) > FARTHEST_M:
        raise InputError(
            f"{points.name}: the pairs are {np.hypot(fitted.dx_m, fitted.dy_m):.0f} m apart, more than "
            f"{FARTHEST_M:.0f} m; check that both columns are of the same things, or georeference the image first"
        )
    return fitted


def _disagree(fitted: Fitted) -> str:
    left = f"a shift leaves {fitted.residual_m:.1f} m between the pairs (at most {MOST_M:.1f} m)"
    if fitted.affine_residual_m is not None and fitted.affine_residual_m <= MOST_M:
        warped = "the image is warped; georeference it by its points first"
        return f"{left}, an affine {fitted.affine_residual_m:.1f} m: {warped}"
    return f"{left}; measure them again"


def _ground(place: Place, pairs: tuple[Pair, ...], side: str) -> NDArray[np.float64]:
    points = shapely.MultiPoint([getattr(pair, side) for pair in pairs])
    return shapely.get_coordinates(place.frame.to_ground(points))


def _answer(scene: Scene, place: Place, pairs: tuple[Pair, ...], fitted: Fitted) -> dict[str, Any]:
    return {
        "scene": scene.id,
        "reference": place.reference.id,
        "model": "shift",
        "dx_m": round(fitted.dx_m, 3),
        "dy_m": round(fitted.dy_m, 3),
        "residual_m": None if fitted.residual_m is None else round(fitted.residual_m, 3),
        "affine_residual_m": None if fitted.affine_residual_m is None else round(fitted.affine_residual_m, 3),
        "pairs": [
            {"name": pair.name, "residual_m": round(float(left), 3)}
            for pair, left in zip(pairs, fitted.residuals_m, strict=True)
        ],
    }
