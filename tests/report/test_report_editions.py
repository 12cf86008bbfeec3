"""Editions: no form of a public edition holds one pixel whose licence forbids it. Every file is searched for them.

The image is painted in a colour nothing else on a page has; a form that holds it gives itself away.
"""

from __future__ import annotations

import base64
import io
import re
import zipfile
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import report_cases as cases
from PIL import Image
from pypdf import PdfReader

from yardwatch.model import Licence
from yardwatch.report.page import render
from yardwatch.report.verifying import verify
from yardwatch.steps.forms import Forms

pytest.importorskip("weasyprint", reason="pango is missing (Debian: apt install libpango-1.0-0 libpangoft2-1.0-0)")
PAINT = (1.0, 0.0, 1.0)
FORBIDDEN = Licence(name="all rights reserved", attribution="Imager")
FREE = Licence(name="CC0-1.0", may_publish_pixels=True, attribution="Anyone")


def painted(pixels):
    data = np.empty((3, *pixels.visible.shape), np.float32)
    data[:] = np.asarray(PAINT, np.float32)[:, None, None]
    return replace(pixels, data=data, visible=np.ones(pixels.visible.shape, bool))


def content(edition, licence):
    """The fictional case as if it were real (no mark over the pixels), its images in one colour."""
    case = cases.fictional_case(edition=edition)
    scene = replace(cases.scene(synthetic=False), licence=licence)
    figure = replace(case.figures[0], scene=scene, pixels=painted(case.figures[0].pixels))
    change = case.changes[0]
    sides = {name: (scene, painted(getattr(change, name)[1])) for name in ("before", "after")}
    return replace(case, figures=(figure,), changes=(replace(change, **sides),), scenes=(scene,))


@pytest.fixture(scope="module", autouse=True)
def _small_pictures():
    """Figures at screen size: what is looked for is in them at any size."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("yardwatch.report.png.DPI", 60)
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    nowhere = SimpleNamespace(
        store_address=None, store_path=tmp_path_factory.mktemp("none") / "site.gpkg", path=tmp_path_factory.mktemp("s")
    )
    found = {}

    def make(edition, licence):
        key = (edition, licence.name)
        if key not in found:
            forms = Forms(render(content(edition, licence)), "yard-2024-07-01")
            files = {form: forms.file(form) for form in ("html", "json", "md", "docx", "pdf")}
            found[key] = files | {"figures": forms.figures, "bundle": forms.bundle(nowhere)}
        return found[key]

    return make


def rasters(name, data):
    """Every picture in a file, opened: data in pages and SVG, images in PDF and Word, files in zips."""
    if isinstance(data, dict):
        for inner, content_of in data.items():
            yield from rasters(inner, content_of)
    elif data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for inner in archive.namelist():
                yield from rasters(inner, archive.read(inner))
    elif data[:5] == b"%PDF-":
        for page in PdfReader(io.BytesIO(data)).pages:
            yield from (image.image for image in page.images)
    elif data[:8] == b"\x89PNG\r\n\x1a\n" or data[:3] == b"\xff\xd8\xff":
        yield Image.open(io.BytesIO(data))
    else:
        for inner in re.findall(rb"data:image/png;base64,([A-Za-z0-9+/=]+)", data):
            yield Image.open(io.BytesIO(base64.b64decode(inner)))


def painted_pixels(name, data):
    total = 0
    for image in rasters(name, data):
        rgb = np.asarray(image.convert("RGB")).astype(int)
        total += int(((rgb[..., 0] > 220) & (rgb[..., 1] < 40) & (rgb[..., 2] > 220)).sum())
    return total


HOLDS_PIXELS = ("html", "docx", "pdf", "figures", "bundle")


@pytest.mark.parametrize("form", HOLDS_PIXELS)
def test_the_search_finds_the_pixels_where_they_are(made, form):
    assert painted_pixels(form, made("internal", FORBIDDEN)[form]) > 3_000


@pytest.mark.parametrize("form", [*HOLDS_PIXELS, "md", "json"])
def test_a_public_edition_holds_no_forbidden_pixel(made, form):
    assert painted_pixels(form, made("public", FORBIDDEN)[form]) == 0


@pytest.mark.parametrize("form", HOLDS_PIXELS)
def test_a_public_edition_holds_pixels_that_are_free(made, form):
    assert painted_pixels(form, made("public", FREE)[form]) > 3_000


def test_instead_the_cars_are_drawn_and_the_reason_said(made):
    html = made("public", FORBIDDEN)["html"].decode()
    assert html.count('class="car"') == 2 * 18
    assert "all rights reserved" in html
    assert "does not allow" in html


@pytest.mark.parametrize("edition", ["internal", "public"])
def test_both_say_what_could_not_be_seen_n_the_no_looks_and_the_versions(made, edition):
    html = made(edition, FORBIDDEN)["html"].decode()
    for words in ("What could not be seen", "does not show what is inside a closed car", "gaps in the record",
                  "n = 22", "Sentence to quote", "90 % interval", "Methods and versions", "0.1.0"):  # fmt: skip
        assert words in html, words


def test_the_bundles_of_both_are_sound(made, tmp_path):
    for edition in ("internal", "public"):
        path = tmp_path / f"{edition}.zip"
        path.write_bytes(made(edition, FORBIDDEN)["bundle"])
        found = verify(path)
        assert found.ok, found.as_json()


@pytest.mark.slow
def test_all_forms_and_the_bundle_are_the_same_bytes_again(made, tmp_path):
    again = Forms(render(content("public", FREE)), "yard-2024-07-01")
    for form in ("html", "json", "md", "docx", "pdf"):
        assert again.file(form) == made("public", FREE)[form], form
    nowhere = SimpleNamespace(store_address=None, store_path=tmp_path / "site.gpkg", path=tmp_path)
    assert again.bundle(nowhere) == made("public", FREE)["bundle"]
