"""Preparing: what must be made of a file before it can be a scene, and of which files it is made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from yardwatch.imagery.colours import checked_letters
from yardwatch.imagery.metadata import Details
from yardwatch.imagery.orthorectify import orthorectified
from yardwatch.imagery.pointers import gathered, is_vrt, pointed_at
from yardwatch.imagery.sharpen import sharpened


def is_plain(details: Details) -> bool:
    """Whether the file is read as it is."""
    return details.height_m is None and details.colour is None and not details.follow


@contextmanager
def prepared(original: Path, details: Details, folder: Path) -> Iterator[Path]:
    """The raster to read: the file itself, or one made of it in `folder`, gone afterwards.

    A VRT gathered from the files it names, where the user asks for that; orthorectified at the height the user stated;
    then coloured by the multispectral file the user named. Raises SceneError where that cannot be done.
    """
    made: list[Path] = []
    try:
        pixels, colour = original, details.colour
        if details.follow and is_vrt(pixels):
            pixels = gathered(pixels, _new(folder, "gathered", made))
        if details.height_m is not None:
            pixels = orthorectified(pixels, details.height_m, _new(folder, "ortho", made))
            if colour is not None:
                colour = orthorectified(colour, details.height_m, _new(folder, "colour", made))
        if colour is not None:
            stated = details.bands if colour == details.colour else _with_alpha(details.bands)
            pixels = sharpened(pixels, colour, _new(folder, "sharp", made), stated)
        yield pixels
    finally:
        for path in made:
            path.unlink(missing_ok=True)


def sources(original: Path, details: Details) -> tuple[Path, ...]:
    """Every file a scene is made of, the one that names it first."""
    colour = () if details.colour is None else (details.colour,)
    followed = pointed_at(original) if details.follow and is_vrt(original) else ()
    return (original, *colour, *followed)


def how(details: Details) -> dict[str, Any]:
    """What was done, as the item states it."""
    said = {
        "yardwatch:orthorectified_at_m": details.height_m,
        "yardwatch:pan_sharpened": True if details.colour is not None else None,
        "yardwatch:followed": True if details.follow else None,
        "yardwatch:bands": checked_letters(details.bands) if details.bands else None,
    }
    return {key: value for key, value in said.items() if value is not None}


def letters(details: Details) -> str | None:
    """The order of the bands of the raster that is read, where the user stated one and it still holds."""
    if details.colour is not None:
        return None  # sharpened: red, green, blue, as they are marked
    return _with_alpha(details.bands) if details.height_m is not None else details.bands


def _with_alpha(stated: str | None) -> str | None:
    """Orthorectified files have an alpha band more."""
    return None if stated is None else f"{stated}{'-' if 'A' in stated.upper() else 'A'}"


def _new(folder: Path, name: str, made: list[Path]) -> Path:
    made.append(folder / f"{name}.tif")
    return made[-1]
