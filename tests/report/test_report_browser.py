"""The page in a browser, where one is installed: seen, printed, and checked with axe-core."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
import report_cases as cases
from PIL import Image
from pypdf import PdfReader

from yardwatch.report.page import render

AXE = Path(__file__).parents[2] / ".tools" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, NARROW = {"width": 1280, "height": 1600}, {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def browser():
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is missing; make setup")
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("no chromium on this machine; apt install chromium to look at pages in tests")
    with sync.sync_playwright() as runner:
        opened = runner.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    made = {"published": cases.published_case(), "fictional": cases.fictional_case(edition="public")}
    for name, content in made.items():
        (folder / f"{name}.html").write_text(render(content).html, encoding="utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in made}


@pytest.fixture
def opened(browser, pages):
    contexts = []

    def open_page(name, size, scheme="light", **options):
        context = browser.new_context(viewport=size, color_scheme=scheme, offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.goto(pages[name])
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_shows_the_page(opened, scheme):
    shot = Image.open(io.BytesIO(opened("published", WIDE, scheme).screenshot())).convert("L")
    dark = sum(shot.histogram()[:128]) / (shot.width * shot.height)
    ink = dark if scheme == "light" else 1 - dark
    assert 0.005 < ink < 0.3


@pytest.mark.parametrize("name", ["published", "fictional"])
@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (WIDE, "dark"), (NARROW, "light")])
def test_axe_finds_no_violation(opened, name, size, scheme):
    if not AXE.is_file():
        pytest.skip("axe-core is not at hand; scripts/axe.sh fetches it with npm")
    # The page's own policy lets no script run, not even the checker's; it is checked apart below.
    page = opened(name, size, scheme, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.add_script_tag(path=AXE)
    found = page.evaluate("rules => axe.run({runOnly: {type: 'tag', values: rules}})", RULES)
    told = [f"{v['id']}: {v['nodes'][0]['html'][:160]} {v['nodes'][0]['failureSummary']}" for v in found["violations"]]
    assert told == []
    assert len(found["passes"]) > 20


def test_the_policy_of_the_page_lets_no_script_run(opened):
    page = opened("published", WIDE)
    with pytest.raises(Exception, match="Content Security Policy"):
        page.add_script_tag(content="document.title = 'taken'")
    assert page.title() != "taken"


@pytest.mark.parametrize("name", ["published", "fictional"])
def test_a_narrow_screen_scrolls_down_and_never_sideways(opened, name):
    page = opened(name, NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_the_keyboard_reaches_everything_and_shows_where_it_is(opened):
    page = opened("fictional", WIDE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    wanted = page.evaluate("document.querySelectorAll('a[href], summary, [tabindex=\"0\"]').length")
    seen = set()
    for _ in range(wanted + 5):
        at, outline = page.evaluate(
            "(() => { const e = document.activeElement; const all = [...document.querySelectorAll('*')];"
            "return [all.indexOf(e), getComputedStyle(e).outlineStyle]; })()"
        )
        seen.add(at)
        assert outline != "none"
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
    hidden = page.evaluate("document.querySelectorAll('details:not([open]) :is(a[href], [tabindex=\"0\"])').length")
    assert len(seen) >= wanted - hidden


def test_printed_from_the_browser_nothing_is_folded_away(opened):
    printed = opened("fictional", WIDE).pdf(format="A4", prefer_css_page_size=True)
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(printed)).pages).split())
    assert "locomotive" in text
    assert "Page 1 of" in text
