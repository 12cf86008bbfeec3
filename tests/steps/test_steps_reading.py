"""Where an empty look has a say in what a scene shows, and where the network speaks alone."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import shapely

from yardwatch.model import Evidence, Scene, Strip, Track
from yardwatch.steps import reading
from yardwatch.steps.counting import Tracked, count_scene
from yardwatch.steps.place import Place
from yardwatch.steps.weights import load_network

LINE = Track(id="T", line=shapely.LineString([(0, 0), (60, 0)]))
NOWHERE = shapely.box(-123.41, -48.91, -123.39, -48.89)


def scene(name="one", gsd_m=0.5):
    return Scene(
        id=name, href="", sha256="ab" * 32, acquired=None, gsd_m=gsd_m, crs="", footprint=NOWHERE, synthetic=True
    )


def strip(bands=3, beside=0.4):
    """Sixty metres of grey track, its sides of any brightness."""
    data = np.random.default_rng(1).normal(0.4, 0.02, (bands, 33, 120)).astype(np.float32)
    data[:, np.abs(np.arange(-16, 17)) * 0.5 > 1.7] *= beside / 0.4
    return Strip(track="T", step_m=0.5, data=data, visible=np.ones((33, 120), bool), gsd_m=0.5)


def tracked(one, empty, gsd_m=0.5):
    return Tracked(scene=scene(gsd_m=gsd_m), tracks=(LINE,), strips=(one,), empties=(empty,), network=load_network())


def deviation(count):
    return float(np.sqrt(count.pmf @ (np.arange(len(count.pmf)) - count.mean) ** 2))


@pytest.mark.parametrize(
    ("bands", "gsd_m", "known"), [(3, 0.5, True), (3, 1.0, True), (3, 1.2, False), (1, 0.5, False)]
)
def test_the_empty_look_has_a_say_where_the_strip_network_speaks_and_the_bands_agree(bands, gsd_m, known):
    look = tracked(strip(bands), strip(), gsd_m)
    assert (look.empty(0) is not None) is known
    assert (look.days[0] is not None) is known
    assert count_scene(look, {"all": None}).zones[0].count.map == 0


def test_white_ground_is_snow_only_where_the_empty_look_tells_it_and_widens_the_count():
    white, bare = strip(beside=0.8), strip()
    assert tracked(white, bare).snowy
    assert not tracked(bare, bare).snowy
    assert not tracked(white, None).snowy
    known, alone = (count_scene(tracked(white, one), {"all": None}).zones[0].count for one in (bare, None))
    assert known.calibrated
    assert alone.calibrated
    assert known.mean == pytest.approx(alone.mean, rel=0.02)
    assert deviation(known) > deviation(alone) + 0.1


def test_a_look_of_a_site_is_less_sure_than_the_same_image_alone(monkeypatch):
    """The empty look is of other bands, so it has no say in what is seen; that the site is known tells all the same."""
    said = Evidence(
        track="T", step_m=0.5, log_prob=np.log(np.tile([0.02, 0.96, 0.02], (120, 1))), visible=np.ones(120, bool)
    )
    monkeypatch.setattr(reading, "speak", lambda strip, network: said)
    site, alone = (count_scene(tracked(strip(1), empty), {"all": None}).zones[0].count for empty in (strip(3), None))
    assert site.mean == pytest.approx(alone.mean, rel=0.01)
    assert deviation(site) > deviation(alone) + 0.1


def test_a_traced_line_that_nothing_vouches_for_is_counted_more_carefully(monkeypatch):
    """Sixty metres that lean a little towards wagons: three of them on a given track, none on a doubtful line."""
    leans = np.log(np.tile([0.42, 0.53, 0.05], (120, 1)))
    said = Evidence(track="T", step_m=0.5, log_prob=leans, visible=np.ones(120, bool))
    monkeypatch.setattr(reading, "speak", lambda strip, network: said)
    given = tracked(strip(), None)
    counts = [
        count_scene(replace(given, vouched=sure), {"all": None}).zones[0].count.mean for sure in (None, (0.7,), (0.5,))
    ]
    assert counts[0] == counts[1] > 1.5
    assert counts[2] < 0.5


def test_strips_have_the_finest_scenes_steps_whatever_scene_the_others_are_aligned_to():
    place = Place(SimpleNamespace(path="yard", config=SimpleNamespace(reference_scene="coarse")))
    vars(place)["scenes"] = (scene("coarse", 1.5), scene("fine", 0.3))
    assert (place.reference.id, place.finest.id) == ("coarse", "fine")
