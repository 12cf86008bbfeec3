"""The yard: nowhere, metric, with room for a surge."""

import numpy as np
import pytest
import shapely

from yardwatch.ground import Frame
from yardwatch.simulate.fictional import SITE_ID, fictional_site_values
from yardwatch.simulate.layout import RADIUS_M, spine
from yardwatch.simulate.yard import fictional_yard


@pytest.fixture(scope="module")
def yard():
    return fictional_yard(1)


def test_it_lies_in_open_ocean_and_the_site_frame_is_its_frame(yard):
    lon, lat = shapely.get_coordinates(yard.zones[0].polygon).mean(0)
    assert lon == pytest.approx(-123.40, abs=0.01)
    assert lat == pytest.approx(-48.90, abs=0.01)
    assert Frame.around(yard.zones[0].polygon) == yard.frame


def test_tracks_number_curve_and_keep_their_distance(yard):
    assert 8 <= len(yard.tracks) <= 10
    lines = yard.ground_lines
    assert lines["main"].length == pytest.approx(688, abs=0.1)
    beside = [lines["yard-2"].interpolate(s).distance(lines["yard-3"]) for s in (100, 150, 200)]
    assert beside == pytest.approx([5.0] * 3, abs=0.05)
    corners = np.array(lines["main"].coords)
    turns = np.diff(np.unwrap(np.arctan2(*np.diff(corners, axis=0).T[::-1])))
    assert np.abs(turns[:60]).max() < 1e-6
    assert turns[-40:].mean() == pytest.approx(4.0 / RADIUS_M, rel=0.02)
    for line in lines.values():  # no kink a wagon could not take: over R = 90 m
        steps = np.diff(np.array(line.coords), axis=0)
        bend = np.abs(np.diff(np.unwrap(np.arctan2(steps[:, 1], steps[:, 0])))) / np.hypot(*steps[1:].T)
        assert bend.max() < 1 / 90


def test_the_spine_bends_without_a_jump():
    along = np.linspace(69, 71, 201)
    steps = np.hypot(*np.diff(spine(along, np.full_like(along, -20.0)), axis=0).T)
    assert steps == pytest.approx(0.01 * np.where(along[1:] > 70, 1 + 20 / RADIUS_M, 1), rel=0.02)


def test_standing_room_clears_every_neighbour(yard):
    total = 0.0
    for name, (start, end) in yard.standing_room.items():
        total += end - start
        for s in np.linspace(start, end, 15):
            point = yard.ground_lines[name].interpolate(s)
            others = [line.distance(point) for key, line in yard.ground_lines.items() if key != name]
            assert min(others) >= 4.25
            assert yard.ground_zone.contains(point)
    assert total > 76 * 16.5 * 1.3


def test_the_building_stands_clear_of_tracks_inside_the_zone(yard):
    building = yard.frame.to_ground(yard.building_polygon)
    assert building.area == pytest.approx(40 * 18, rel=1e-3)
    assert min(line.distance(building) for line in yard.ground_lines.values()) > 8
    assert yard.ground_zone.contains(building)


def test_seed_moves_trees_never_tracks(yard):
    other = fictional_yard(2)
    assert [t.line for t in other.tracks] == [t.line for t in yard.tracks]
    assert other.layout.trees != yard.layout.trees
    assert fictional_yard(1).layout == yard.layout


def test_the_site_says_what_it_is(yard):
    site = fictional_site_values(yard)
    assert (site.id, site.fictional, site.default_zone) == (SITE_ID, True, "yard")
    assert "nowhere" in site.note
    assert "simulated" in site.name.lower()
    assert [zone.approximate for zone in site.zones] == [False]
    assert site.tracks == yard.tracks
    assert all("Invented" in event.title and "Invented" in event.source.publisher for event in site.events)
    assert any(event.disclosed.earliest > event.when.latest for event in site.events)
