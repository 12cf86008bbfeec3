"""The PDF as a screen reader meets it: tagged, titled, in a language, with bookmarks and words for every figure."""

from __future__ import annotations

import builtins
import io
import re
import subprocess
import sys
from datetime import date
from itertools import pairwise

import pytest
import report_cases as cases
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from yardwatch.errors import UnavailableError
from yardwatch.report.page import render
from yardwatch.report.pdf import pdf
from yardwatch.report.plates import plates

pytest.importorskip("weasyprint", reason="pango is missing (Debian: apt install libpango-1.0-0 libpangoft2-1.0-0)")
AS_OF = date(2024, 7, 1)


@pytest.fixture(scope="module")
def page():
    return render(cases.fictional_case())


@pytest.fixture(scope="module")
def made(page):
    return pdf(page.html, AS_OF)


@pytest.fixture(scope="module")
def reader(made):
    return PdfReader(io.BytesIO(made))


def structure(reader):
    """Every structure element of the document, in reading order."""

    def below(node):
        node = node.get_object() if isinstance(node, IndirectObject) else node
        if isinstance(node, list):
            for child in node:
                yield from below(child)
        elif isinstance(node, dict):
            if "/S" in node:
                yield node
            if "/K" in node:
                yield from below(node["/K"])

    yield from below(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])


def test_it_says_what_it_is_to_those_who_cannot_see_it(reader):
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] in (True, "true")
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] in (True, "true")
    assert reader.metadata.title == "Fictional yard (simulated): 1 July 2024"
    packet = root["/Metadata"].get_object().get_data().decode()
    assert re.search(r"pdfuaid:part[^0-9]*1", packet)
    assert reader.metadata.creation_date.date() == AS_OF


def test_every_page_is_tagged_in_reading_order_and_numbered(reader):
    for number, sheet in enumerate(reader.pages, 1):
        assert sheet["/Tabs"] == "/S"
        assert "/StructParents" in sheet
        content = sheet.get_contents().get_data()
        assert content.count(b"BDC") + content.count(b"BMC") == content.count(b"EMC") > 0
        text = sheet.extract_text()
        assert f"Page {number} of {len(reader.pages)}" in text
        assert "SIMULATED" in text


def test_every_figure_has_words_and_every_table_its_heads(reader, page):
    nodes = list(structure(reader))
    words = [node.get("/Alt", "") for node in nodes if node["/S"] == "/Figure"]
    assert len(words) >= len(plates(page.content, page.view)) > 2
    assert all(len(alt) > 20 for alt in words)
    tables = [node for node in nodes if node["/S"] == "/Table"]
    assert len(tables) >= 5
    assert sum(node["/S"] == "/TH" for node in nodes) > len(tables)


def test_headings_go_down_one_step_at_a_time(reader):
    levels = [int(node["/S"][2:]) for node in structure(reader) if re.fullmatch(r"/H[1-6]", node["/S"])]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_bookmarks_lead_to_every_section(reader, page):
    def titles(entries):
        for entry in entries:
            yield from titles(entry) if isinstance(entry, list) else [entry["/Title"]]

    found = list(titles(reader.outline))
    heads = re.findall(r"<h2[^>]*>([^<]+)</h2>", page.html)
    assert set(heads) <= set(found)
    assert found[0] == "Fictional yard (simulated)"


def test_what_the_page_folds_away_the_print_shows(reader):
    text = " ".join(" ".join(sheet.extract_text() for sheet in reader.pages).split())
    assert "The vehicles by number" in text
    assert "c00" not in text
    assert text.count("locomotive") >= 1


def test_another_process_with_another_hash_seed_gives_the_same_bytes(made, page, tmp_path):
    source, target = tmp_path / "page.html", tmp_path / "page.pdf"
    source.write_text(page.html, encoding="utf-8")
    code = (
        "import sys; from datetime import date; from pathlib import Path; from yardwatch.report.pdf import pdf;"
        "Path(sys.argv[2]).write_bytes(pdf(Path(sys.argv[1]).read_text(encoding='utf-8'), date(2024, 7, 1)))"
    )
    command = [sys.executable, "-c", code, str(source), str(target)]
    environment = {"PYTHONHASHSEED": "7", "PYTHONPATH": ":".join(sys.path)}
    subprocess.run(command, check=True, env=environment, capture_output=True)
    assert target.read_bytes() == made


def test_nothing_is_fetched_whatever_a_page_asks_for(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("top secret", encoding="utf-8")
    page = (
        f'<html lang="en"><head><title>t</title><link rel="stylesheet" href="file://{secret}"></head>'
        f'<body><h1>t</h1><img alt="x" src="file://{secret}"><a rel="attachment" href="file://{secret}">a</a></body></html>'
    )
    assert b"top secret" not in pdf(page, AS_OF)


def test_without_pango_the_message_says_what_to_install(monkeypatch):
    real = builtins.__import__

    def refuse(name, *rest):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'\nmore lines")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(UnavailableError, match=r"libpango-1.0-0'\).*apt install libpango-1.0-0"):
        pdf("<html></html>", AS_OF)


def test_no_sentence_leaves_its_first_word_or_its_endnote_alone_on_a_line(page, reader):
    """WeasyPrint broke after the first word where a sentence fills its line, and before an endnote's number."""
    lines = [line.strip() for sheet in reader.pages for line in sheet.extract_text().splitlines()]
    first = {claim["text"].split()[0] for claim in page.json["claims"]}
    assert not first & set(lines)
    named = render(cases.published_case()).html
    assert re.search(r'<p class="claim[^>]*><span>[^<]+<sup data-number="note">&#x2060;<a', named)
