"""sources.toml and CSL-JSON: read, written, given back whole; grades and withdrawals reach the record."""

import json
import shutil
from datetime import date

import pytest

from yardwatch.assess.syndication import endnote, grade_of, independent
from yardwatch.errors import InputError, SiteError
from yardwatch.model import DateSpan, Reference, Role
from yardwatch.sites.csl import read_csl, to_csl
from yardwatch.sites.folder import bundled_sites, copy_bundled, open_site
from yardwatch.sites.sources import read_sources, write_sources
from yardwatch.steps.sourcing import import_sources, list_sources

FULL = Reference(
    id="wire", publisher="Agentur «Süd» <b>", url="https://example.org/a?b=1", title='A "title" of 두만강 and تومان',
    authors=("Ann Example", "통신"), event=DateSpan.parse("2023-09/2023-10-05"), disclosed=DateSpan.parse("2023-10"),
    accessed=date(2024, 1, 2), grade="B2", graded_by="A. Analyst", archived_sha256="a" * 64,
    archived_url="https://example.org/kept", withdrawn=date(2024, 2, 3), withdrawn_why="it was a hoax", note="one\ntwo",
)  # fmt: skip
REPRINTS = tuple(Reference(id=f"paper-{i}", publisher=f"Paper {i}", origin="wire") for i in range(6))


def test_six_reprints_of_one_wire_story_are_one_source():
    other = Reference(id="other", publisher="Other")
    assert independent([*REPRINTS, FULL, other]) == {
        "wire": ("wire", *(one.id for one in REPRINTS)),
        "other": ("other",),
    }


def test_a_reprint_is_as_good_as_what_it_reprints():
    better = Reference(id="paper-1", publisher="Paper", origin="wire", grade="A1", graded_by="A. Analyst")
    assert grade_of(better, {"wire": FULL, "paper-1": better}) == "B2"


@pytest.mark.parametrize(
    ("origins", "said"),
    [({"a": "b", "b": "a"}, "ring of origins"), ({"a": "nobody"}, "origin 'nobody', which is not listed")],
)
def test_origins_that_lead_nowhere_are_refused(origins, said):
    with pytest.raises(InputError, match=said):
        independent([Reference(id=name, publisher="P", origin=above) for name, above in origins.items()])


def test_an_endnote_tells_days_grade_origin_copy_and_withdrawal():
    by_id = {one.id: one for one in (FULL, *REPRINTS)}
    text = endnote(FULL, by_id)
    days = (
        "published October 2023",
        "of 1 September 2023 to 5 October 2023",
        "withdrawn 3 February 2024 (it was a hoax)",
    )
    for part in (*days, "grade B2", "a" * 64):
        assert part in text
    assert "goes back to Agentur" in endnote(REPRINTS[0], by_id)
    assert "day of publication not stated" in endnote(REPRINTS[0], by_id)


def test_written_sources_are_read_back_whole(tmp_path):
    write_sources(tmp_path / "sources.toml", [FULL, *REPRINTS])
    assert read_sources(tmp_path / "sources.toml") == (FULL, *REPRINTS)


def test_csl_json_gives_back_what_it_was_given(tmp_path):
    file = tmp_path / "csl.json"
    file.write_text(to_csl([FULL, *REPRINTS]), encoding="utf-8")
    assert read_csl(file) == (FULL, *REPRINTS)


def test_a_manager_that_drops_custom_loses_nothing(tmp_path):
    items = json.loads(to_csl([FULL]))
    del items[0]["custom"]
    file = tmp_path / "csl.json"
    file.write_text(json.dumps(items), encoding="utf-8")
    assert read_csl(file) == (FULL,)


def test_an_item_of_a_citation_manager_is_taken(tmp_path):
    # as Zotero writes one: the id is an address, names have two parts, date parts are texts
    item = {
        "id": "http://zotero.org/users/1/items/AB12", "type": "article-newspaper", "title": "Cars",
        "container-title": "Post", "URL": "https://example.org/cars", "author": [{"family": "Example", "given": "Ann"}],
        "issued": {"date-parts": [["2023", 10, 8]]},
    }  # fmt: skip
    file = tmp_path / "zotero.json"
    file.write_text(json.dumps([item]), encoding="utf-8")
    (found,) = read_csl(file)
    assert (found.publisher, found.authors, found.disclosed) == ("Post", ("Ann Example",), DateSpan.parse("2023-10-08"))
    assert found.id == "zotero-org-users-1-items-ab12"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not JSON"),
        ("{}", "not a list of CSL items"),
        ('[{"id": "a"}]', "item 1 .*neither publisher nor container-title"),
        ('[{"id": "a", "publisher": "P", "URL": "javascript:alert(1)"}]', "is no web address"),
        ('[{"id": "a", "publisher": "P", "custom": {"grade": "Z9", "graded_by": "x"}}]', "'Z9' is no grade"),
        ('[{"id": "a", "publisher": "P", "issued": {"date-parts": [[2023, 13]]}}]', "is not a date"),
    ],
)
def test_bad_csl_names_the_item_and_the_remedy(tmp_path, text, said):
    file = tmp_path / "bad.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SiteError, match=said):
        read_csl(file)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x", "correct the TOML"),
        ("[[source]]\nid = 'a'", "publisher is missing"),
        ("[[source]]\nid = 'A b'\npublisher = 'P'", "does not fit"),
        ("[[source]]\nid = 'a'\npublisher = 'P'\nurl = 'file:///etc/passwd'", "is no web address"),
        ("[[source]]\nid = 'a'\npublisher = 'P'\ngrade = 'B2'", "graded and nobody signed"),
        ("[[source]]\nid = 'a'\npublisher = 'P'\nwithdrawn = 2024-01-01", "say why in withdrawn_why"),
        ("[[source]]\nid = 'a'\npublisher = 'P'\norigin = 'b'", "names origin 'b', which is not listed"),
        ("[[source]]\nid = 'a'\npublisher = 'P'\nstars = 5", "unknown key"),
        ("[[source]]\nid = 'a'\npublisher = 'P'\n[[source]]\nid = 'a'\npublisher = 'Q'", "is there twice"),
        ("[[source]]\nid = 'a'\npublisher = 'P'\narchived_sha256 = 'zz'", "archived_sha256"),
    ],
)
def test_a_bad_file_names_the_place_and_the_remedy(tmp_path, text, said):
    file = tmp_path / "sources.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SiteError, match=said):
        read_sources(file)


@pytest.fixture(name="site")
def _site(tmp_path):
    return copy_bundled("tumangang", tmp_path / "yard").path


def changed(site, name, **fields):
    from dataclasses import replace

    held = read_sources(site / "sources.toml")
    write_sources(site / "sources.toml", [replace(one, **fields) if one.id == name else one for one in held])
    return open_site(site).site


def test_a_grade_reaches_the_rows_of_the_source_and_of_its_reprints(site):
    found = changed(site, "beyond-parallel-2023-10", grade="B2", graded_by="A. Analyst")
    grades = {row.id: row.source.grade for row in found.record}
    assert grades["2023-10-05-facility-cars"] == "B2"
    assert grades["2023-10-facility-cars-at-most"] == "B2"  # Meduza, which quotes it
    assert grades["2024-06-17-facility-cars"] == ""


def test_a_withdrawn_source_is_shown_and_used_for_nothing(site):
    found = changed(site, "beyond-parallel-2024-06", withdrawn=date(2025, 1, 2), withdrawn_why="counts corrected")
    row = next(row for row in found.record if row.id == "2024-06-17-facility-cars")
    assert row.role is Role.CONTEXT
    assert row.note.startswith("source withdrawn 2025-01-02: counts corrected")


def test_every_address_of_a_bundled_record_is_a_listed_source():
    for name in bundled_sites():
        found = list_sources(name)
        assert not [one.id for one in found.references if one.id.startswith("unlisted")]
        assert len(found.groups) < len(found.references)


def test_import_replaces_by_address_and_leaves_the_rest(site, tmp_path):
    before = read_sources(site / "sources.toml")
    new = [
        Reference(id="meduza", publisher="Meduza", url=next(one.url for one in before if one.id == "meduza-2023-10")),
        Reference(id="more", publisher="More"),
    ]
    file = tmp_path / "in.json"
    file.write_text(to_csl(new), encoding="utf-8")
    assert import_sources(site, file) == (1, 1)
    assert len(read_sources(site / "sources.toml")) == len(before) + 1


def test_an_import_that_does_not_fit_changes_nothing(site, tmp_path):
    before = (site / "sources.toml").read_bytes()
    file = tmp_path / "in.json"
    file.write_text(to_csl([Reference(id="a", publisher="A", origin="nobody")]), encoding="utf-8")
    with pytest.raises(InputError, match="not listed"):
        import_sources(site, file)
    assert (site / "sources.toml").read_bytes() == before


def test_a_bundled_site_is_never_written_to(tmp_path):
    file = tmp_path / "in.json"
    file.write_text(to_csl([FULL]), encoding="utf-8")
    with pytest.raises(SiteError, match="bundled"):
        import_sources("tumangang", file)


def test_a_link_out_of_the_folder_is_refused(site, tmp_path):
    shutil.move(site / "sources.toml", tmp_path / "elsewhere.toml")
    (site / "sources.toml").symlink_to(tmp_path / "elsewhere.toml")
    with pytest.raises(SiteError, match="leaves the site folder"):
        open_site(site)
