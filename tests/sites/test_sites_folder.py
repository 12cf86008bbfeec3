"""Opening, making and copying site folders."""

import shutil

import pytest
import shapely

from yardwatch.errors import SiteError
from yardwatch.model import Track
from yardwatch.sites.folder import bundled_sites, copy_bundled, open_site
from yardwatch.sites.init import create, slug
from yardwatch.sites.tracks import write_tracks

ZONE = shapely.box(130.60, 42.418, 130.62, 42.424)


def test_a_new_site_opens_at_once(tmp_path):
    made = create(tmp_path / "mine", name='My "yard" <b>№ 1: a</b>', zone=ZONE)
    site = open_site(tmp_path / "mine").site
    assert made.site == site
    assert (site.id, site.name, site.default_zone, site.default_unit) == (
        "my-yard-b-1-a-b",
        'My "yard" <b>№ 1: a</b>',
        "yard",
        "cars",
    )
    assert (site.record, site.events, site.tracks, site.fictional) == ((), (), (), False)
    assert site.zones[0].polygon.equals(ZONE)
    assert site.zones[0].approximate
    assert made.scenes_path.is_dir()
    assert "# " in (tmp_path / "mine" / "site.yaml").read_text(encoding="utf-8")


def test_without_a_zone_the_site_waits_for_one(tmp_path):
    create(tmp_path / "mine", name="Mine")
    with pytest.raises(SiteError, match="holds no zone; draw one in QGIS"):
        open_site(tmp_path / "mine")


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "record.csv").write_text("precious")
    with pytest.raises(SiteError, match=r"record.csv is there already"):
        create(tmp_path, name="Mine", zone=ZONE)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["record.csv"]
    assert (tmp_path / "record.csv").read_text() == "precious"


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "\x1b[31mred"])
def test_names_that_are_no_names(tmp_path, name):
    with pytest.raises(SiteError, match="site name"):
        create(tmp_path / "x", name=name)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("name", "got"), [("Tumangang", "tumangang"), ("../../etc", "etc"), ("豆満江", "site"), ("A  b!", "a-b")]
)
def test_slugs(name, got):
    assert slug(name) == got


def test_what_is_no_site(tmp_path):
    with pytest.raises(SiteError, match=r"no site folder and no bundled site \(bundled: khasan, tumangang\)"):
        open_site("nowhere")
    with pytest.raises(SiteError, match=r"holds no site.yaml"):
        open_site(tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(SiteError, match="is a file"):
        create(tmp_path / "file", name="x")


def test_an_unknown_default_zone(tmp_path):
    create(tmp_path, name="Mine", zone=ZONE)
    config = tmp_path / "site.yaml"
    config.write_text(config.read_text().replace("default_zone: yard", "default_zone: depot"))
    with pytest.raises(SiteError, match="default_zone 'depot' is no zone; known: yard"):
        open_site(tmp_path)


def test_tracks_of_another_place_and_swapped_ones_are_told(tmp_path):
    zone = shapely.box(7.60, 47.50, 7.70, 47.60)
    create(tmp_path, name="Mine", zone=zone)
    write_tracks(tmp_path / "tracks.geojson", [Track(id="1", line=shapely.LineString([(47.55, 7.65), (47.56, 7.65)]))])
    with pytest.raises(SiteError, match="latitude and longitude look swapped"):
        open_site(tmp_path)
    write_tracks(tmp_path / "tracks.geojson", [Track(id="1", line=shapely.LineString([(1, 2), (1, 3)]))])
    with pytest.raises(SiteError, match="no track lies in any zone; check"):
        open_site(tmp_path)
    write_tracks(tmp_path / "tracks.geojson", [Track(id="1", line=shapely.LineString([(7.65, 47.55), (7.66, 47.55)]))])
    assert len(open_site(tmp_path).site.tracks) == 1


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    create(tmp_path / "mine", name="Mine", zone=ZONE)
    outside = tmp_path / "secret.csv"
    shutil.move(tmp_path / "mine" / "record.csv", outside)
    (tmp_path / "mine" / "record.csv").symlink_to(outside)
    with pytest.raises(SiteError, match="leaves the site folder"):
        open_site(tmp_path / "mine")


def test_a_bundled_site_is_read_only_and_its_copy_is_not(tmp_path):
    opened = open_site("tumangang")
    assert opened.bundled
    with pytest.raises(SiteError, match="never written to"):
        opened.require_writable()
    assert not opened.reports_path.resolve().is_relative_to(opened.path.resolve())
    copied = copy_bundled("tumangang", tmp_path / "t")
    copied.require_writable()
    assert copied.site == opened.site
    assert copied.reports_path == tmp_path / "t" / "reports"
    with pytest.raises(SiteError, match="there already"):
        copy_bundled("tumangang", tmp_path / "t")
    with pytest.raises(SiteError, match="no bundled site 'x'"):
        copy_bundled("x", tmp_path / "u")


def test_neighbours_are_found_bundled_and_next_door(tmp_path):
    assert [other.site.id for other in open_site("tumangang").beside()] == ["khasan"]
    copied = copy_bundled("tumangang", tmp_path / "t")
    assert copied.beside()[0].bundled
    copy_bundled("khasan", tmp_path / "khasan")
    assert copied.beside()[0].path == tmp_path.resolve() / "khasan"


def test_both_bundled_sites_are_there():
    assert list(bundled_sites()) == ["khasan", "tumangang"]
