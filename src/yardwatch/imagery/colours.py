"""Colours: which band of a file is red, green, blue, near infrared or grey, and who says so.

In this order: what the user states, the file's colour interpretation, its band names, its order (the first three of
three or more, else the first alone). Files of four plain bands are the trap: many vendors deliver blue, green, red,
near infrared and say nothing of it, so that red and blue change places. State it: `--bands BGRN`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from rasterio.enums import ColorInterp
from rasterio.io import DatasetReader

from yardwatch.errors import SceneError

LETTERS = {"R": "red", "G": "green", "B": "blue", "N": "nir", "P": "grey", "A": "alpha"}
"""What `--bands` may say, a letter a band; `-` is a band that is not used."""
RGB = ("red", "green", "blue")
_INTERPRETED = {
    ColorInterp.red: "red",
    ColorInterp.green: "green",
    ColorInterp.blue: "blue",
    ColorInterp.alpha: "alpha",
}
_NAMED = (
    ("nir", re.compile(r"\b(n|nir|nir ?1|b0?8|near ?infra ?red)\b")),
    ("red", re.compile(r"\b(r|red|b0?4)\b(?! ?edge)")),
    ("green", re.compile(r"\b(g|green|b0?3)\b")),
    ("blue", re.compile(r"(?<!coastal )\b(b|blue|b0?2)\b")),
    ("grey", re.compile(r"\b(p|pan|panchromatic|gr[ae]y)\b")),
)
"""As vendors write them; `b04`, `b03`, `b02` of Sentinel-2 and Landsat 8 agree in the visible."""


def colours(dataset: DatasetReader, name: str, stated: str | None = None) -> Mapping[str, int]:
    """Colour → band of the file, from 1. Holds red, green and blue, or grey.

    Raises SceneError for a statement that does not fit the file.
    """
    if stated is not None:
        return _stated(stated, dataset.count, name)
    found = _first_of(_INTERPRETED.get(colour) for colour in dataset.colorinterp)
    if set(RGB) <= set(found):
        return found
    named = _first_of(map(_named, dataset.descriptions)) | _first_of(map(_exactly, dataset.descriptions))
    if set(RGB) <= set(named):
        return {**named, **_only(found, "alpha")}
    opaque = [i for i, colour in enumerate(dataset.colorinterp, start=1) if colour is not ColorInterp.alpha]
    if len(opaque) >= len(RGB):
        return dict(zip(RGB, opaque, strict=False)) | _only(found, "alpha")
    return {"grey": opaque[0]} | _only(found, "alpha")


def shown(found: Mapping[str, int]) -> tuple[int, ...]:
    """The bands that become red, green and blue, or grey alone."""
    return tuple(found[one] for one in RGB) if set(RGB) <= set(found) else (found["grey"],)


def checked_letters(text: str) -> str:
    """What `--bands` may say, in capitals. Raises SceneError for letters that are none."""
    letters = text.strip().upper()
    strange = sorted(set(letters) - set(LETTERS) - {"-"})
    used = [letter for letter in letters if letter != "-"]
    if strange or not letters or len(used) != len(set(used)):
        raise SceneError(f"--bands {text!r} is no order of bands; write a letter each, for instance BGRN (- is unused)")
    if not ({"R", "G", "B"} <= set(used) or "P" in used):
        raise SceneError(f"--bands {text!r} names no picture; it needs R, G and B, or P")
    return letters


def _stated(text: str, count: int, name: str) -> Mapping[str, int]:
    letters = checked_letters(text)
    if len(letters) != count:
        raise SceneError(f"{name}: has {count} bands, --bands {letters} names {len(letters)}; write a letter for each")
    return {LETTERS[letter]: i for i, letter in enumerate(letters, start=1) if letter != "-"}


def _plain(text: str | None) -> str:
    return re.sub(r"[_\-./]+", " ", text or "").strip().lower()


def _exactly(text: str | None) -> str | None:
    """`green` beside `green_i` is the green one."""
    plain = _plain(text)
    return plain if plain in {"nir", *RGB} else None


def _named(text: str | None) -> str | None:
    plain = _plain(text)
    return next((colour for colour, pattern in _NAMED if pattern.search(plain)), None)


def _first_of(each: Iterable[str | None]) -> dict[str, int]:
    found: dict[str, int] = {}
    for i, colour in enumerate(each, start=1):
        if colour is not None:
            found.setdefault(colour, i)
    return found


def _only(found: Mapping[str, int], colour: str) -> dict[str, int]:
    return {colour: found[colour]} if colour in found else {}
