"""Manifest: many images at once, as a CSV file beside them.

Columns: `file` and any of `acquired, sensor, licence, attribution, off_nadir_deg, sun_azimuth_deg,
sun_elevation_deg, crs`; an empty cell leaves it to the image.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from yardwatch.errors import SceneError, UnavailableError
from yardwatch.imagery.dates import moment
from yardwatch.imagery.metadata import Details, given

WORDS = ("acquired", "sensor", "licence", "attribution", "crs")
ANGLES = ("off_nadir_deg", "sun_azimuth_deg", "sun_elevation_deg")
COLUMNS = ("file", *WORDS, *ANGLES)


def read_manifest(path: str | Path) -> list[tuple[Path, Details]]:
    """The images a manifest names, in its order, paths relative to its folder.

    Raises SceneError with row and column for a manifest that does not fit, UnavailableError where it is missing.
    """
    path = Path(path)
    if not path.is_file():
        raise UnavailableError(f"{path}: no such file; check the path")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            _check_header(reader.fieldnames, path)
            rows = list(enumerate(reader, start=2))
    except (csv.Error, UnicodeDecodeError) as error:
        raise SceneError(f"{path}: is not a CSV file in UTF-8 ({error})") from error
    if not rows:
        raise SceneError(f"{path}: names no images; write one row an image")
    return [_row(row, path, f"{path} row {number}") for number, row in rows]


def _check_header(names: object, path: Path) -> None:
    found = [str(name).strip() for name in names] if isinstance(names, list) else []
    unknown = sorted(set(found) - set(COLUMNS))
    if "file" not in found or unknown or len(found) != len(set(found)):
        wrong = f"unknown column {unknown[0]!r}" if unknown else "no column 'file', or one twice"
        raise SceneError(f"{path}: {wrong}; allowed, separated by commas: {', '.join(COLUMNS)}")


def _row(row: Mapping[str | None, str | list[str] | None], path: Path, where: str) -> tuple[Path, Details]:
    if None in row or None in row.values():
        raise SceneError(f"{where}: has more or fewer cells than the header; put text with commas in quotes")
    cells = {str(key).strip(): str(value).strip() for key, value in row.items()}
    image = _image(cells["file"], path, where)
    said: dict[str, Any] = {name: cells.get(name) or None for name in WORDS}
    said |= {name: _number(cells.get(name, ""), f"{where}, column {name}") for name in ANGLES}
    details = Details(**said)
    if details.acquired is not None:
        moment(details.acquired, f"{where}, column acquired")
    given(details, where)
    return image, details


def _image(name: str, path: Path, where: str) -> Path:
    folder = path.resolve().parent
    image = (folder / name).resolve()
    if not name or not image.is_relative_to(folder):
        raise SceneError(f"{where}, column file: {name!r} is not below the manifest's folder; move it there")
    if not image.is_file():
        raise SceneError(f"{where}, column file: {name!r} is not there; names are relative to the manifest")
    return path.parent / name


def _number(text: str, where: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        raise SceneError(f"{where}: {text!r} is not a number; write degrees, for instance 17.5") from None
