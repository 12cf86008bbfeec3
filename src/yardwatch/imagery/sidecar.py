"""Sidecars: what vendors deliver beside an image, found by its name.

Read are the .IMD file of Maxar (DigitalGlobe), the DIMAP XML of Airbus, and metadata JSON of Planet or STAC. Only
named neighbours in the image's own folder are opened, at most 5 MB each; what makes no sense in them says nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

from yardwatch.imagery.metadata import Metadata, angle, plausible_moment

LARGEST_BYTES = 5_000_000
"""A vendor's metadata has a few hundred kilobytes; more is not one, and not worth a laptop's memory."""


def beside(image: Path) -> Metadata:
    """What the sidecars of an image say, best first; nothing where there are none."""
    found = Metadata()
    for path, read in _candidates(image):
        if _is_plain_neighbour(path, image):
            found = found.over(read(path))
    return found


def _candidates(image: Path) -> Iterator[tuple[Path, Callable[[Path], Metadata]]]:
    stem, folder = image.stem, image.parent
    airbus = re.sub(r"_R\d+C\d+$", "", re.sub(r"^IMG_", "DIM_", stem))
    planet = re.split(r"_3[AB]_|_3[AB]$|_pansharpened|_analytic|_visual|_ortho", stem, maxsplit=1)[0]
    readers: dict[str, Callable[[Path], Metadata]] = {}
    readers |= dict.fromkeys([f"{stem}.IMD", f"{stem}.imd"], read_imd)
    readers |= dict.fromkeys([f"{name}{end}" for name in (airbus, stem) for end in (".XML", ".xml")], read_xml)
    readers |= dict.fromkeys([f"{stem}_metadata.json", f"{planet}_metadata.json", f"{stem}.json"], read_json)
    seen: set[Path] = set()
    for name, reader in readers.items():
        path = folder / name
        if path.is_file() and (real := path.resolve()) not in seen:
            seen.add(real)
            yield path, reader


def _is_plain_neighbour(path: Path, image: Path) -> bool:
    return path.resolve().parent == image.resolve().parent and 0 < path.stat().st_size <= LARGEST_BYTES


def read_imd(path: Path) -> Metadata:
    """Maxar's image metadata: `key = value;` in groups."""
    return _maxar(dict(_assignments(_text(path))), path.name)


def read_xml(path: Path) -> Metadata:
    """Airbus DIMAP (Pléiades, SPOT), or Maxar's IMD in XML."""
    try:
        root = defusedxml.ElementTree.parse(path, forbid_dtd=True).getroot()
    except (ParseError, DefusedXmlException, ValueError):
        return Metadata()
    if _tag(root) == "isd":
        return _maxar({_tag(e).lower(): (e.text or "").strip() for e in root.iter() if not len(e)}, path.name)
    return _dimap(root, path.name)


def read_json(path: Path) -> Metadata:
    """A GeoJSON feature by Planet, or a STAC item."""
    try:
        document = json.loads(_text(path))
    except ValueError:
        return Metadata()
    properties = document.get("properties") if isinstance(document, dict) else None
    if not isinstance(properties, dict):
        return Metadata()
    at = plausible_moment(_pick(properties, "acquired", "datetime"))
    return Metadata(
        acquired=at,
        date_from=path.name,
        sensor=_sensor(properties),
        off_nadir_deg=angle(_pick(properties, "view:off_nadir", "view_angle"), "off_nadir_deg"),
        sun_azimuth_deg=angle(_pick(properties, "view:sun_azimuth", "sun_azimuth"), "sun_azimuth_deg"),
        sun_elevation_deg=angle(_pick(properties, "view:sun_elevation", "sun_elevation"), "sun_elevation_deg"),
    )


def _maxar(values: Mapping[str, str], name: str) -> Metadata:
    """`firstLineTime` of one image, or `earliestAcqTime` of a mosaic."""
    return Metadata(
        acquired=plausible_moment(_pick(values, "firstlinetime", "earliestacqtime", "tlctime")),
        date_from=name,
        sensor=values.get("satid") or None,
        off_nadir_deg=angle(_pick(values, "meanoffnadirviewangle", "offnadirviewangle"), "off_nadir_deg"),
        sun_azimuth_deg=angle(_pick(values, "meansunaz", "sunaz"), "sun_azimuth_deg"),
        sun_elevation_deg=angle(_pick(values, "meansunel", "sunel"), "sun_elevation_deg"),
    )


def _dimap(root: Element, name: str) -> Metadata:
    """Angles of the scene's centre; the viewing angle from nadir at the satellite is its off-nadir angle."""
    source = next((e for e in root.iter() if _tag(e) in {"Strip_Source", "Scene_Source"}), root)
    day, time = _child(source, "IMAGING_DATE"), _child(source, "IMAGING_TIME")
    located = [e for e in root.iter() if _tag(e) == "Located_Geometric_Values"]
    centre = next((e for e in located if (_child(e, "LOCATION_TYPE") or "").lower() == "center"), root)
    mission = [_child(source, "MISSION"), _child(source, "MISSION_INDEX")]
    return Metadata(
        acquired=plausible_moment(f"{day}T{time}" if time else day) if day else None,
        date_from=name,
        sensor=" ".join(part for part in mission if part) or None,
        off_nadir_deg=angle(_child(centre, "VIEWING_ANGLE"), "off_nadir_deg"),
        sun_azimuth_deg=angle(_child(centre, "SUN_AZIMUTH"), "sun_azimuth_deg"),
        sun_elevation_deg=angle(_child(centre, "SUN_ELEVATION"), "sun_elevation_deg"),
    )


def _assignments(text: str) -> Iterator[tuple[str, str]]:
    for key, value in re.findall(r"^\s*(\w+)\s*=\s*\"?([^;\"\n]*)\"?;", text, flags=re.MULTILINE):
        yield key.lower(), value.strip()


def _sensor(properties: Mapping[str, Any]) -> str | None:
    name = _pick(properties, "satellite_id", "platform", "constellation")
    return name if isinstance(name, str) and name else None


def _pick(values: Mapping[str, Any], *keys: str) -> Any:  # noqa: ANN401
    return next((values[key] for key in keys if values.get(key) not in (None, "")), None)


def _child(element: Element, tag: str) -> str | None:
    return next(((e.text or "").strip() for e in element.iter() if _tag(e) == tag and (e.text or "").strip()), None)


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
