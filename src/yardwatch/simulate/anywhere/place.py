"""Any scene put on the globe: in the open ocean where the fictional yard lies, so that it is nowhere."""

from __future__ import annotations

import numpy as np
from affine import Affine

from yardwatch.ground import Frame, reproject
from yardwatch.model import Track
from yardwatch.simulate.anywhere.scene import AnyScene
from yardwatch.simulate.yard import LAT, LON

UTM = "EPSG:32710"


def georeferenced(scene: AnyScene, crs: str = UTM) -> tuple[Affine, tuple[Track, ...], tuple[Track, ...]]:
    """The scene's transform into a CRS, and its true and given tracks in lon/lat.

    The affine map is fitted to the picture's corners and middle: in UTM, where the picture lies turned by 0.3°, and in
    EPSG:4326 it misses by less than a centimetre. Raises what pyproj raises for a CRS it does not know.
    """
    frame = Frame(LON, LAT)
    rows, columns = scene.vehicle.shape
    pixels = np.array([(c, r) for c in (0, columns / 2, columns) for r in (0, rows / 2, rows)])
    ground = np.stack(scene.transform @ pixels.T, axis=-1)
    there = reproject(ground, frame.crs, crs)
    solved, *_ = np.linalg.lstsq(np.column_stack([pixels, np.ones(len(pixels))]), there, rcond=None)
    transform = Affine(*(float(part) for part in solved.T.ravel()))
    lonlat = [
        tuple(Track(id=t.id, line=frame.to_lonlat(t.line)) for t in tracks) for tracks in (scene.tracks, scene.given)
    ]
    return transform, lonlat[0], lonlat[1]
