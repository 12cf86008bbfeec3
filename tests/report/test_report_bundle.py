"""The bundle's check: whatever is changed, added, taken out or put in from elsewhere is found and named."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import numpy as np
import pytest
import report_cases as cases

from yardwatch.errors import InputError, UnavailableError
from yardwatch.report.bundle import MANIFEST, Bundle, bundle
from yardwatch.report.page import render
from yardwatch.report.verifying import DATA, PAGE, verify


@pytest.fixture(scope="module")
def report():
    return render(cases.fictional_case())


@pytest.fixture(scope="module")
def good(report):
    files = {PAGE: report.html.encode(), DATA: report.json_text.encode(), "data/observations.csv": b"id\n"}
    return bundle(Bundle(name="b.zip", report=report.json, files=files))


@pytest.fixture
def changed(good, tmp_path):
    """Write the bundle with some files exchanged, taken out (None) or added; hashes in the list follow or not."""

    def make(change, *, relist=False):
        with zipfile.ZipFile(io.BytesIO(good)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        files |= change
        files = {name: data for name, data in files.items() if data is not None}
        if relist:
            stated = json.loads(files[MANIFEST])
            stated["files"] = {
                name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
                for name, data in files.items()
                if name != MANIFEST
            }
            files[MANIFEST] = json.dumps(stated).encode()
        path = tmp_path / "b.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        return path

    return make


def wrong(found):
    return {check.name: check.detail for check in found.checks if not check.ok}


def test_what_was_made_is_sound_and_the_same_bytes_again(good, report, changed):
    found = verify(changed({}))
    assert found.ok, wrong(found)
    assert [check.name for check in found.checks] == ["files", "identity", "claims", "numbers", "scenes", "licences"]
    assert found.as_json()["reason"] is None
    files = {PAGE: report.html.encode(), DATA: report.json_text.encode(), "data/observations.csv": b"id\n"}
    assert bundle(Bundle(name="b.zip", report=report.json, files=files)) == good


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"data/observations.csv": b"id\nx\n"}, "data/observations.csv is not what was put in"),
        ({"data/observations.csv": None}, "data/observations.csv is missing"),
        ({"data/more.csv": b"x"}, "data/more.csv is in no list"),
    ],
)
def test_a_file_changed_taken_out_or_added_is_named(changed, change, said):
    assert wrong(verify(changed(change))) == {"files": said}


def test_a_number_changed_in_the_data_with_its_hash_is_found_by_the_reports_id(changed, report):
    data = json.loads(report.json_text)
    data["claims"][0]["text"] = data["claims"][0]["text"].replace("61", "91")
    found = wrong(verify(changed({DATA: json.dumps(data).encode()}, relist=True)))
    assert set(found) == {"identity", "claims"}
    assert "o-observed" in found["claims"]


def test_a_number_changed_on_the_page_with_its_hash_is_found_by_its_claim(changed, report):
    page = report.html.replace("counted about 61 freight cars", "counted about 91 freight cars").encode()
    found = wrong(verify(changed({PAGE: page}, relist=True)))
    assert found == {"claims": "not on the page: o-observed"}


def test_a_statement_smuggled_onto_the_page_is_found(changed, report):
    page = report.html.replace("</main>", '<p data-claim="i-mine">About 900 cars.</p></main>').encode()
    assert wrong(verify(changed({PAGE: page}, relist=True))) == {"numbers": "belong to no claim: i-mine"}


def test_a_number_nobody_answers_for_is_found(changed, report):
    page = report.html.replace("</main>", "<p>About 900 cars.</p></main>").encode()
    assert wrong(verify(changed({PAGE: page}, relist=True))) == {"numbers": "belong to no claim: About 900 cars."}


def test_a_public_bundle_with_a_picture_slipped_in_is_not_sound(changed, report):
    public = render(cases.fictional_case(edition="public"))
    files = {PAGE: public.html.encode(), DATA: public.json_text.encode(), "data/chip.png": b"\x89PNG"}
    stated = json.dumps({"form": "yardwatch-bundle/1", "report": public.json["id"], "files": {}}).encode()
    path = changed({**files, MANIFEST: stated}, relist=True)
    assert "data/chip.png" in wrong(verify(path))["licences"]


@pytest.mark.parametrize("name", ["../evil.txt", "/etc/evil", "a/../../b", "c:\\evil", "a\nb"])
def test_names_that_lead_elsewhere_are_refused(tmp_path, name):
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), b"x")
    with pytest.raises(InputError, match="leads elsewhere"):
        verify(path)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("MANIFEST.json", b"0" * 50_000_000)
    with pytest.raises(InputError, match="out of next to nothing"):
        verify(path)


def test_the_same_name_twice_is_refused(tmp_path):
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", b"1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a", b"2")
    with pytest.raises(InputError, match="twice"):
        verify(path)


def test_what_is_no_bundle_is_said(tmp_path):
    (tmp_path / "x.zip").write_bytes(b"no zip")
    with zipfile.ZipFile(tmp_path / "y.zip", "w") as archive:
        archive.writestr("a", b"1")
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr(MANIFEST, b'{"form": "other/9"}')
    for name, said in (("x", "no readable zip"), ("y", "holds no MANIFEST"), ("z", "its form is 'other/9'")):
        with pytest.raises(InputError, match=said):
            verify(tmp_path / f"{name}.zip")
    with pytest.raises(UnavailableError, match="is not there"):
        verify(tmp_path / "none.zip")


def test_a_bundle_cut_short_is_said(tmp_path, good):
    path = tmp_path / "b.zip"
    path.write_bytes(good[: len(good) // 2])
    with pytest.raises(InputError, match="no readable zip"):
        verify(path)


def test_every_damaged_byte_is_found_or_the_archive_refused(tmp_path, good):
    rng = np.random.default_rng(5)
    path = tmp_path / "b.zip"
    for at in rng.choice(len(good), 25, replace=False):
        damaged = bytearray(good)
        damaged[at] ^= 0x5A
        path.write_bytes(damaged)
        try:
            found = verify(path)
        except InputError:
            continue
        # a byte of a time stamp or of other furniture of the archive changes no file in it
        assert not found.ok or at > len(good) - 1_000, at
