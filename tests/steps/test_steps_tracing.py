"""Windows over a scene, and what is said where no track can be traced."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine

from yardwatch.cars.tracing.company import TracedLine
from yardwatch.cars.tracing.heat import Heat
from yardwatch.ground import Frame
from yardwatch.imagery.describe import bare_scene
from yardwatch.model import Grid, Track
from yardwatch.sites.geojson import read_features
from yardwatch.sites.tracks import read_tracks
from yardwatch.steps import offset, tracing
from yardwatch.steps.offset import shift_of
from yardwatch.steps.tracing import MARGIN_PX, WINDOW_PX, Traced, places, trace, write_traced

FRAME = Frame(7.63, 47.53)


def grid(width: int, height: int) -> Grid:
    return Grid(frame=FRAME, west=-10.0, north=20.0, step_m=0.5, width=width, height=height)


@pytest.mark.parametrize("size", [(301, 77), (WINDOW_PX, WINDOW_PX), (2 * WINDOW_PX + 1, WINDOW_PX + 300)])
def test_windows_cover_every_pixel_once_and_read_no_more_than_their_margin(size):
    whole = grid(*size)
    found = places(whole)
    area = shapely.box(-10, 20 - size[1] / 2, -10 + size[0] / 2, 20)
    own = shapely.union_all([place.own for place in found])
    assert own.covers(area)
    assert sum(place.own.area for place in found) == pytest.approx(own.area)
    for place in found:
        assert place.grid.width % 2 == place.grid.height % 2 == 0
        assert max(place.grid.width, place.grid.height) <= WINDOW_PX + 2 * MARGIN_PX
        left = place.own.bounds[0] - place.grid.west
        assert left in (0, MARGIN_PX / 2)


def written(path, crs: str, transform: Affine, size=(200, 160)):
    data = np.random.default_rng(0).integers(90, 110, (3, *size[::-1]), dtype=np.uint8)
    with rasterio.open(
        path, "w", driver="GTiff", width=size[0], height=size[1], count=3, dtype="uint8", crs=crs, transform=transform
    ) as target:
        target.write(data)
    return bare_scene(path)


def test_a_coarse_image_is_refused_with_the_reason(tmp_path):
    scene = written(tmp_path / "coarse.tif", "EPSG:32632", Affine(3, 0, 396000, 0, -3, 5265000))
    found = trace(scene, Frame.around(scene.footprint), tracer=None)
    assert found.tracks == ()
    assert "3.00 m pixels are too coarse" in found.reason


def line_heat(line: shapely.LineString):
    """Stands in for the network: perfect heat of one ground line."""

    def seen(_raster, window: Grid, _tracer):
        x = window.west + np.arange(window.width // 2) + 0.5
        y = window.north - np.arange(window.height // 2) - 0.5
        cells = shapely.points(*np.meshgrid(x, y))
        share = np.clip(np.interp(shapely.distance(cells, line), (0.8, 1.6), (1, 0)), 1e-3, 0.98)
        way = np.diff(np.array(line.coords), axis=0)[0]
        angle = -np.arctan2(way[1], way[0])
        direction = np.stack([np.full(share.shape, np.cos(2 * angle)), np.full(share.shape, np.sin(2 * angle))])
        return Heat(logit=np.log(share / (1 - share)).astype(np.float32), direction=direction.astype(np.float32))

    return seen


@pytest.fixture(params=["EPSG:32632", "EPSG:3857", "EPSG:4326"])
def scene(request, tmp_path):
    """About 600 m across in any system, so that several windows are joined."""
    place = {
        "EPSG:32632": Affine(1, 0, 396000, 0, -1, 5265000),
        "EPSG:3857": Affine(1.4, 0, 849000, 0, -1.4, 6030000),
        "EPSG:4326": Affine(1.3e-5, 0, 7.63, 0, -0.9e-5, 47.53),
    }
    return written(tmp_path / "scene.tif", request.param, place[request.param], size=(700, 600))


def test_lines_come_out_in_ground_metres_whatever_the_system(scene, monkeypatch, tmp_path):
    frame = Frame.around(scene.footprint)
    middle = frame.to_ground(scene.footprint).centroid
    line = shapely.LineString([(middle.x - 220, middle.y - 30), (middle.x + 220, middle.y + 30)])
    monkeypatch.setattr(tracing, "window_heat", line_heat(line))
    found = trace(scene, frame, tracer=None)
    assert [track.id for track in found.tracks] == ["traced-1"]
    assert found.tracks[0].line.length == pytest.approx(line.length, abs=8)
    assert found.tracks[0].line.hausdorff_distance(line) < 5
    assert found.vouched == found.confidence
    out = tmp_path / "tracks.geojson"
    write_traced(out, found, scene, frame)
    (feature,) = read_features(out)
    assert feature.properties["traced"] is True
    assert feature.properties["scene_sha256"] == scene.sha256
    assert 0.5 < feature.properties["confidence"] <= 1
    assert feature.properties["vouched"] == feature.properties["confidence"]
    (again,) = read_tracks(out)
    assert frame.to_ground(again.line).hausdorff_distance(found.tracks[0].line) < 0.01


def test_the_surer_of_two_lines_side_by_side_vouches_for_both(scene, monkeypatch):
    outline = Frame.around(scene.footprint).to_ground(scene.footprint)
    middle = outline.centroid
    found = [
        TracedLine(
            line=shapely.LineString([(middle.x - 320, middle.y + y), (middle.x + 320, middle.y + y)]), confidence=c
        )
        for y, c in ((0, 0.45), (5, 0.7), (150, 0.5))
    ]
    monkeypatch.setattr(tracing, "_points", lambda *_: [])
    monkeypatch.setattr(tracing, "joined", lambda points: points)
    monkeypatch.setattr(tracing, "lines", lambda points, outline: found)
    traced = trace(scene, Frame.around(scene.footprint), tracer=None)
    assert traced.vouched == (0.7, 0.7, 0.5)


def test_no_track_is_told_and_an_empty_file_is_written(scene, monkeypatch, tmp_path):
    frame = Frame.around(scene.footprint)
    monkeypatch.setattr(tracing, "window_heat", line_heat(shapely.LineString([(9000, 9000), (9100, 9000)])))
    found = trace(scene, frame, tracer=None)
    assert found == Traced(tracks=(), confidence=(), reason=tracing.NO_TRACK)
    assert "says nothing about cars" in found.reason
    write_traced(tmp_path / "none.geojson", found, scene, frame)
    assert read_features(tmp_path / "none.geojson") == []


def test_given_tracks_that_lie_off_are_measured(scene, monkeypatch):
    frame = Frame.around(scene.footprint)
    middle = frame.to_ground(scene.footprint).centroid
    line = shapely.LineString([(middle.x - 220, middle.y - 30), (middle.x + 220, middle.y + 30)])
    monkeypatch.setattr(offset, "window_heat", line_heat(line))
    away = shapely.transform(line, lambda xy: xy - np.array([0, 1.5]))
    found = shift_of(scene, [Track(id="a", line=away)], frame, tracer=None)
    assert found.metres * found.normal[1] > 0
    assert abs(found.metres) == pytest.approx(1.5, abs=0.2)
    assert found.verdict == "snap"
    assert found.moved(away).distance(line) < 0.2


def test_tracks_beside_the_image_have_no_shift(scene, monkeypatch):
    frame = Frame.around(scene.footprint)
    far = Track(id="far", line=shapely.LineString([(50000, 0), (50100, 0)]))
    assert shift_of(scene, [far], frame, tracer=None) is None
