"""Ties: worked pairs, the odd one named, and what a run makes of them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from yardwatch.errors import SiteError
from yardwatch.imagery.tie import fit_shift, outlier
from yardwatch.sites.ties import Pair, Tie, read_pairs, read_tie, write_tie

HEADER = "name,reference_lon,reference_lat,scene_lon,scene_lat\n"
SQUARE = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 80.0], [0.0, 80.0], [40.0, 30.0]])


def test_a_shift_worked_by_hand():
    found = fit_shift(SQUARE[:2], np.add(SQUARE[:2], [[3.0, -1.0], [5.0, -1.0]]))
    assert (found.dx_m, found.dy_m) == (4.0, -1.0)
    assert found.residuals_m == pytest.approx([1.0, 1.0])
    assert found.residual_m == pytest.approx(1.0)
    assert fit_shift(SQUARE[:1], SQUARE[:1] + 2).residual_m is None


def test_the_odd_pair_is_named_and_a_warped_image_is_not_blamed_on_one():
    moved = np.add(SQUARE, [6.0, 2.0])
    assert outlier(SQUARE, moved) is None
    moved[3] += [0.0, 9.0]
    assert outlier(SQUARE, moved) == (3, pytest.approx(9.0))
    warped = SQUARE * 1.1
    assert outlier(SQUARE, warped) is None
    fitted = fit_shift(SQUARE, warped)
    assert fitted.residual_m > 1.5
    assert fitted.affine_residual_m == pytest.approx(0, abs=1e-9)


def test_pairs_from_csv_and_from_lines(tmp_path):
    table = tmp_path / "pairs.csv"
    table.write_text(HEADER + "mast,130.6081,42.4214,130.6082,42.4215\n,130.61,42.42,130.6101,42.4201\n")
    pairs = read_pairs(table)
    assert pairs[0] == Pair("mast", (130.6081, 42.4214), (130.6082, 42.4215))
    assert pairs[1].name == "row 3"
    line = {"type": "LineString", "coordinates": [[130.6081, 42.4214], [130.6082, 42.4215]]}
    drawn = tmp_path / "pairs.geojson"
    feature = {"type": "Feature", "properties": {"name": "mast"}, "geometry": line}
    drawn.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert read_pairs(drawn) == pairs[:1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADER, "no pair of points"),
        (HEADER + "a,42.4,130.6,42.4,130.6\n", "swapped"),
        (HEADER + "a,130.6,42.4,,42.4\n", "column scene_lon: is empty"),
        (HEADER + "a,130.6,42.4,nan,42.4\n", "not between"),
        (HEADER + "a,130.6,42.4,east,42.4\n", "is not a number"),
        ("x,y\n1,2\n", "unknown column"),
    ],
)
def test_bad_pairs_are_told_with_row_and_column(tmp_path, text, said):
    path = tmp_path / "pairs.csv"
    path.write_text(text)
    with pytest.raises(SiteError, match=said):
        read_pairs(path)


def test_a_drawn_thing_that_is_no_pair(tmp_path):
    path = tmp_path / "pairs.geojson"
    shape = shapely.geometry.mapping(shapely.LineString([(1, 1), (2, 2), (3, 1)]))
    path.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": shape}))
    with pytest.raises(SiteError, match="feature 1 is no line of two points"):
        read_pairs(path)


def test_a_tie_comes_back_and_a_broken_one_is_told(tmp_path):
    tie = Tie(
        scene_sha256="a", reference_sha256="b", dx_m=1.5, dy_m=-2.0, residual_m=0.2,
        pairs=(Pair("mast", (1.0, 2.0), (1.1, 2.1)),), tied_on="2026-01-01",
    )  # fmt: skip
    path = write_tie(Path(tmp_path), "scene", tie)
    assert read_tie(tmp_path, "scene") == tie
    assert read_tie(tmp_path, "other") is None
    path.write_text('{"dx_m": 1}')
    with pytest.raises(SiteError, match="delete it and tie the scene again"):
        read_tie(tmp_path, "scene")
