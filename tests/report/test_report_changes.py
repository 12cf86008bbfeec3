"""Changes on the page: what a person said of them, in every form, and nothing that nobody answers for."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import report_cases as cases
from jsonschema import Draft202012Validator

from yardwatch.model import Verdict
from yardwatch.report.outlined import outline
from yardwatch.report.page import render
from yardwatch.report.traced import numbers
from yardwatch.report.views import page_view

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "report.schema.json").read_text(encoding="utf-8"))
DISMISSED = {
    "id": "0123456789abcdef", "kind": "changed", "area_m2": 410.2, "changed_since_verdict": ["area 120 → 410 m²"],
    "verdict": {"is": "false", "by": "A. Analyst", "on": "2024-02-01", "note": "a stack", "inherited": False},
}  # fmt: skip


def judged():
    content = cases.fictional_case()
    (figure,) = content.changes
    said = Verdict(
        id="v", change=figure.change.id, verdict="real", by="B. <i>Editor</i>", given=date(2024, 3, 4),
        note="5 doors", state="s",
    )  # fmt: skip
    change = replace(figure.change, doubt="no clear look for 2.1 years")
    figure = replace(figure, change=change, during=figure.after, verdict=said)
    return replace(content, changes=(figure,), dismissed=(DISMISSED,))


def test_a_verdict_a_doubt_and_what_was_judged_false_stand_on_the_page_and_in_the_data():
    rendered = render(judged())
    assert "Judged real by B. &lt;i&gt;Editor&lt;/i&gt; on 4 March 2024: 5 doors." in rendered.html
    assert "In doubt: no clear look for 2.1 years." in rendered.html
    line = "changed, 410 m² (0123456789abcdef): by A. Analyst on 2024-02-01: a stack; it has changed much since: "
    assert line in rendered.html
    (entry,) = rendered.json["changes"]
    assert entry["verdict"] == {"is": "real", "by": "B. <i>Editor</i>", "on": "2024-03-04", "note": "5 doors"}
    assert len(entry["scenes"]) == 3
    assert rendered.json["changes_judged_false"] == [DISMISSED]
    assert not list(Draft202012Validator(SCHEMA).iter_errors(json.loads(rendered.json_text)))


def test_no_number_of_theirs_is_without_a_statement():
    rendered = render(judged())
    assert [one.text for one in numbers(rendered.html) if one.loose] == []
    named = {one["id"] for one in rendered.json["statements"]}
    (figure,) = judged().changes
    assert named >= {f"verdict:{figure.change.id}", f"doubt:{figure.change.id}", f"dismissed:{DISMISSED['id']}"}


def test_other_forms_say_the_same():
    content = judged()
    text = str(outline(content, page_view(content), "id"))
    assert "Judged real by B. <i>Editor</i> on 4 March 2024: 5 doors." in text
    assert "In doubt: no clear look for 2.1 years." in text
    assert "by A. Analyst on 2024-02-01: a stack" in text


def test_only_judged_false_still_has_its_section():
    rendered = render(replace(judged(), changes=()))
    assert 'id="changes"' in rendered.html
    assert "judged false by a person" in rendered.html
