"""One scene to one look: rows for the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yardwatch import __version__
from yardwatch.imagery.align import Alignment
from yardwatch.imagery.quality import Quality
from yardwatch.model import Capability, Pixels, Scene, Strip
from yardwatch.steps.aligning import Common, look_at
from yardwatch.steps.counting import SceneCount, Tracked, ZoneCount, count_scene
from yardwatch.steps.place import Place
from yardwatch.steps.strips import cut_strips
from yardwatch.steps.tying import tied
from yardwatch.steps.weights import load_network
from yardwatch.store.ids import canonical_json, count_id
from yardwatch.store.rows import CarRow, CountRow, LookRow


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """A scene, judged and put in its place, before anything is counted."""

    scene: Scene
    quality: Quality
    alignment: Alignment | None
    """None for an unusable scene and for the reference itself."""

    @property
    def shift_m(self) -> tuple[float, float]:
        """What the readers take."""
        return (self.alignment.dx_m, self.alignment.dy_m) if self.alignment else (0.0, 0.0)

    @property
    def refusal(self) -> str | None:
        """Why nothing may be counted in it; None when it may."""
        if not self.quality.usable:
            return self.quality.reason or "not usable"
        if self.alignment is not None and not self.alignment.aligned:
            return f"not aligned to the reference scene: {self.alignment.reason}"
        return None


@dataclass(frozen=True, kw_only=True)
class Look:
    """What the store keeps of one scene."""

    row: LookRow
    counts: tuple[CountRow, ...] = ()
    cars: tuple[CarRow, ...] = ()


def sight(scene: Scene, place: Place, reference: Pixels, common: Common) -> Sighting:
    """Judge and align one scene; the reference lies where it lies, and a tied scene where a person says."""
    stated = None if scene == place.reference else tied(place, scene)
    alone = scene == place.reference or stated is not None
    quality, measured = look_at(scene, None if alone else reference, common)
    alignment = measured if stated is None or not quality.usable else stated
    return Sighting(scene=scene, quality=quality, alignment=alignment)


def look(sighting: Sighting, place: Place, empties: Sequence[Strip | None]) -> Look:
    """Count one scene in every zone, or say why not."""
    if sighting.refusal is not None:
        return Look(row=_row(sighting, place, None))
    scene = sighting.scene
    strips = cut_strips(scene, place.tracks, place.frame, sighting.shift_m, place.finest.gsd_m)
    tracked = Tracked(scene=scene, tracks=place.tracks, strips=strips, empties=tuple(empties), network=load_network())
    counted = count_scene(tracked, place.ground_zones)
    row = _row(sighting, place, counted)
    return Look(row=row, counts=_counts(row, counted, place), cars=_cars(row, counted, place))


def _row(sighting: Sighting, place: Place, counted: SceneCount | None) -> LookRow:
    scene, alignment = sighting.scene, sighting.alignment
    usable = counted is not None and counted.capability in (Capability.CARS, Capability.LENGTH)
    return LookRow(
        id=place.look_id(scene),
        scene=scene.id,
        scene_sha256=scene.sha256,
        acquired=scene.acquired,
        code_version=__version__,
        parameters=canonical_json(place.parameters),
        tracks_sha256=place.tracks_sha256,
        capability=counted.capability if counted else Capability.NONE,
        capability_reason=counted.reason if counted else (sighting.refusal or ""),
        usable=usable,
        reason=None if usable else (counted.reason if counted else sighting.refusal),
        visible_fraction=counted.visible_fraction if counted else sighting.quality.visible_fraction,
        shift_x_m=sighting.shift_m[0],
        shift_y_m=sighting.shift_m[1],
        align_residual_m=alignment.residual_m if alignment else None,
        align_windows=alignment.windows if alignment else 0,
        aligned=alignment is None or alignment.aligned,
        synthetic=scene.synthetic,
    )


def _counts(row: LookRow, counted: SceneCount, place: Place) -> tuple[CountRow, ...]:
    return tuple(_count(row, zone, place.zones[zone.zone].version) for zone in counted.zones)


def _count(row: LookRow, zone: ZoneCount, version: int) -> CountRow:
    return CountRow(
        id=count_id(look=row.id, zone=zone.zone, zone_version=version),
        look=row.id,
        zone=zone.zone,
        zone_version=version,
        pmf=tuple(float(p) for p in zone.count.pmf),
        level=zone.count.level,
        calibrated=zone.count.calibrated,
        length_mean=zone.length.mean,
        length_lower=zone.length.lower,
        length_upper=zone.length.upper,
        occupied_m=zone.length.occupied_m,
        visible_fraction=zone.visible_fraction,
        not_freight=zone.not_freight,
    )


def _cars(row: LookRow, counted: SceneCount, place: Place) -> tuple[CarRow, ...]:
    return tuple(
        CarRow(
            look=row.id,
            car=car,
            polygon=place.frame.to_lonlat(polygon),
            zones=tuple(zone.zone for zone in counted.zones if car.id in zone.cars),
        )
        for car, polygon in zip(counted.cars, counted.footprints, strict=True)
    )
