"""Evidence of changes into a folder: a picture, a swipe-ready pair and its data for each, and one GeoPackage layer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from yardwatch.errors import InputError, UnavailableError
from yardwatch.report.anchors import anchor
from yardwatch.report.chips import chips_png
from yardwatch.report.evidence import Evidence
from yardwatch.report.forms import Edition
from yardwatch.report.swipe import swipe
from yardwatch.sites.files import write_bytes
from yardwatch.steps.layer import write_layer

LAYER = "changes.gpkg"
EDITIONS = ("public", "internal")


@dataclass(frozen=True, kw_only=True)
class Chips:
    """Where evidence goes, and for whom."""

    folder: Path
    edition: Edition
    vague: bool = False
    """Whether the site says no exact places in public editions."""

    @property
    def placeless(self) -> bool:
        """Whether nothing written may say exactly where it is."""
        return self.vague and self.edition == "public"


@dataclass(frozen=True, kw_only=True)
class Written:
    """What was written."""

    files: tuple[Path, ...]
    left_out: tuple[str, ...]
    """Why pixels are missing, once each."""


def chips_wanted(folder: Path, edition: str) -> Chips:
    """Checked. Raises InputError for another edition, or a file in the folder's place."""
    if edition not in EDITIONS:
        raise InputError(f"--edition {edition!r} is unknown; choose {' or '.join(EDITIONS)}")
    if folder.exists() and not folder.is_dir():
        raise InputError(f"--chips {folder} is a file; name a folder")
    return Chips(folder=folder, edition=cast("Edition", edition))


def write_chips(wanted: Chips, evidence: Iterable[Evidence], entries: Sequence[dict[str, Any]]) -> Written:
    """Write the evidence of each change, and all changes (JSON entries) as a layer; each file whole or not at all."""
    files: list[Path] = []
    left: list[str] = []
    try:
        wanted.folder.mkdir(parents=True, exist_ok=True)
        for one in evidence:
            files += _write_one(wanted, one)
            left += [why for side in one.sides if (why := side.left_out(wanted.edition))]
    except OSError as error:
        raise UnavailableError(f"--chips {wanted.folder} cannot be written: {error.strerror or error}") from error
    layer = wanted.folder / LAYER
    if wanted.placeless:
        layer.unlink(missing_ok=True)
        left.append(f"{LAYER}: the site gives its coordinates rounded in public editions")
    else:
        write_layer(layer, entries)
        files.append(layer)
    return Written(files=tuple(files), left_out=tuple(dict.fromkeys(left)))


def _write_one(wanted: Chips, one: Evidence) -> list[Path]:
    folder = wanted.folder
    stem = anchor("change", one.change.id)  # ids come from a file that anybody may have edited: no path in them
    names = {role: f"{stem}-{role}.png" for role in ("before", "after")}
    pair = swipe(one, names)
    data = pair.data | ({"bounds": None} if wanted.placeless else {})
    contents = {f"{stem}.png": chips_png(one)}
    contents |= {names[role]: drawn for role, drawn in pair.pictures.items()}
    contents[f"{stem}.json"] = (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode()
    for name in set(names.values()) - contents.keys():
        (folder / name).unlink(missing_ok=True)  # of an earlier edition that might show them
    for name, content in contents.items():
        write_bytes(folder / name, content)
    return [folder / name for name in contents]
