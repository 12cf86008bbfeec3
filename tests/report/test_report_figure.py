"""Annotated figures: geometry, what must stay with a picture, and what may not be shown."""

from __future__ import annotations

import base64
import io
import math
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import report_cases as cases
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.image import imread
from shapely import affinity

from yardwatch.model import Licence
from yardwatch.report.drawing import Chip, Panel, chip_metres, svg_path, turned
from yardwatch.report.figure import MOST_PIXELS, _averaged, _close_views, change_figure, footer, scene_figure
from yardwatch.report.page import render
from yardwatch.report.svg import png_data_uri

PICTURE = "data:image/png;base64,"


def figure(**changes):
    return replace(cases.fictional_case().figures[0], **changes)


def words(svg):
    return ["".join(t.itertext()).strip() for t in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_a_png_holds_the_pixels():
    pixels, _ = cases.yard_pixels(size=(20, 10))
    uri = png_data_uri(pixels.data, pixels.visible)
    back = imread(io.BytesIO(base64.b64decode(uri.removeprefix(PICTURE))))
    assert back.shape == (20, 40, 4)
    assert np.abs(back[..., :3] - np.moveaxis(pixels.data, 0, -1)).max() <= 0.5 / 255 + 1e-6
    assert (back[..., 3] > 0.5).tolist() == pixels.visible.tolist()


def test_one_band_is_shown_grey():
    pixels, _ = cases.yard_pixels(bands=1, size=(20, 10))
    back = imread(io.BytesIO(base64.b64decode(png_data_uri(pixels.data, pixels.visible).removeprefix(PICTURE))))
    assert (back[..., 0] == back[..., 1]).all()
    assert (back[..., 1] == back[..., 2]).all()


def test_wide_chips_are_averaged():
    pixels, _ = cases.yard_pixels(size=(1000, 20))
    data, visible = _averaged(pixels)
    assert max(visible.shape) <= MOST_PIXELS
    assert data[0, 10, 3] == pytest.approx(pixels.data[0, 20:22, 6:8].mean(), abs=1e-6)


def test_ground_to_chip_metres():
    pixels, _ = cases.yard_pixels(size=(240, 80))
    point = chip_metres(pixels.grid, shapely.Point(pixels.grid.west + 5, pixels.grid.north - 7))
    assert (point.x, point.y) == (5, 7)


def test_a_path_has_its_holes():
    ring = shapely.Point(0, 0).buffer(5, quad_segs=1).difference(shapely.box(-1, -1, 1, 1))
    assert svg_path(ring).count("M") == 2
    assert svg_path(shapely.box(0, 0, 2, 1)).startswith("M2.00,0.00 L2.00,1.00")


@given(st.floats(-89, 90))
@settings(max_examples=15, deadline=None)
def test_close_views_lay_the_cars_level(angle):
    chip = Chip(id="c", uri=None, width_m=300, height_m=300)
    row = [shapely.box(14.9 * k, 0, 14.9 * k + 13.9, 3.1) for k in range(6)]
    shapes = [affinity.rotate(car, angle, origin=(0, 0)) for car in row]
    overview = Panel(chip=chip, x=0, y=30, width=1000, height=620, view=(0, 0, 300, 300))
    (panel,) = _close_views(chip, shapes, (), overview)
    level = [turned(shape, panel.turn_deg) for shape in shapes]
    heights = [shapely.bounds(s)[3] - shapely.bounds(s)[1] for s in level]
    assert max(heights) == pytest.approx(3.1, abs=1e-6)
    left, top, right, bottom = shapely.bounds(shapely.MultiPolygon(level))
    assert panel.view[0] <= left
    assert panel.view[1] <= top
    assert panel.view[0] + panel.view[2] >= right
    assert panel.view[1] + panel.view[3] >= bottom
    for label, shape in zip(panel.labels, level, strict=True):
        assert not shapely.Point(label.x, label.y).within(shape)


def test_long_yards_are_cut_into_views_and_every_car_is_numbered_once():
    chip = Chip(id="c", uri=None, width_m=700, height_m=50)
    shapes = [shapely.box(14.9 * k, 10, 14.9 * k + 13.9, 13.1) for k in range(45)]
    overview = Panel(chip=chip, x=0, y=30, width=1000, height=70, view=(0, 0, 700, 50))
    panels = _close_views(chip, shapes, (), overview)
    assert len(panels) == math.ceil((14.9 * 44 + 13.9) / 150)
    assert sorted(int(label.text) for p in panels for label in p.labels) == list(range(1, 46))
    for panel in panels:
        assert all(panel.view[0] <= label.x <= panel.view[0] + panel.view[2] for label in panel.labels)


@pytest.mark.parametrize(("across", "bar"), [(240, 20), (100, 20), (600, 100), (40, 5), (3, 1)])
def test_scale_bars_are_round(across, bar):
    chip = Chip(id="c", uri=None, width_m=across, height_m=10)
    panel = Panel(chip=chip, x=0, y=0, width=1000, height=100, view=(0, 0, across, 10))
    assert panel.bar_m == {240: 20, 100: 20, 600: 100, 40: 5, 3: 1}[across] == bar


def test_a_figure_says_when_by_whom_and_under_what_licence():
    drawn = scene_figure(figure(), "internal")
    text = " | ".join(words(drawn.svg))
    for part in ("2024-06-20 02:31 UTC", "rendered", "GSD 0.50 m", "28° off nadir", "The Yardwatch developers", "CC0",
                 "N", "20 m"):  # fmt: skip
        assert part in text
    assert drawn.svg.count(PICTURE) == 1
    assert [i for i, _ in drawn.numbered] == list(range(1, 20))
    assert "18 freight cars outlined and numbered, 1 other rail vehicle dashed" in drawn.description


def test_unknown_things_are_said_to_be_unknown():
    bare = replace(cases.scene(), acquired=None, sensor=None, off_nadir_deg=None, licence=Licence())
    text = " | ".join(footer(bare, None))
    assert text == "date unknown · sensor not stated · GSD 0.50 m | attribution not stated · licence: not stated"
    month = replace(cases.scene(), date_precision="month")
    assert footer(month, None)[0].startswith("2024-06 · ")


def test_every_panel_of_a_synthetic_scene_is_watermarked_and_none_of_a_real_one():
    drawn = scene_figure(figure(), "internal")
    assert words(drawn.svg).count("SIMULATED – no real place") == 2
    real = scene_figure(figure(scene=cases.scene(synthetic=False)), "internal")
    assert "SIMULATED" not in real.svg
    pair = change_figure(cases.fictional_case().changes[0], "internal")
    assert words(pair.svg).count("SIMULATED – no real place") == 2


def test_the_public_edition_leaves_out_pixels_the_licence_forbids():
    forbidden = replace(cases.scene(publish=False), licence=Licence(name="all rights reserved"))
    drawn = scene_figure(figure(scene=forbidden), "public")
    assert PICTURE not in drawn.svg
    assert "all rights reserved" in drawn.left_out
    assert drawn.svg.count('class="car"') == 2 * 18
    assert scene_figure(figure(scene=forbidden), "internal").left_out is None


def test_a_whole_public_page_holds_no_forbidden_pixel():
    content = cases.fictional_case(edition="public")
    forbidden = replace(cases.scene(publish=False), licence=Licence())
    content = replace(
        content,
        figures=tuple(replace(f, scene=forbidden) for f in content.figures),
        changes=tuple(
            replace(c, before=(forbidden, c.before[1]), after=(forbidden, c.after[1])) for c in content.changes
        ),
    )
    rendered = render(content)
    assert PICTURE not in rendered.html
    assert "Pixels left out of the public edition" in rendered.html
    assert rendered.json["figures"][0]["pixels_left_out"]


def test_strings_in_a_figure_are_escaped():
    evil = replace(cases.scene(), sensor="<script>x</script>", licence=Licence(name="<b>", attribution='"><img>'))
    svg = scene_figure(figure(scene=evil), "internal").svg
    assert "<script" not in svg
    assert "<img" not in svg
    ET.fromstring(svg)


def test_an_empty_yard_is_a_figure_too():
    drawn = scene_figure(figure(cars=()), "internal")
    assert "0 freight cars" in drawn.description
    assert drawn.numbered == ()


def test_a_change_without_pictures_has_no_figure():
    change = replace(cases.fictional_case().changes[0], before=None, after=None)
    assert change_figure(change, "internal") is None
    assert "No pictures are at hand" in render(cases.fictional_case(changes=(change,))).html
