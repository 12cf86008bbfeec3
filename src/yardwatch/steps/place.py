"""A site ready to be counted: its values on the ground, its scenes, and what makes a look at it the same look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import shapely

from yardwatch import __version__
from yardwatch.errors import SiteError
from yardwatch.ground import Frame
from yardwatch.model import Scene, Track, Zone
from yardwatch.sites.folder import SiteFolder, open_site
from yardwatch.sites.ties import read_tie
from yardwatch.steps.cataloguing import catalogue_of
from yardwatch.steps.strips import EMPTY_LOOKS_MAX, ground_tracks
from yardwatch.steps.weights import shipped_sha256
from yardwatch.store.ids import canonical_json, content_id, look_id


def place_to_count(where: str | Path) -> Place:
    """A site that can be counted and written to, checked before anything is written.

    Raises SiteError for a bundled site, and for one without scenes or tracks; InputError without the shipped weights.
    """
    place = Place(open_site(where))
    place.folder.require_writable()
    _ = place.scenes, place.tracks, place.parameters
    return place


@dataclass(frozen=True)
class Place:
    """A site folder with everything carried to ground metres."""

    folder: SiteFolder

    @cached_property
    def frame(self) -> Frame:
        """Ground frame of the site."""
        return self.folder.site.frame

    @cached_property
    def tracks(self) -> tuple[Track, ...]:
        """Ground lines. Raises SiteError for a site without tracks."""
        if not self.folder.site.tracks:
            raise SiteError(
                f"{self.folder.path}: no tracks to count along; draw tracks.geojson in QGIS or run "
                f"`yardwatch tracks import {self.folder.path} --osm FILE`"
            )
        return ground_tracks(self.folder.site.tracks, self.frame)

    @cached_property
    def zones(self) -> Mapping[str, Zone]:
        """Newest version of each zone, by id."""
        site = self.folder.site
        return {zone: site.zone(zone) for zone in sorted({z.id for z in site.zones})}

    @cached_property
    def ground_zones(self) -> Mapping[str, shapely.Geometry]:
        """Zones in ground metres, by id."""
        return {name: self.frame.to_ground(zone.polygon) for name, zone in self.zones.items()}

    @cached_property
    def scenes(self) -> tuple[Scene, ...]:
        """Scenes by date. Raises SiteError for a site without any."""
        scenes = catalogue_of(self.folder).scenes()
        if not scenes:
            raise SiteError(f"{self.folder.path}: no scenes yet; add some with `yardwatch scenes add`")
        return scenes

    @cached_property
    def finest(self) -> Scene:
        """The earliest of the finest GSD; every scene's strips have its steps, so that none is read too coarsely."""
        return min(self.scenes, key=lambda scene: (round(scene.gsd_m, 2), str(scene.acquired)))

    @cached_property
    def reference(self) -> Scene:
        """The scene all others are aligned to: the one site.yaml names, else the finest."""
        wanted = self.folder.config.reference_scene
        if wanted is None:
            return self.finest
        for scene in self.scenes:
            if scene.id == wanted:
                return scene
        raise SiteError(f"{self.folder.path}: reference_scene {wanted!r} is not among its scenes; see `scenes list`")

    @cached_property
    def teachers(self) -> tuple[Scene, ...]:
        """The scenes from which each track's empty look is learned: the earliest ones fine enough for cars."""
        fine = [scene for scene in self.scenes if scene.gsd_m <= 1.0]
        return tuple(fine[:EMPTY_LOOKS_MAX])

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """What a count depends on besides its own scene; stored with every look."""
        return {
            "code": __version__,
            "weights": shipped_sha256(),
            "tracks": self.tracks_sha256,
            "zones": {name: zone.version for name, zone in self.zones.items()},
            "zone_shapes": content_id({name: zone.polygon.wkt for name, zone in self.zones.items()}),
            "reference": self.reference.sha256,
            "teachers": content_id({"scenes": [scene.sha256 for scene in self.teachers]}),
            **({"finest": self.finest.sha256} if self.finest != self.reference else {}),
            **({"ties": self.ties} if self.ties else {}),
        }

    @cached_property
    def ties(self) -> Mapping[str, str]:
        """Hashes of the ties a person made, by scene: a tied teacher moves every track's empty look."""
        known = {scene.id: read_tie(self.folder.path, scene.id) for scene in self.scenes}
        return {name: content_id(asdict(tie)) for name, tie in known.items() if tie is not None}

    @cached_property
    def tracks_sha256(self) -> str:
        """Of the tracks' ids and lines."""
        return content_id({track.id: track.line.wkt for track in self.folder.site.tracks})

    def look_id(self, scene: Scene) -> str:
        """The id of the look at a scene: the same inputs give the same id."""
        return look_id(
            scene_sha256=scene.sha256,
            code_version=__version__,
            parameters=canonical_json(self.parameters),
            tracks_sha256=self.tracks_sha256,
            zones={name: zone.version for name, zone in self.zones.items()},
        )
