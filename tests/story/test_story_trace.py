"""Tracks from the image itself, through the command line. The track network is stood in for by perfect knowledge:
what it sees on real ground is the benchmark's matter."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from yardwatch.cars.tracing.heat import Heat
from yardwatch.ground import Frame
from yardwatch.imagery.describe import bare_scene
from yardwatch.sites.geojson import Feature, read_features, write_features
from yardwatch.steps import bare, tracing
from yardwatch.steps.counting import count_scene

NOWHERE = shapely.LineString([(1e6, 1e6), (1e6 + 100, 1e6)])


def mark(share, angle, a, b):
    """Heat along one straight piece (x right, y down, metres), in the cells near it alone."""
    low = np.maximum(np.floor(np.minimum(a, b)).astype(int) - 3, 0)
    high = np.maximum(np.ceil(np.maximum(a, b)).astype(int) + 3, 0)
    part = (slice(low[1], high[1]), slice(low[0], high[0]))
    rows, columns = share[part].shape
    if not rows or not columns:
        return
    cells = np.stack(np.meshgrid(low[0] + np.arange(columns) + 0.5, low[1] + np.arange(rows) + 0.5), axis=-1)
    way = (b - a) / np.hypot(*(b - a))
    along = np.clip((cells - a) @ way, 0, np.hypot(*(b - a)))
    near = np.interp(np.hypot(*np.moveaxis(cells - a - along[..., None] * way, -1, 0)), (0.8, 1.6), (0.98, 1e-3))
    better = near > share[part]
    share[part][better] = near[better]
    angle[part][better] = np.arctan2(way[1], way[0])


def knowing(monkeypatch, lines):
    """Let the track network see exactly these ground lines."""

    def seen(_raster, window, _tracer):
        share = np.full((window.height // 2, window.width // 2), 1e-3)
        angle = np.zeros_like(share)
        for line in lines:
            for a, b in zip(line.coords[:-1], line.coords[1:], strict=True):
                mark(share, angle, (np.array(a) - [window.west, window.north]) * [1, -1],
                     (np.array(b) - [window.west, window.north]) * [1, -1])  # fmt: skip
        direction = np.stack([np.cos(2 * angle), np.sin(2 * angle)])
        return Heat(logit=np.log(share / (1 - share)).astype(np.float32), direction=direction.astype(np.float32))

    monkeypatch.setattr(tracing, "window_heat", seen)
    for module in (tracing, bare):
        monkeypatch.setattr(module, "tracer_of", lambda _network: None)


@pytest.fixture
def yard_lines(simulated, image):
    """The true centre lines in the frame of the bare image."""
    frame = Frame.around(bare_scene(image).footprint)
    return [frame.to_ground(track.line) for track in simulated.yard.tracks]


def test_tracks_are_traced_written_and_counted_along(cli, image, yard_lines, monkeypatch):
    knowing(monkeypatch, yard_lines)
    code, said, _ = cli("tracks", "trace", image, "--out", "tracks.geojson", "--json")
    assert code == 0
    answer = json.loads(said)
    written = read_features(Path("tracks.geojson"))
    assert [f.properties["track"] for f in written] == [one["id"] for one in answer["tracks"]]
    assert {f.properties["scene_sha256"] for f in written} == {answer["scene"]["sha256"]}
    assert all(f.properties["traced"] is True and f.properties["checked"] is False for f in written)
    truth = shapely.union_all(yard_lines)
    assert sum(one["length_m"] for one in answer["tracks"]) == pytest.approx(truth.length, rel=0.25)

    code, said, _ = cli("count", image, "--json")
    assert code == 0
    traced = json.loads(said)
    assert traced["tracks"] == "traced"
    assert traced["traced"] == answer["tracks"]
    assert traced["count"]["map"] > 0

    code, said, _ = cli("count", image, "--tracks", "tracks.geojson", "--json")
    checked = json.loads(said)
    assert checked["tracks"] == "given"
    assert checked["count"]["mean"] == pytest.approx(traced["count"]["mean"], rel=0.1)


def test_what_vouches_for_the_lines_reaches_the_counter(cli, image, yard_lines, monkeypatch):
    """Lines the track network is sure of, but nothing vouches for: the counter is told."""
    knowing(monkeypatch, yard_lines)
    scene = bare_scene(image)
    sure = tracing.trace(scene, Frame.around(scene.footprint), None)
    doubtful = replace(sure, vouched=(0.41,) * len(sure.tracks))
    monkeypatch.setattr(bare, "trace", lambda *_: doubtful)
    counted = []
    monkeypatch.setattr(
        bare, "count_scene", lambda tracked, zones: counted.append(tracked) or count_scene(tracked, zones)
    )
    code, said, _ = cli("count", image, "--json")
    assert code == 0
    assert counted[0].vouched == doubtful.vouched
    assert {one["vouched"] for one in json.loads(said)["traced"]} == {0.41}


def test_a_person_reads_where_the_tracks_come_from(cli, image, yard_lines, monkeypatch):
    knowing(monkeypatch, yard_lines[:1])
    code, said, _ = cli("count", image)
    assert code == 0
    assert "1 traced in the image; nobody has checked them" in said


def test_no_track_is_no_count_of_zero(cli, image, monkeypatch):
    knowing(monkeypatch, [NOWHERE])
    code, said, _ = cli("count", image, "--json", "--out", "cars.geojson")
    answer = json.loads(said)
    assert code == 1
    assert answer["capability"] == "none"
    assert answer["count"] is None
    assert answer["tracks"] == "traced"
    assert "says nothing about cars" in answer["reason"]
    assert read_features(Path("cars.geojson")) == []
    code, said, _ = cli("tracks", "trace", image)
    assert code == 1
    assert "no track was found" in " ".join(said.split())


def test_a_zone_without_a_traced_track_is_told(cli, image, yard_lines, monkeypatch):
    knowing(monkeypatch, yard_lines[:1])
    far = shapely.box(-123.3901, -48.9001, -123.3900, -48.9000)
    write_features(Path("far.geojson"), [Feature(geometry=far)])
    code, said, _ = cli("count", image, "--zones", "far.geojson", "--json")
    assert code == 1
    assert "runs through the zone" in json.loads(said)["reason"]


def test_the_image_is_not_overwritten(cli, image, monkeypatch):
    knowing(monkeypatch, [NOWHERE])
    code, _, err = cli("tracks", "trace", image, "--out", image)
    assert code == 2
    assert "would overwrite" in err
