"""Evidence of changes: what is in the pictures, where the outline lies, and what no picture may show."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import numpy as np
import pyogrio
import pyogrio.raw
import pytest
import shapely
from PIL import Image

from yardwatch import pipeline
from yardwatch.errors import InputError
from yardwatch.ground import Frame
from yardwatch.model import Change, Grid, Licence, Pixels, Scene
from yardwatch.report.chips import Layout, chips_png, is_narrow
from yardwatch.report.evidence import Evidence, Side, headline
from yardwatch.report.figure import change_figure
from yardwatch.report.stretch import common_stretch
from yardwatch.report.swipe import swipe
from yardwatch.sites.folder import open_site
from yardwatch.steps.chips import Chips, chips_wanted, write_chips
from yardwatch.steps.evidence import Shot, Shown, chip_grid, gather
from yardwatch.steps.observing import current_looks
from yardwatch.steps.place import Place
from yardwatch.steps.report_changes import change_figures, dismissed_changes
from yardwatch.store.geopackage import GeoPackageStore

FRAME = Frame(-123.0, -48.0)
GRID = Grid(frame=FRAME, west=0.0, north=50.0, step_m=0.5, width=120, height=100)
BOX = shapely.box(20, 20, 40, 30)
"""Of 60 × 50 m: columns 40–80, rows 40–60."""
FREE = Licence(name="cc-by-4.0", may_publish_pixels=True, attribution="© A")
CLOSED = Licence(name="all rights reserved", attribution="© B")


def change(**said):
    facts = {
        "id": "0123456789abcdef", "kind": "new-structure", "polygon": BOX, "area_m2": 200.0, "after": date(2022, 3, 1),
        "before": date(2022, 9, 1), "persistence": 4, "probability": None,
    }  # fmt: skip
    return Change(**facts | said)


def side(role, level, licence=FREE, **said):
    day = datetime(2022, 1, 1, tzinfo=UTC)
    scene = Scene(
        id=f"scene-{role}", href="x.tif", sha256="0" * 64, acquired=day, gsd_m=0.5, crs="EPSG:4326",
        footprint=shapely.box(0, 0, 1, 1), licence=licence, **said,
    )  # fmt: skip
    rng = np.random.default_rng(1)
    grey = np.clip(level + 0.02 * rng.normal(size=(1, GRID.height, GRID.width)), 0, 1).astype(np.float32)
    data = np.repeat(grey, 3, axis=0)
    return Side(role=role, scene=scene, pixels=Pixels(grid=GRID, data=data, visible=np.ones(data.shape[1:], bool)))


def test_one_stretch_holds_for_all_sides_by_hand():
    dark, bright = side("before", 0.2), side("after", 0.6)
    flat = [replace(one.pixels, data=np.full_like(one.pixels.data, v)) for one, v in ((dark, 0.2), (bright, 0.6))]
    stretch = common_stretch(flat)
    assert (stretch.low, stretch.high) == (pytest.approx(0.2), pytest.approx(0.6))
    assert stretch(np.array([[[0.2, 0.3, 0.4, 0.7]]], np.float32)).ravel() == pytest.approx([0, 0.25, 0.5, 1])
    assert common_stretch([]).high == 1
    hidden = replace(flat[1], visible=np.zeros_like(flat[1].visible))
    assert common_stretch([flat[0], hidden]).high - 0.2 == pytest.approx(0.05)


def test_the_swipe_pair_is_aligned_and_its_outline_lies_where_the_change_is():
    evidence = Evidence(change=change(), sides=(side("before", 0.3), side("after", 0.5)))
    pair = swipe(evidence, {"before": "b", "after": "a"})
    shown = {role: Image.open(BytesIO(drawn)) for role, drawn in pair.pictures.items()}
    assert {image.size for image in shown.values()} == {(840, 700)}  # 120 × 7 is the first width of 800 or more
    assert (pair.data["width"], pair.data["height"]) == (840, 700)
    assert pair.data["metres_a_pixel"] == pytest.approx(60 / 840, abs=1e-6)
    (ring,) = pair.data["outline"]
    assert {tuple(corner) for corner in ring} == {(280, 280), (560, 280), (560, 420), (280, 420)}
    assert [one["file"] for one in pair.data["images"]] == ["b", "a"]
    means = {role: np.asarray(image, float).mean() for role, image in shown.items()}
    assert means["before"] < means["after"] - 60
    west, south, east, north = pair.data["bounds"]
    ground = FRAME.to_ground(shapely.box(west, south, east, north)).bounds
    assert ground == pytest.approx((0, 0, 60, 50), abs=0.5)
    assert "© A (cc-by-4.0)" in shown["after"].text["Copyright"]


def test_no_pixel_leaves_that_a_licence_keeps_and_the_internal_edition_says_so():
    sides = (side("before", 0.3, CLOSED), side("after", 0.5))
    public = Evidence(change=change(), sides=sides)
    pair = swipe(public, {"before": "b", "after": "a"})
    assert pair.pictures == {}
    assert "all rights reserved" in pair.data["left_out"]
    assert [one["file"] for one in pair.data["images"]] == [None, None]
    other = replace(public, sides=(side("before", 0.9, CLOSED), sides[1]))
    assert chips_png(public) == chips_png(other)  # nothing of the closed pixels is in it, not even in the stretch
    inside = replace(public, edition="internal")
    assert len(swipe(inside, {"before": "b", "after": "a"}).pictures) == 2
    assert chips_png(inside) != chips_png(replace(other, edition="internal"))


def test_a_simulated_side_is_marked_in_its_pixels_and_in_the_file():
    real = Evidence(change=change(), sides=(side("before", 0.3), side("after", 0.5)))
    drawn = Evidence(change=change(), sides=(side("before", 0.3, synthetic=True), side("after", 0.5, synthetic=True)))
    names = {"before": "b", "after": "a"}
    one, other = (swipe(evidence, names) for evidence in (real, drawn))
    bare, marked = (np.asarray(Image.open(BytesIO(pair.pictures["after"]))) for pair in (one, other))
    assert (bare != marked).any(axis=(0, 2)).mean() > 0.5  # marks stand across the whole width
    assert Image.open(BytesIO(other.pictures["after"])).text["Comment"] == "SIMULATED – no real place"
    assert other.data["mark"] == "SIMULATED – no real place"
    assert one.data["mark"] is None
    assert Image.open(BytesIO(chips_png(drawn))).text["Comment"] == "SIMULATED – no real place"


def test_the_picture_has_three_panels_side_by_side_with_the_outline_in_each():
    sides = tuple(side(role, level) for role, level in (("before", 0.3), ("during", 0.4), ("after", 0.5)))
    evidence = Evidence(change=change(), sides=sides)
    layout = Layout.of(evidence)
    assert (layout.columns, layout.rows) == (3, 1)
    sheet = np.asarray(Image.open(BytesIO(chips_png(evidence)))).astype(int)
    yellow = (sheet[..., 0] > 200) & (sheet[..., 1] > 190) & (sheet[..., 2] < 110)
    columns = np.flatnonzero(yellow.any(axis=0))
    width = layout.panel[0]
    starts = [24 + k * (width + 24) for k in range(3)]
    for start in starts:  # the box's sides stand at a third and two thirds of each panel
        near = [np.abs(columns - (start + width * part)).min() for part in (1 / 3, 2 / 3)]
        assert max(near) <= 2
    rows = np.flatnonzero(yellow.any(axis=1))
    assert rows.max() - rows.min() == pytest.approx(layout.panel[1] * 0.2, abs=6)


def test_ground_much_wider_than_high_stands_one_below_the_other():
    wall = shapely.box(0, 0, 300, 2)
    grid = chip_grid(FRAME, wall, [side("before", 0.3).scene])
    assert grid.width / grid.height == pytest.approx(3, abs=0.1)
    data = np.zeros((1, grid.height, grid.width), np.float32)
    pixels = Pixels(grid=grid, data=data, visible=np.ones(data.shape[1:], bool))
    sides = tuple(replace(side(role, 0.3), pixels=pixels) for role in ("before", "after"))
    evidence = Evidence(change=change(polygon=wall, kind="wall", length_m=300.0), sides=sides)
    assert (Layout.of(evidence).columns, Layout.of(evidence).rows) == (1, 2)
    assert headline(evidence.change).startswith("New wall or fence · 300 m long")
    assert is_narrow(evidence.change)
    assert not is_narrow(change())
    assert is_narrow(change(polygon=shapely.box(0, 0, 5, 40)))  # under 6 m: its outline would cover it
    assert Image.open(BytesIO(chips_png(evidence))).height > 2 * Layout.of(evidence).panel[1]


def test_a_path_in_an_id_leads_nowhere(tmp_path):
    evil = Evidence(change=change(id="../../evil"), sides=(side("before", 0.3), side("after", 0.5)))
    written = write_chips(Chips(folder=tmp_path / "in" / "chips", edition="public"), [evil], [])
    assert all(path.parent == tmp_path / "in" / "chips" for path in written.files)
    assert {path.name for path in tmp_path.iterdir()} == {"in"}


def test_pictures_of_an_earlier_edition_go_when_the_licence_keeps_them(tmp_path):
    evidence = Evidence(change=change(), sides=(side("before", 0.3, CLOSED), side("after", 0.5)))
    wanted = Chips(folder=tmp_path, edition="internal")
    write_chips(wanted, [replace(evidence, edition="internal")], [])
    assert (tmp_path / "change-0123456789abcdef-before.png").exists()
    written = write_chips(replace(wanted, edition="public"), [evidence], [])
    assert not (tmp_path / "change-0123456789abcdef-before.png").exists()
    assert written.left_out == (
        "pixels left out of the public edition: the licence (all rights reserved) does not allow them",
    )


def test_bad_words_are_told(tmp_path):
    with pytest.raises(InputError, match="choose public or internal"):
        chips_wanted(tmp_path, "secret")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="is a file; name a folder"):
        chips_wanted(tmp_path / "file", "public")


# --- a site ---------------------------------------------------------------------------------------------------


def test_a_site_gives_pictures_before_during_and_after_and_a_layer_with_the_verdict(site, small, tmp_path):
    (found,) = small.search(site)
    word = pipeline.Word(verdict="real", by="A. Analyst", note="seen on the ground")
    pipeline.judge_change(site, found.id, word, today=date(2026, 1, 2))
    wanted = pipeline.Wanted(chips=chips_wanted(tmp_path / "chips", "public"), out=tmp_path / "layer.geojson")
    answer = pipeline.changes(site, wanted)
    assert answer["chips"]["left_out"] == []
    data = json.loads((tmp_path / "chips" / f"change-{found.id}.json").read_text(encoding="utf-8"))
    days = [one["date"][:10] for one in data["images"]]
    assert days[0] == str(small.days()[small.BUILT - 1])
    assert days[1] in {str(day) for day in small.days()[-3:]}
    before, after = (np.asarray(Image.open(tmp_path / "chips" / one["file"]), float) for one in data["images"])
    (ring,) = data["outline"]
    inside = shapely.Polygon(ring).buffer(-30)
    west, south, east, north = (int(edge) for edge in inside.bounds)
    assert after[south:north, west:east].mean() > before[south:north, west:east].mean() + 80
    meta, _, blobs, columns = pyogrio.raw.read(tmp_path / "chips" / "changes.gpkg", layer="changes")
    row = {name: column[0] for name, column in zip(meta["fields"], columns, strict=True)}
    assert (row["id"], row["verdict"], row["judged_by"], row["status"]) == (found.id, "real", "A. Analyst", "finding")
    assert shapely.from_wkb(blobs[0]).equals_exact(found.polygon, 1e-9)
    assert meta["crs"] == "EPSG:4326"
    assert json.loads((tmp_path / "layer.geojson").read_text())["features"][0]["properties"]["id"] == found.id


def test_a_site_that_hides_exact_places_gives_none_in_public(site, small, tmp_path):
    (found,) = small.search(site)
    config = site / "site.yaml"
    config.write_text(config.read_text(encoding="utf-8") + "public_decimals: 1\n", encoding="utf-8")
    (tmp_path / "changes.gpkg").write_bytes(b"of an earlier edition")
    answer = pipeline.changes(site, pipeline.Wanted(chips=chips_wanted(tmp_path, "public")))
    assert not (tmp_path / "changes.gpkg").exists()
    assert answer["chips"]["left_out"] == ["changes.gpkg: the site gives its coordinates rounded in public editions"]
    assert json.loads((tmp_path / f"change-{found.id}.json").read_text(encoding="utf-8"))["bounds"] is None
    pipeline.changes(site, pipeline.Wanted(chips=chips_wanted(tmp_path, "internal")))
    assert (tmp_path / "changes.gpkg").exists()


def test_the_sides_are_the_last_old_look_one_between_and_a_new_one_in_season():
    day = [date(2020, 1, 1), date(2020, 7, 1), date(2021, 1, 1), date(2021, 7, 1), date(2022, 1, 5), date(2022, 7, 1)]
    between = change(after=day[1], before=day[3])
    scenes = [
        replace(side("x", 0.3).scene, id=str(k), acquired=datetime(d.year, d.month, d.day, tzinfo=UTC))
        for k, d in enumerate(day)
    ]
    from yardwatch.steps import evidence as step

    class Reader:
        def __call__(self, scene, grid, shift):
            data = np.full((1, grid.height, grid.width), 0.3, np.float32)
            hidden = scene.id == "5"  # cloud over the newest
            return Pixels(grid=grid, data=data, visible=np.full(data.shape[1:], not hidden))

    real, step.read_window = step.read_window, Reader()
    try:
        found = gather(
            Shown(change=replace(between, polygon=FRAME.to_lonlat(BOX))), [Shot(scene=one) for one in scenes], FRAME
        )
    finally:
        step.read_window = real
    # before: the last old one; between stands one look; after: of the newest three a July one, 5 is clouded, so 3
    assert [(one.role, one.scene.id) for one in found.sides] == [("before", "1"), ("during", "2"), ("after", "3")]


def test_two_bare_images(small, tmp_path):
    first = small.write(tmp_path / "a.tif", 1, date(2020, 1, 1), built=False)
    second = small.write(tmp_path / "b.tif", 2, date(2021, 1, 1))
    wanted = pipeline.Wanted(chips=chips_wanted(tmp_path / "public", "public"))
    answer = pipeline.changes_between(first, second, wanted)
    (entry,) = answer["changes"]
    data = json.loads((tmp_path / "public" / f"change-{entry['id']}.json").read_text(encoding="utf-8"))
    assert "does not allow them" in data["left_out"]  # no licence was stated
    inside = pipeline.Wanted(chips=chips_wanted(tmp_path / "internal", "internal"))
    assert len(pipeline.changes_between(first, second, inside)["chips"]["files"]) == 5
    assert pipeline.changes_between(first, second, pipeline.Wanted(out=tmp_path / "pair.gpkg"))["changes"]
    assert pyogrio.read_info(tmp_path / "pair.gpkg", layer="changes")["features"] == 1
    shutil.rmtree(tmp_path / "internal")


def test_the_report_shows_findings_and_lists_what_was_judged_false(site, small):
    def shown():
        place = Place(open_site(site))
        with GeoPackageStore(site / "site.gpkg") as store:
            scenes = {scene.id: scene for scene in place.scenes}
            figures = change_figures(place, store, current_looks(place, store), scenes, "public")
            return figures, dismissed_changes(place, store)

    (found,) = small.search(site)
    (figure,), dismissed = shown()
    assert (figure.change.id, figure.verdict, dismissed) == (found.id, None, ())
    assert [name for name, _, _ in figure.sides] == ["Before", "During", "After"]
    drawn = change_figure(figure, "public")
    assert drawn.svg.count("<image") == 3
    assert all(pixels.grid.width >= 480 for _, _, pixels in figure.sides)  # the mark is legible in each
    pipeline.judge_change(site, found.id, pipeline.Word(verdict="false", by="A"), today=date(2026, 1, 2))
    figures, dismissed = shown()
    assert figures == ()
    assert [one["id"] for one in dismissed] == [found.id]
