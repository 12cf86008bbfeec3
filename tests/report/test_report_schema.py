"""The JSON form keeps to its published schema, and the schema would notice if it did not."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import report_cases as cases
from jsonschema import Draft202012Validator

from yardwatch.report.page import render
from yardwatch.steps.assessing import Asked
from yardwatch.steps.reporting import report

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "report.schema.json").read_text(encoding="utf-8"))


def faults(document):
    return [
        f"{'/'.join(map(str, e.path))}: {e.message[:120]}" for e in Draft202012Validator(SCHEMA).iter_errors(document)
    ]


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("case", [cases.published_case, cases.fictional_case])
def test_reports_keep_to_it(case):
    assert faults(json.loads(render(case()).json_text)) == []


def test_the_bundled_sites_report_keeps_to_it(tmp_path):
    (written,) = report("tumangang", Asked(as_of=date(2023, 10, 6)), tmp_path, forms=("json",))
    assert faults(json.loads(written.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("claims", 0, "layer"), "guess"),
        (("scenes", 0, "sha256"), "short"),
        (("edition",), "secret"),
        (("record", 0, "value"), "many"),
        (("as_of",), "yesterday"),
        (("form",), "yardwatch-report/2"),
    ],
)
def test_a_report_that_breaks_it_is_found(where, value):
    document = json.loads(render(cases.fictional_case()).json_text)
    inner = document
    for step in where[:-1]:
        inner = inner[step]
    inner[where[-1]] = value
    assert faults(document) != []


def test_a_required_field_that_is_gone_is_missed():
    document = json.loads(render(cases.published_case()).json_text)
    for key in SCHEMA["required"]:
        assert any(key in fault for fault in faults({k: v for k, v in document.items() if k != key})), key
