"""Vehicles as GeoJSON: one polygon a vehicle, lon/lat, the form QGIS opens and `review` takes back."""

from __future__ import annotations

from pathlib import Path

import shapely

from yardwatch.ground import Frame
from yardwatch.model import Car
from yardwatch.sites.geojson import Feature, write_features
from yardwatch.steps.counting import SceneCount


def write_vehicles(path: Path, counted: SceneCount, frame: Frame) -> None:
    """Write every vehicle found; an empty collection when there is none."""
    lonlat = [frame.to_lonlat(polygon) for polygon in counted.footprints]
    write_features(path, [vehicle(car, polygon) for car, polygon in zip(counted.cars, lonlat, strict=True)])


def vehicle(car: Car, polygon: shapely.Polygon) -> Feature:
    """One vehicle (polygon in lon/lat) with the fields of the `count --json` contract."""
    return Feature(
        geometry=polygon,
        properties={
            "id": car.id,
            "track": car.track,
            "start_m": round(car.start_m, 2),
            "end_m": round(car.end_m, 2),
            "kind": car.kind,
            "freight": car.freight,
            "covered": car.covered,
            "probability": round(car.probability, 3),
        },
    )
