"""A site's tracks onto the rails of its reference scene; what the scene shows is stood in for."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely

from yardwatch.cars.tracing.offset import Shift
from yardwatch.sites.folder import open_site

from .conftest import one_line


def shows(monkeypatch, metres, margin=0.3):
    """Let the reference scene show rails so far north of the tracks."""
    shift = Shift(metres=metres, normal=(0.0, 1.0), score=0.8, here=0.3, margin=margin)
    monkeypatch.setattr("yardwatch.steps.snapping.shift_of", lambda *_: shift)


@pytest.fixture
def lines(received):
    site = open_site(received).site
    return {track.id: site.frame.to_ground(track.line) for track in site.tracks}


def test_tracks_a_little_off_are_moved_once_and_the_old_file_is_kept(cli, site, lines, monkeypatch):
    before = (site / "tracks.geojson").read_bytes()
    shows(monkeypatch, 1.5)
    code, said, _ = cli("tracks", "snap", site, "--json")
    assert code == 0
    assert json.loads(said)["moved"] is True
    now = open_site(site).site
    for track in now.tracks:
        off = shapely.get_coordinates(now.frame.to_ground(track.line)) - shapely.get_coordinates(lines[track.id])
        assert off == pytest.approx(np.broadcast_to([0.0, 1.5], off.shape), abs=0.02)
    assert (site / "tracks.before-snap.geojson").read_bytes() == before


def test_tracks_far_off_are_refused_and_nothing_is_written(cli, site, monkeypatch):
    before = (site / "tracks.geojson").read_bytes()
    shows(monkeypatch, 5.0)
    code, _, err = cli("tracks", "snap", site)
    assert code == 2
    assert "5.0 m beside the rails" in one_line(err)
    assert (site / "tracks.geojson").read_bytes() == before


@pytest.mark.parametrize(("metres", "margin", "says"), [(0.3, 0.3, "in place"), (1.5, 0.01, "unsure")])
def test_in_place_or_unsure_moves_nothing(cli, site, monkeypatch, metres, margin, says):
    before = (site / "tracks.geojson").read_bytes()
    shows(monkeypatch, metres, margin)
    code, out, _ = cli("tracks", "snap", site)
    assert code == 0
    assert says in out
    assert (site / "tracks.geojson").read_bytes() == before
