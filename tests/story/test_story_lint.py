"""`yardwatch lint`: forms of file, the JSON contract, exit codes, and our own reports."""

import json

import pytest
from typer.testing import CliRunner

from yardwatch.cli import app
from yardwatch.steps.assessing import Asked
from yardwatch.steps.reporting import report

FIELDS = {"line", "text", "rule", "why", "suggestion", "claim"}


def run(*words):
    return CliRunner().invoke(app, ["lint", *map(str, words)])


@pytest.fixture(scope="module", name="page")
def _page(tmp_path_factory):
    from datetime import date

    asked = Asked(as_of=date(2023, 10, 6), window="5y", zone=None, unit=None, today=date(2026, 1, 1))
    return report("tumangang", asked, out=tmp_path_factory.mktemp("reports"))[0]


def test_findings_have_the_contracts_fields_and_exit_one(tmp_path):
    file = tmp_path / "draft.txt"
    file.write_text("About 73 freight cars stood there.\nThe visit caused the rise.\n", encoding="utf-8")
    said = run(file, "--json")
    found = json.loads(said.stdout)["findings"]
    assert said.exit_code == 1
    assert [(one["line"], one["rule"], one["claim"]) for one in found] == [(2, "causal", None)]
    assert all(set(one) == FIELDS for one in found)


def test_nothing_found_exits_zero(tmp_path):
    file = tmp_path / "draft.md"
    file.write_text("About 73 freight cars stood there.\n", encoding="utf-8")
    said = run(file)
    assert said.exit_code == 0
    assert "not that the text is true" in said.stdout
    assert json.loads(run(file, "--json").stdout) == {"findings": []}


@pytest.mark.parametrize("suffix", [".html", ".json"])
@pytest.mark.parametrize(
    ("quote", "claim"),
    [
        ("at least 73", "o-observed"),
        ("up to 73", "o-observed"),
        ("are moving to Russia", "l-inside"),
        ("US spy satellite", "o-sensor"),
    ],
)
def test_the_presss_distortions_break_a_claim_of_the_report(tmp_path, page, suffix, quote, claim):
    file = tmp_path / "press.txt"
    file.write_text(quote + "\n", encoding="utf-8")
    said = run(file, "--against", page.with_suffix(suffix), "--json")
    assert said.exit_code == 1
    assert claim in {one["claim"] for one in json.loads(said.stdout)["findings"]}


def test_a_page_alone_is_enough_to_hold_a_quotation_against(tmp_path, page):
    lone = tmp_path / "alone.html"
    lone.write_bytes(page.read_bytes())
    file = tmp_path / "press.txt"
    file.write_text("At least 73 freight cars.\n", encoding="utf-8")
    (found,) = json.loads(run(file, "--against", lone, "--json").stdout)["findings"]
    assert found["claim"] == "o-observed"


def test_the_sentence_to_quote_may_be_quoted(tmp_path, page):
    document = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    file = tmp_path / "quote.txt"
    file.write_text(f"{document['citation']}\n{document['verdict']}\n", encoding="utf-8")
    assert json.loads(run(file, "--against", page, "--json").stdout) == {"findings": []}


@pytest.mark.parametrize("suffix", [".html", ".json"])
def test_our_own_report_keeps_the_rules_and_names_the_claims(page, suffix):
    found = json.loads(run(page.with_suffix(suffix), "--json").stdout)["findings"]
    assert [(one["claim"], one["rule"]) for one in found] == []


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.txt", b"\xff\xfe\x00", 2),
        ("a.txt", b"", 2),
        ("a.json", b"{}", 2),
        ("a.json", b"[1]", 2),
        ("a.json", b"{" * 9, 2),
        ("gone.txt", None, 3),
    ],
)
def test_what_cannot_be_read_says_so(tmp_path, name, content, code):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    from yardwatch.errors import YardwatchError

    said = run(tmp_path / name)
    assert isinstance(said.exception, YardwatchError)
    assert said.exception.exit_code == code
    assert name in str(said.exception)


def test_markup_in_a_text_is_shown_as_text(tmp_path):
    file = tmp_path / "draft.txt"
    file.write_text("<b>[red]It is definitely a store.[/red]</b>\n", encoding="utf-8")
    assert "[red]It is definitely a store.[/red]" in run(file).stdout
