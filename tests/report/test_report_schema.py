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


def faults(document, schema=SCHEMA):
    return [
        f"{'/'.join(map(str, e.path))}: {e.message[:200]}" for e in Draft202012Validator(schema).iter_errors(document)
    ]


def closed(part):
    """The schema with every object it describes closed: a field the report has and the schema does not name is told.

    The published schema is open, since fields may be added within a form.
    """
    if isinstance(part, list):
        return [closed(one) for one in part]
    if not isinstance(part, dict):
        return part
    found = {key: closed(value) for key, value in part.items()}
    named = isinstance(found.get("properties"), dict) and "type" in found
    return found | ({"unevaluatedProperties": False} if named and "additionalProperties" not in found else {})


def all_named(document):
    strict = closed(SCHEMA)
    strict["$defs"]["site"].pop("unevaluatedProperties", None)  # it is a part of the whole, closed there
    strict["properties"]["beside"]["items"] = {"$ref": "#/$defs/site", "unevaluatedProperties": False}
    return faults(document, strict)


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("case", [cases.published_case, cases.fictional_case])
def test_reports_keep_to_it(case):
    document = json.loads(render(case()).json_text)
    assert faults(document) == []
    assert all_named(document) == []


def test_a_field_nobody_described_is_told():
    document = json.loads(render(cases.published_case()).json_text)
    for place in (document, document["claims"][0], document["beside"][0], document["sources"][0]):
        place["extra"] = 1
        assert any("extra" in fault for fault in all_named(document))
        del place["extra"]


def test_the_bundled_sites_report_keeps_to_it(tmp_path):
    for day in (date(2023, 10, 6), date(2024, 6, 18)):
        (written,) = report("tumangang", Asked(as_of=day), tmp_path, forms=("json",))
        document = json.loads(written.read_text(encoding="utf-8"))
        assert faults(document) == []
        assert all_named(document) == []


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
