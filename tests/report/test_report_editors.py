"""Markdown and Word: the same sentences as the page, nothing from outside read as markup, the same bytes again."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import date

import pytest
import report_cases as cases
from docx import Document

from yardwatch.history.note import Note
from yardwatch.model import Source
from yardwatch.report.markdown import markdown
from yardwatch.report.outline import Grid, Heading, Words
from yardwatch.report.outlined import outline
from yardwatch.report.page import render
from yardwatch.report.plates import plates
from yardwatch.report.word import settled, word

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)
AS_OF = date(2023, 10, 6)


def blocks(content):
    made = render(content)
    return made, outline(made.content, made.view, made.json["id"])


def in_word(content):
    made, found = blocks(content)
    pictures = {plate.name: PIXEL for plate in plates(made.content, made.view)}
    return word(found, made.view.notes.listed, pictures, AS_OF)


@pytest.mark.parametrize("case", [cases.published_case, cases.fictional_case])
def test_every_claim_of_the_page_is_in_both_forms_with_its_id(case):
    made, found = blocks(case())
    text = markdown(found, made.view.notes.listed, "figures")
    plain = re.sub(r"\\(.)", r"\1", text)
    document = Document(io.BytesIO(in_word(case())))
    spoken = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for claim in made.json["claims"]:
        if claim["id"].startswith(("i-superseded", "o-")) or claim["layer"] == "interpretation":
            assert " ".join(claim["text"].split()) in plain, claim["id"]
            assert f"`{claim['id']}`" in text
            assert claim["text"] in spoken
            assert f"[{claim['id']}]" in spoken


def test_both_carry_the_citation_the_limits_and_the_sources():
    made, found = blocks(cases.published_case())
    text = re.sub(r"\\(.)", r"\1", markdown(found, made.view.notes.listed, "figures"))
    assert f"> {made.view.citation}" in text
    assert all(limit["text"] in text for limit in made.json["limits"])
    assert all(f"[^{note.number}]: {note.publisher}" in text for note in made.view.notes.listed)
    assert "\\[" not in text, "a number in brackets in a table is no footnote"
    assert re.search(r"^\| 1 \|.*\[\^\d+\] \|", text, re.MULTILINE), "an event's source is a footnote in its row"
    assert "(figures/record.png)" in text


EVIL = "[x](javascript:alert(1)) <img src=x onerror=alert(1)> | `a` ![i](http://e.example/i.png) # *b*"


def test_markdown_reads_nothing_from_outside_as_markup():
    look = replace(cases.RECORD[3], note=EVIL, source=Source(publisher=EVIL, url="javascript:alert(1)"))
    site = replace(cases.tumangang(name=EVIL), record=(*cases.RECORD[:3], look, *cases.RECORD[4:]))
    base = replace(cases.published_assessment(), observed=look, verdict=EVIL, notes=(Note(id="evil", text=EVIL),))
    made, found = blocks(cases.published_case(site=site, assessment=base))
    text = markdown(found, made.view.notes.listed, "figures")
    bare = re.sub(r"\\.", "", text)
    assert "](" not in re.sub(r"!\[[^\]]*\]\(figures/[a-z0-9-]+\.png\)", "", bare)
    assert "<img" not in bare
    assert "javascript" not in "".join(re.findall(r"<[^>]*>", bare))


@pytest.mark.parametrize(
    ("text", "said"),
    [("1. first", r"1\. first"), ("- x", r"\- x"), ("# x", r"\# x"), ("a\n\n# b", r"a \# b"), ("> x", r"\> x")],
)
def test_a_line_of_text_never_becomes_a_list_a_heading_or_a_quote(text, said):
    made = markdown([Words(text=text)], [], "f").strip()
    assert made.replace("1\\.", "1\\.") in (said, said.replace("1\\.", "\\1."))


def test_a_cell_with_a_bar_stays_one_cell():
    grid = Grid(caption="c", head=("a", "b"), rows=(("x|y", "z\nw"),))
    row = markdown([grid], [], "f").strip().splitlines()[-1]
    assert len(re.findall(r"(?<!\\)\|", row)) == 3


def test_word_keeps_headings_tables_and_the_words_of_figures():
    document = Document(io.BytesIO(in_word(cases.fictional_case())))
    styles = {paragraph.style.name for paragraph in document.paragraphs}
    assert {"Title", "Heading 1", "Heading 2", "Caption", "Intense Quote"} <= styles
    assert len(document.tables) >= 4
    assert all(table.rows[0]._tr.trPr is not None for table in document.tables)
    xml = document.element.xml
    words = re.findall(r'<wp:docPr [^>]*descr="([^"]*)"', xml)
    assert len(words) == len(document.inline_shapes) >= 3
    assert all(len(alt) > 20 for alt in words)
    assert document.core_properties.title == "Fictional yard (simulated)"
    assert document.core_properties.created.date() == AS_OF


def test_word_takes_control_characters_korean_and_right_to_left():
    found = [Heading(level=1, text="두만강역 \x00\x0b עברית"), Words(text="<w:p>&</w:p>")]
    document = Document(io.BytesIO(word(found, [], {}, AS_OF)))
    assert document.paragraphs[0].text == "두만강역 �� עברית"
    assert document.paragraphs[1].text == "<w:p>&</w:p>"


def test_in_word_pictures_fit_the_page_and_columns_what_they_hold():
    document = Document(io.BytesIO(in_word(cases.published_case())))
    (section,) = document.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    across = section.page_width - section.left_margin - section.right_margin
    assert all(shape.width <= across for shape in document.inline_shapes)
    for table in document.tables:
        widths = [cell.width for cell in table.rows[0].cells]
        assert sum(widths) == pytest.approx(across, rel=0.01)
    events = next(table for table in document.tables if table.rows[0].cells[0].text == "No.")
    number, _, title, *_ = [cell.width for cell in events.rows[0].cells]
    assert number >= 320_000, "9 mm, in EMU of 36,000 to the millimetre: two digits and the margins"
    assert title > 3 * number


def test_the_same_report_gives_the_same_word_bytes_whatever_the_clock_says(monkeypatch):
    first = in_word(cases.published_case())
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert in_word(cases.published_case()) == first


def test_an_archive_settles_to_the_same_bytes_in_any_order():
    def zipped(names):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name in names:
                archive.writestr(name, name * 10)
        return settled(out.getvalue())

    assert zipped(["b", "[Content_Types].xml", "a"]) == zipped(["a", "b", "[Content_Types].xml"])
