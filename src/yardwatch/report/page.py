"""The report as one self-contained HTML file, and the same content as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from yardwatch.assess.days import day_words, span_words, window_words
from yardwatch.assess.wording import BANDS, hedged, interval, number, spoken, unit_words
from yardwatch.history import shifts
from yardwatch.history.assessment import Assessment
from yardwatch.history.leads import rivals_told
from yardwatch.history.surge_notes import surge_notes
from yardwatch.model import Role
from yardwatch.report.anchors import REPORT, WORDS
from yardwatch.report.content import ReportContent
from yardwatch.report.document import document
from yardwatch.report.drawing import WATERMARK, templates
from yardwatch.report.figure import scene_date
from yardwatch.report.sentences import Sentence
from yardwatch.report.views import PageView, SiteView, page_view

KEY_OBSERVATIONS = ("o-observed", "o-sensor", "o-kinds", "o-maximum")
KEY_INTERPRETATIONS = ("i-ratio", "i-unprecedented", "i-p-record", "i-p-model", "i-p-calibrated", "i-onset")
"""What the key finding shows; everything else stands in its own section."""
BEATEN = ("o-superseding", "i-superseded", "o-withdrawn-", "o-beaten-by-", "i-withdrawn-")

COVERAGE = "Coverage:"
"""How history begins its note of what the record could not have seen."""


@dataclass(frozen=True)
class Rendered:
    """A finished report; the same content gives the same text."""

    html: str
    json: dict[str, Any]

    @property
    def json_text(self) -> str:
        """The JSON form as text, two spaces deep, in a fixed order."""
        return json.dumps(self.json, indent=2, ensure_ascii=False) + "\n"


def render(content: ReportContent) -> Rendered:
    """The report of one site and date. Every string that comes from a file is escaped."""
    view = page_view(content)
    data = document(content, view)
    html = _environment().get_template("report.html.j2").render(_names(content, view, data["id"]))
    return Rendered(html=html, json=data)


def _environment() -> Environment:
    environment = templates()
    environment.filters |= {
        "day": day_words,
        "span": span_words,
        "window": window_words,
        "number": number,
        "unit": unit_words,
        "spoken": spoken,
        "hedged": hedged,
        "interval": interval,
        "scene_date": scene_date,
    }
    return environment


def _names(content: ReportContent, view: PageView, report_id: str) -> dict[str, Any]:
    main = view.main
    return {
        "content": content,
        "view": view,
        "main": main,
        "assessment": main.assessment,
        "report_id": report_id,
        "title": f"{content.site.name}: {day_words(main.assessment.question.as_of)}",
        "key_observations": [main.sentences[i] for i in KEY_OBSERVATIONS if i in main.sentences],
        "key_interpretations": [main.sentences[i] for i in KEY_INTERPRETATIONS if i in main.sentences],
        "parts_list": _parts(content, view),
        "checks": _starting(main.sentences, "o-cross-", "i-cross-"),
        "onset": _starting(main.sentences, "o-onset-", "i-events"),
        "beaten_ids": [i for i in main.sentences if i.startswith(BEATEN)],
        "outside_ids": [i for i in main.sentences if i.startswith("o-outside-")],
        "no_look_ids": [i for i, seen in main.known.items() if seen.role is Role.NO_LOOK],
        "citation_ids": _citation_ids(main.assessment),
        "truth_ids": [row.observation for row in view.truth],
        **_notes(main),
        "bands": BANDS,
        "REPORT": REPORT,
        "WORDS": WORDS,
        "watermark": WATERMARK,
        "css": Markup(_css()),  # noqa: S704 -- our own file
    }


def _citation_ids(assessment: Assessment) -> tuple[str, ...]:
    named = [seen.id for seen in (assessment.observed, assessment.superseded_by) if seen is not None]
    return (*named, *assessment.baseline.bounds, *assessment.baseline.looks)


def _starting(sentences: dict[str, Sentence], *starts: str) -> list[Sentence]:
    return [s for i, s in sentences.items() if i.startswith(starts)]


def _notes(main: SiteView) -> dict[str, list[Sentence]]:
    """Notes where they are looked for: those of the test, the record's levels and rival events in their sections."""
    held = main.assessment
    test = frozenset(surge_notes(held.surge) if held.surge else ())
    record = frozenset(shifts.told(held.levels, held.question.unit))
    rivals = frozenset(rivals_told(held.events, held.onset))
    found: dict[str, list[Sentence]] = {"notes": [], "surge_said": [], "record_said": [], "rivals_said": []}
    for sentence in _starting(main.sentences, "i-note-"):
        if main.surge is not None and sentence.text in test:
            found["surge_said"].append(sentence)
        elif main.surge is not None and (sentence.text in record or sentence.text.startswith(COVERAGE)):
            found["record_said"].append(sentence)
        elif sentence.text in rivals:
            found["rivals_said"].append(sentence)
        else:
            found["notes"].append(sentence)
    return found


def _parts(content: ReportContent, view: PageView) -> list[tuple[str, str]]:
    """Contents: the sections that are there."""
    parts = (
        ("finding", "Key finding", True),
        ("record", "The record", True),
        ("surge", "Surge", view.main.surge is not None),
        ("precedent", "“Unprecedented”", True),
        ("checks", "Cross-checks", bool(_starting(view.main.sentences, "o-cross-"))),
        ("events", "Onset and events", True),
        ("beside", "Beside it", bool(view.beside)),
        ("images", "Images", bool(view.figures)),
        ("changes", "Changes", bool(content.changes)),
        ("truth", "Counted beside true", bool(view.truth)),
        ("hypotheses", "Rival explanations", True),
        ("limits", "What could not be seen", True),
        ("evidence", "Evidence", True),
        ("sources", "Sources", True),
        ("methods", "Methods", True),
    )
    return [(place, name) for place, name, there in parts if there]


def _css() -> str:
    source, _, _ = templates().loader.get_source(templates(), "report.css")  # type: ignore[union-attr]
    return source
