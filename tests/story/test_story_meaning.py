"""Judgements, rival explanations, sources, traces and successors, by command and on the page."""

import json
from dataclasses import replace
from datetime import date

import pytest
from typer.testing import CliRunner

from yardwatch.cli import app
from yardwatch.errors import InputError, RefusedError, SiteError
from yardwatch.report.traced import numbers
from yardwatch.sites.folder import copy_bundled
from yardwatch.sites.sources import read_sources, write_sources
from yardwatch.steps.assessing import Asked
from yardwatch.steps.reporting import report
from yardwatch.steps.succeeding import succeed

DAY = Asked(as_of=date(2023, 10, 6), today=date(2026, 1, 1))
LATER = Asked(as_of=date(2024, 6, 18), today=date(2026, 1, 1))
JUDGEMENT = """
[[judgement]]
id = "goods"
text = "It is likely that goods were being moved over the border."
likelihood = "likely"
confidence = "moderate"
because = "the looks are few and no source is graded <b>"
alternatives = ["ordinary trade resuming", "storage", "a display", "평범한 날"]
rests_on = ["o-observed", "i-ratio"]
signed_by = "A. Analyst <script>alert(1)</script> عالم"
signed_on = 2023-10-07
"""


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


ROW = "[[row]]\nid = 'a'\nfact = 'F'\nevidence = ['putin-visit']\n"


@pytest.fixture(name="site")
def _site(tmp_path):
    return copy_bundled("tumangang", tmp_path / "yard").path


def test_a_signed_judgement_stands_on_the_page_escaped_and_in_the_data(site, tmp_path):
    (site / "judgement.toml").write_text(JUDGEMENT, encoding="utf-8")
    html, data = report(site, DAY, tmp_path / "out")
    page, document = html.read_text(encoding="utf-8"), json.loads(data.read_text(encoding="utf-8"))
    assert page.count('data-claim="j-goods"') == 1
    assert "Judged by A. Analyst &lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "평범한 날" in page
    assert document["judgement"]["entered"]
    assert [c["layer"] for c in document["claims"] if c["id"].startswith("j-")] == ["judgement"] * 3
    assert run("judgement", site, "--as-of", "2023-10-06").exit_code == 0


@pytest.mark.parametrize(
    ("cut", "said"),
    [
        ('alternatives = ["ordinary trade resuming", "storage", "a display", "평범한 날"]', "names no alternatives"),
        ("signed_on = 2023-10-07", "is not signed"),
    ],
)
def test_a_public_edition_refuses_a_judgement_without_alternatives_or_signature(site, tmp_path, cut, said):
    (site / "judgement.toml").write_text(JUDGEMENT.replace(cut, ""), encoding="utf-8")
    with pytest.raises(RefusedError, match=said):
        report(site, DAY, tmp_path / "out")
    html, _ = report(site, DAY, tmp_path / "out", edition="internal")
    assert "Draft:" in html.read_text(encoding="utf-8")
    told = run("judgement", site, "--as-of", "2023-10-06", "--json")
    assert told.exit_code == 1
    assert said in json.loads(told.stdout)["judgements"][0]["faults"][0]


def test_an_event_not_disclosed_by_the_as_of_day_is_marked_in_the_matrix(tmp_path):
    """The voyages of mid-August 2023 became known on 16 October: between the two days the fact is marked."""
    for day, marked in (("2023-10-06", ["rajin-dunai-voyages"]), ("2023-10-16", [])):
        found = json.loads(run("hypotheses", "tumangang", "--as-of", day, "--json").stdout)
        (row,) = (row for row in found["rows"] if row["id"] == "voyages-first")
        assert row["undisclosed"] == marked
        shown = run("hypotheses", "tumangang", "--as-of", day).stdout
        assert ("voyages-first *" in shown) == bool(marked)
        asked = Asked(as_of=date.fromisoformat(day), today=date(2026, 1, 1))
        for path in report("tumangang", asked, tmp_path / day, forms=("html", "md")):
            fact = path.read_text(encoding="utf-8").split("Ship voyages between Rajin and Dunai")[1][:400]
            assert ("not yet disclosed on the as-of day" in fact) == bool(marked), path


def test_a_judgement_of_another_day_stays_away(site):
    (site / "judgement.toml").write_text(JUDGEMENT + "as_of = 2024-06-18\n", encoding="utf-8")
    assert json.loads(run("judgement", site, "--as-of", "2023-10-06", "--json").stdout)["judgements"] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x", "correct the TOML"),
        ("[[row]]\nid = 'a'\nfact = 'F'\nevidence = []", "evidence"),
        ("[[row]]\nid = 'a'\nfact = 'F'\nevidence = ['nothing']", "'nothing' is no id of record.csv"),
        (f"{ROW}consistent = ['bulk']\ninconsistent = ['bulk']", "keep one"),
        (f"{ROW}grade = 'Q9'", "grade"),
        (f"{ROW}likely = true", "unknown key"),
        ("[[row]]\nid = 'a'\nfact = \"a\\nb\"\nevidence = ['putin-visit']", "control characters"),
    ],
)  # fmt: skip
def test_a_bad_matrix_names_the_row_and_the_remedy(site, text, said):
    (site / "hypotheses.toml").write_text(text, encoding="utf-8")
    told = run("hypotheses", site)
    assert isinstance(told.exception, SiteError)
    assert said in str(told.exception)


def test_the_bundled_proposal_is_unsigned_and_picks_nothing():
    found = json.loads(run("hypotheses", "tumangang", "--as-of", "2024-06-18", "--json").stdout)
    assert found["picked"] is None
    assert not found["signed"]
    assert found["order"][-1]["hypotheses"] == ["nothing-unusual"]
    assert {one["row"] for one in found["leave_one_out"] if one["changes"]} == {"covered-cargo", "stacks-change"}
    assert found["left_out"] == ["station-and-passengers"]


def change_source(site, name, **changed):
    held = read_sources(site / "sources.toml")
    write_sources(site / "sources.toml", [replace(one, **changed) if one.id == name else one for one in held])


def test_a_graded_source_changes_the_weight(site):
    change_source(site, "beyond-parallel-2023-10", grade="B2", graded_by="A. Analyst")
    rows = json.loads(run("hypotheses", site, "--as-of", "2024-06-18", "--json").stdout)["rows"]
    assert {row["id"]: row["weight"] for row in rows}["covered-cargo"] == 0.64


def test_a_trace_leads_from_the_page_to_the_source(tmp_path):
    html, _ = report("tumangang", DAY, tmp_path)
    told = run("trace", html, "i-ratio", "--json")
    assert told.exit_code == 0
    chain = json.loads(told.stdout)["chain"]
    assert [one["id"] for one in chain["below"]] == ["o-observed", "o-maximum"]
    (observation,) = chain["below"][0]["below"]
    assert observation["id"] == "2023-10-05-facility-cars"
    assert {one["kind"] for one in observation["below"]} == {"source", "zone"}
    assert isinstance(run("trace", html, "o-nothing").exception, InputError)


def test_the_successor_of_the_published_case_says_that_the_73_was_beaten(tmp_path):
    _, old = report("tumangang", DAY, tmp_path)
    before = old.read_bytes()
    (html, data), found = succeed("tumangang", LATER, json.loads(before)["id"], tmp_path)
    document = json.loads(data.read_text(encoding="utf-8"))
    assert html.name == "tumangang-2024-06-18-v2.html"
    assert old.read_bytes() == before
    assert document["report_version"] == 2
    assert document["supersedes"]["id"] == json.loads(before)["id"]
    changed = {one["claim"]: one for one in document["changed"]}
    assert "about 73" in changed["o-observed"]["was"]
    assert "about 255" in changed["o-observed"]["now"]
    assert "may no longer be called the highest" in changed["i-withdrawn-1"]["now"]
    assert len(found.changed) == len(document["changed"])
    assert "It replaces report" in html.read_text(encoding="utf-8")


def test_a_withdrawn_source_rewrites_the_report_and_says_so(site, tmp_path):
    _, old = report(site, LATER, tmp_path)
    gone = {"withdrawn": date(2025, 1, 2), "withdrawn_why": "counts corrected"}
    change_source(site, "beyond-parallel-2024-06", **gone)
    (_, data), _ = succeed(site, LATER, str(old), tmp_path)
    changed = {one["claim"]: one for one in json.loads(data.read_text(encoding="utf-8"))["changed"]}
    assert "about 73" in changed["o-observed"]["now"]
    assert any("source withdrawn 2025-01-02: counts corrected" in why for why in changed["o-observed"]["why"])


@pytest.mark.parametrize("edition", ["public", "internal"])
def test_every_number_of_a_judged_successor_belongs_to_a_claim(site, tmp_path, edition):
    (site / "judgement.toml").write_text(JUDGEMENT.replace("2023-10-07", "2024-06-19"), encoding="utf-8")
    _, old = report(site, DAY, tmp_path, edition=edition)
    (html, _), _ = succeed(site, LATER, str(old), tmp_path, edition=edition)
    assert [one.text for one in numbers(html.read_text(encoding="utf-8")) if one.loose] == []


def test_the_same_store_makes_the_same_successor(tmp_path):
    _, old = report("tumangang", DAY, tmp_path)
    first = [path.read_bytes() for path in succeed("tumangang", LATER, str(old), tmp_path / "a")[0]]
    assert [path.read_bytes() for path in succeed("tumangang", LATER, str(old), tmp_path / "b")[0]] == first


@pytest.mark.parametrize("since", ["0123456789abcdef", "", "abc"])
def test_an_old_report_that_is_not_at_hand_is_asked_for(tmp_path, since):
    with pytest.raises(InputError, match=r"no report of that id in .*; name the old report's .json"):
        succeed("tumangang", DAY, since, tmp_path)


def test_sources_go_out_and_come_in(site, tmp_path):
    out = tmp_path / "csl.json"
    assert run("sources", "export", site, "--out", out).exit_code == 0
    before = read_sources(site / "sources.toml")
    assert run("sources", "import", site, out).exit_code == 0
    assert sorted(read_sources(site / "sources.toml"), key=lambda one: one.id) == sorted(before, key=lambda one: one.id)
    listed = json.loads(run("sources", "list", site, "--json").stdout)
    assert len(listed["independent"]) == 20
    assert len(listed["sources"]) == 36
