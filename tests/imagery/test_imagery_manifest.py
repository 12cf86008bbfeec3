"""Many images at once."""

from __future__ import annotations

import pytest

from yardwatch.errors import SceneError, UnavailableError
from yardwatch.imagery.manifest import read_manifest
from yardwatch.imagery.metadata import Details


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sub").mkdir()
    for name in ("a.tif", "sub/b.tif"):
        (tmp_path / name).touch()
    return tmp_path


def write(folder, text, encoding="utf-8"):
    path = folder / "m.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_rows(folder):
    text = 'file,acquired,sensor,licence,off_nadir_deg\na.tif,2023-10-05,WV02,"Vendor, Inc.",17.5\nsub/b.tif,,,,\n'
    rows = read_manifest(write(folder, text, "utf-8-sig"))
    assert rows == [
        (folder / "a.tif", Details(acquired="2023-10-05", sensor="WV02", licence="Vendor, Inc.", off_nadir_deg=17.5)),
        (folder / "sub" / "b.tif", Details()),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no column 'file'"),
        ("file\n", "names no images"),
        ("acquired\n2023\n", "no column 'file'"),
        ("file;acquired\na.tif;2023\n", "unknown column 'file;acquired'"),
        ("file,when\na.tif,2023\n", "unknown column 'when'"),
        ("file,file\na.tif,a.tif\n", "one twice"),
        ("file,acquired\na.tif\n", "row 2: has more or fewer cells"),
        ("file,acquired\na.tif,2023,WV02\n", "row 2: has more or fewer cells"),
        ("file\na.tif\ngone.tif\n", "row 3, column file: 'gone.tif' is not there"),
        ("file\n../a.tif\n", "row 2, column file: .* not below"),
        ("file\n/etc/passwd\n", "row 2, column file: .* not below"),
        ("file,acquired\na.tif,5 Oct 2023\n", "row 2: '5 Oct 2023' is not a date"),
        ("file,off_nadir_deg\na.tif,steep\n", "row 2, column off_nadir_deg: 'steep' is not a number"),
        ("file,off_nadir_deg\na.tif,nan\n", "row 2: off_nadir_deg nan is outside"),
        ("file,off_nadir_deg\na.tif,170\n", "row 2: off_nadir_deg 170"),
    ],
)
def test_errors_name_row_and_column(folder, text, message):
    with pytest.raises(SceneError, match=rf"m\.csv.*{message}"):
        read_manifest(write(folder, text))


def test_a_link_out_of_the_folder(folder, tmp_path_factory):
    far = tmp_path_factory.mktemp("far") / "x.tif"
    far.touch()
    (folder / "link.tif").symlink_to(far)
    with pytest.raises(SceneError, match="not below"):
        read_manifest(write(folder, "file\nlink.tif\n"))


def test_no_csv(folder):
    with pytest.raises(SceneError, match="not a CSV file in UTF-8"):
        read_manifest(write(folder, "file\nä.tif\n", "latin-1"))
    with pytest.raises(UnavailableError, match="no such file"):
        read_manifest(folder / "gone.csv")
