"""The report as DOCX: headings, tables and captions are Word's own, so that an editor may restyle it in one step.

The same report gives the same bytes: the document's dates are the as-of day, and the archive is written anew in a
fixed order with fixed times.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from yardwatch.report.endnotes import Endnote
from yardwatch.report.outline import Block, Figure, Grid, Heading, Items, Words

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip archive can name."""
PAGE_MM, MARGIN_MM = (210, 297), 22
"""A4."""
FIGURE_MM = 160
NARROWEST_MM = 9.0
"""Of a column: two digits and the cell's own margins."""
LONGEST_CELL = 40
"""Characters at which a column's wish for width is cut off."""
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""


def word(blocks: Sequence[Block], sources: Sequence[Endnote], pictures: Mapping[str, bytes], as_of: date) -> bytes:
    """The blocks as a Word document. `pictures`: PNG by the name of its plate."""
    from docx import Document

    document = Document()
    _page(document.sections[0])
    _identity(document, blocks, as_of)
    for block in blocks:
        _add(document, block, pictures)
    if sources:
        document.add_heading("Endnotes", 2)
    for note in sources:
        document.add_paragraph(_clean(f"{note.number}. {note.publisher}{', ' + note.url if note.url else ''}"))
    out = io.BytesIO()
    document.save(out)
    return settled(out.getvalue())


def settled(archive: bytes) -> bytes:
    """A zip archive in a fixed order with fixed times: the same members give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            info = zipfile.ZipInfo(name, EPOCH)
            info.external_attr, info.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return out.getvalue()


def _page(section: Any) -> None:  # noqa: ANN401 -- python-docx is untyped
    from docx.shared import Mm

    section.page_width, section.page_height = (Mm(side) for side in PAGE_MM)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN_MM)


def _identity(document: Any, blocks: Sequence[Block], as_of: date) -> None:  # noqa: ANN401 -- python-docx is untyped
    day = datetime.combine(as_of, time(), UTC).replace(tzinfo=None)
    core = document.core_properties
    title = next((block.text for block in blocks if isinstance(block, Heading)), "Report")
    core.title, core.author, core.last_modified_by = _clean(title)[:250], "Yardwatch", "Yardwatch"
    core.created = core.modified = core.last_printed = day
    core.revision, core.comments, core.language = 1, "", "en-GB"


def _add(document: Any, block: Block, pictures: Mapping[str, bytes]) -> None:  # noqa: ANN401
    if isinstance(block, Heading):
        document.add_heading(_clean(block.text), block.level - 1)
    elif isinstance(block, Words):
        _words(document.add_paragraph(style={"quote": "Intense Quote"}.get(block.role, "Normal")), block)
    elif isinstance(block, Items):
        for entry in block.entries:
            _words(document.add_paragraph(style="List Bullet"), entry)
    elif isinstance(block, Grid):
        _grid(document, block)
    else:
        _figure(document, block, pictures)


def _words(paragraph: Any, block: Words) -> None:  # noqa: ANN401
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run(_clean(block.text))
    run.bold, run.italic = block.role == "warning" or None, block.role == "aside" or None
    if block.sources:
        paragraph.add_run(", ".join(str(number) for number in block.sources)).font.superscript = True
    if block.claim:
        name = paragraph.add_run(_clean(f"  [{block.claim}]"))
        name.font.size, name.font.color.rgb = Pt(7), RGBColor(0x6F, 0x6F, 0x6F)


def _grid(document: Any, grid: Grid) -> None:  # noqa: ANN401
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    caption = document.add_paragraph(_clean(grid.caption), style="Caption")
    caption.paragraph_format.keep_with_next = True
    table = document.add_table(rows=0, cols=len(grid.head), style="Light Grid Accent 1")
    table.autofit = False
    widths = [Mm(width) for width in _widths(grid)]
    for number, cells in enumerate((grid.head, *grid.rows)):
        row = table.add_row()
        for cell, text, width in zip(row.cells, cells, widths, strict=True):
            cell.width = width
            _words(cell.paragraphs[0], Words(text=text) if isinstance(text, str) else text)
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(8.5)
        again = row._tr.get_or_add_trPr()  # noqa: SLF001 -- python-docx has no name for either
        again.append(OxmlElement("w:cantSplit"))
        if number == 0:
            head = OxmlElement("w:tblHeader")
            head.set(qn("w:val"), "true")
            again.append(head)


def _widths(grid: Grid) -> list[float]:
    """Millimetres of each column: by its longest word, and by how much it has to hold."""
    wishes = []
    for column in zip(grid.head, *grid.rows, strict=True):
        texts = [cell if isinstance(cell, str) else cell.text for cell in column]
        word = max(len(part) for text in texts for part in (text.split() or [""]))
        wishes.append(max(min(word, LONGEST_CELL / 2), min(sum(map(len, texts)) / len(texts), LONGEST_CELL), 1.0))
    spare = PAGE_MM[0] - 2 * MARGIN_MM - NARROWEST_MM * len(wishes)
    return [NARROWEST_MM + spare * wish / sum(wishes) for wish in wishes]


def _figure(document: Any, figure: Figure, pictures: Mapping[str, bytes]) -> None:  # noqa: ANN401
    from docx.shared import Mm

    shape = document.add_picture(io.BytesIO(pictures[figure.plate.name]), width=Mm(FIGURE_MM))
    described = shape._inline.docPr  # noqa: SLF001 -- python-docx has no name for the words of a picture
    described.set("descr", _clean(figure.plate.alt))
    described.set("title", _clean(figure.plate.title))
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    document.add_paragraph(_clean(figure.caption), style="Caption")


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("�", text)
