"""The report as one self-contained HTML file, and the same content as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from yardwatch.assess.judgement import signature
from yardwatch.assess.wording import BANDS, hedged, interval, number, spoken, unit_words
from yardwatch.history.assessment import Assessment
from yardwatch.history.days import day_words, span_words, window_words
from yardwatch.model import Role
from yardwatch.report.anchors import REPORT, WORDS
from yardwatch.report.content import ReportContent
from yardwatch.report.document import document, statements
from yardwatch.report.drawing import WATERMARK, templates
from yardwatch.report.endnotes import Endnote
from yardwatch.report.figure import scene_date
from yardwatch.report.sections import Sections
from yardwatch.report.views import PageView, SiteView, page_view


@dataclass(frozen=True, kw_only=True, eq=False)
class Rendered:
    """A finished report; the same content gives the same text."""

    content: ReportContent
    view: PageView
    html: str
    json: dict[str, Any]

    @property
    def json_text(self) -> str:
        """The JSON form as text, two spaces deep, in a fixed order."""
        return json.dumps(self.json, indent=2, ensure_ascii=False) + "\n"


def render(content: ReportContent) -> Rendered:
    """The report of one site and date. Every string that comes from a file is escaped."""
    return printed(content, page_view(content))


def printed(content: ReportContent, view: PageView) -> Rendered:
    """A view as a report; `view` is of the same content, but for the report it replaces and the command."""
    data = document(content, view)
    html = _environment().get_template("report.html.j2").render(_names(content, view, data["id"]))
    return Rendered(content=content, view=view, html=html, json=data | {"statements": statements(view)})


def _environment() -> Environment:
    environment = templates()
    environment.filters |= {
        "day": day_words,
        "span": span_words,
        "days": _unbroken,
        "window": window_words,
        "number": number,
        "unit": unit_words,
        "spoken": spoken,
        "hedged": hedged,
        "interval": interval,
        "scene_date": scene_date,
        "signature": signature,
    }
    return environment


def _unbroken(text: str) -> Markup:
    """Days of a table that break between each other and never within one."""
    return Markup(" ").join(Markup('<span class="nb">{}</span>').format(word) for word in text.split())


def _names(content: ReportContent, view: PageView, report_id: str) -> dict[str, Any]:
    main = view.main
    sections = Sections.of(main)
    return {
        "content": content,
        "view": view,
        "main": main,
        "assessment": main.assessment,
        "report_id": report_id,
        "title": f"{content.site.name}: {day_words(main.assessment.question.as_of)}",
        "key_observations": sections.observations,
        "key_interpretations": sections.interpretations,
        "notes": sections.notes,
        "surge_said": sections.surge,
        "record_said": sections.levels,
        "rivals_said": sections.rivals,
        "parts_list": _parts(content, view),
        "checks": sections.checks,
        "onset": sections.onset,
        "beaten": sections.beaten,
        "outside": sections.outside,
        "no_look_ids": [i for i, seen in main.known.items() if seen.role is Role.NO_LOOK],
        "citation_ids": _citation_ids(main.assessment),
        "held_ids": _held_ids,
        "source_claim": lambda note: _source_claim(main, note),
        "truth_ids": [row.observation for row in view.truth],
        "bands": BANDS,
        "REPORT": REPORT,
        "WORDS": WORDS,
        "watermark": WATERMARK,
        "css": Markup(_css()),  # noqa: S704 -- our own file
    }


def _citation_ids(assessment: Assessment) -> tuple[str, ...]:
    named = [seen.id for seen in (assessment.observed, assessment.superseded_by) if seen is not None]
    return (*named, *assessment.baseline.bounds, *assessment.baseline.looks)


def _held_ids(other: SiteView) -> tuple[str, ...]:
    """Looks of the other record that stand beside one of this record."""
    return tuple(pair.there.id for pair in other.held.pairs) if other.held else ()


def _source_claim(main: SiteView, note: Endnote) -> Markup:
    """An endnote is its own evidence: it says where the source is to be found."""
    main.anchors.state("source", str(note.number), *note.evidence)
    return Markup('data-claim="source:{0}" data-evidence="source-{0}"').format(note.number)


def _parts(content: ReportContent, view: PageView) -> list[tuple[str, str]]:
    """Contents: the sections that are there."""
    parts = (
        ("finding", "Key finding", True),
        ("place", "The place", True),
        ("record", "The record", True),
        ("surge", "Surge", view.main.surge is not None),
        ("precedent", "“Unprecedented”", True),
        ("checks", "Cross-checks", bool(Sections.of(view.main).checks)),
        ("events", "Onset and events", True),
        ("beside", "Beside it", bool(view.beside)),
        ("images", "Images", bool(view.figures)),
        ("changes", "Changes", bool(content.changes or content.dismissed)),
        ("truth", "Counted beside true", bool(view.truth)),
        ("hypotheses", "Rival explanations", True),
        ("limits", "What could not be seen", True),
        ("corrections", "What changed", content.succession is not None),
        ("evidence", "Evidence", True),
        ("sources", "Sources", True),
        ("methods", "Methods", True),
    )
    return [(place, name) for place, name, there in parts if there]


def _css() -> str:
    source, _, _ = templates().loader.get_source(templates(), "report.css")  # type: ignore[union-attr]
    return source
