"""Describe: an image file as a scene, whether a site knows it or not."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from yardwatch.errors import SceneError
from yardwatch.imagery.info import RasterInfo
from yardwatch.imagery.licences import licence as licence_of
from yardwatch.imagery.metadata import Details, Metadata, given, tagged
from yardwatch.imagery.opening import is_remote
from yardwatch.imagery.raster import open_raster
from yardwatch.imagery.sidecar import beside
from yardwatch.model import Scene

_HASH_CHUNK_BYTES = 2**20


@dataclass(frozen=True, kw_only=True)
class Described:
    """A scene and where its date comes from."""

    scene: Scene
    info: RasterInfo
    metadata: Metadata


def bare_scene(  # one option a parameter, as the command line has them
    path: str | Path,
    crs: str | None = None,
    licence: str | None = None,
    acquired: datetime | date | str | None = None,
    sensor: str | None = None,
    synthetic: bool | None = None,
) -> Scene:
    """A raster file as a scene: hash, ground GSD, footprint, and what tags and sidecars say.

    `acquired` may be None in the end; the id is the file's name. Raises SceneError for a file that cannot be used
    and UnavailableError for one that is not there.
    """
    details = Details(acquired=acquired, sensor=sensor, licence=licence, crs=crs, synthetic=synthetic)
    return describe(Path(path), details).scene


def describe(path: Path, details: Details, pixels: Path | None = None) -> Described:
    """A raster file as a scene, the user's details before the sidecar's before the tags'.

    `pixels`: the raster made of it that is read in its place; hash, name and sidecars stay those of the file.
    """
    if is_remote(str(path)) or ":/" in str(path):
        raise SceneError(f"{path}: is an address, and its bytes are hashed at receipt; download it first")
    with open_raster(pixels or path, crs=details.crs) as raster:
        info = raster.info
    metadata = given(details, str(path)).over(beside(path)).over(tagged(info.tags))
    return Described(scene=_scene(path, info, metadata, details), info=info, metadata=metadata)


def sha256(path: Path) -> str:
    """Hash of a file's bytes, hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_HASH_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def _scene(path: Path, info: RasterInfo, metadata: Metadata, details: Details) -> Scene:
    return Scene(
        id=path.stem,
        href=str(path),
        sha256=sha256(path),
        acquired=metadata.acquired.at if metadata.acquired else None,
        gsd_m=info.gsd_m,
        crs=info.crs,
        footprint=info.footprint,
        sensor=metadata.sensor,
        off_nadir_deg=metadata.off_nadir_deg,
        sun_azimuth_deg=metadata.sun_azimuth_deg,
        sun_elevation_deg=metadata.sun_elevation_deg,
        licence=licence_of(details.licence, metadata.attribution, details.expires),
        synthetic=metadata.synthetic,
        date_precision=metadata.acquired.precision if metadata.acquired else "instant",
    )
