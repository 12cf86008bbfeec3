"""The page: every number leads to its evidence, nothing is fetched, nothing given is markup, same in, same out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from itertools import pairwise

import pytest
import report_cases as cases

from yardwatch.assess.corrections import Changed, Succession
from yardwatch.assess.hypotheses import SEEDED, Entry, Matrix, Rating
from yardwatch.history.note import Note
from yardwatch.model import Event, Observation, Source
from yardwatch.model.judged import Verdict
from yardwatch.report.page import printed, render
from yardwatch.report.views import page_view

VOID = {"meta", "br", "use", "path", "rect", "image", "input", "img", "link", "hr"}
SILENT = {"style", "head"}
SPOKEN = ("alt", "aria-label", "title")
FURNITURE = {"date", "definition", "name", "note"}
"""What a number may be without belonging to a claim: the day of the report, a definition, a name, an endnote's mark."""


class Walker(HTMLParser):
    """Reads a page: text (spoken text too) with the claim and evidence of its nearest ancestor that names some."""

    def __init__(self, html):
        super().__init__()
        self.stack, self.texts, self.ids, self.tags, self.attributes = [], [], [], [], []
        self.evidence, self.claims, self.owners = set(), set(), []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append(tag)
        self.attributes += [(tag, k, v) for k, v in attrs.items()]
        if "id" in attrs:
            self.ids.append(attrs["id"])
        places = tuple(attrs.get("data-evidence", "").split())
        self.evidence |= set(places)
        owner = ("claim", attrs["data-claim"]) if "data-claim" in attrs else None
        owner = ("number", attrs["data-number"]) if "data-number" in attrs else owner
        self.claims |= {attrs["data-claim"]} if "data-claim" in attrs else set()
        self.stack.append((tag, places, owner))
        for name in SPOKEN:
            self.handle_data(attrs.get(name) or "")
        if tag in VOID:
            self.stack.pop()

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.stack.pop()

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        assert self.stack.pop()[0] == tag, f"</{tag}> closes something else"

    def handle_data(self, data):
        if not {tag for tag, _, _ in self.stack} & SILENT or any(owner for _, _, owner in self.stack):
            places = next((p for _, p, _ in reversed(self.stack) if p), ())
            self.texts.append((data, places))
            self.owners.append((data, next((o for _, _, o in reversed(self.stack) if o), None)))


@pytest.fixture(scope="module", params=["published", "fictional", "bare", "judged"])
def rendered(request):
    made = {
        "published": cases.published_case,
        "fictional": cases.fictional_case,
        "bare": bare_case,
        "judged": judged_case,
    }
    return render(made[request.param]())


@pytest.fixture(scope="module")
def page(rendered):
    return Walker(rendered.html)


def judged_case():
    """A change a person called real, another one false, an image that is gone."""
    content = cases.fictional_case()
    verdict = Verdict(
        id="v1", change="change-1", verdict="real", by="A. Analyst", given=date(2024, 6, 30), note="3 roofs", state="s1"
    )
    false = {
        "id": "change-9", "kind": "changed", "area_m2": 410.0,
        "verdict": {"by": "A. Analyst", "on": "2024-06-30", "note": "2 shadows"},
        "changed_since_verdict": ["area 30 %"],
    }  # fmt: skip
    change = replace(content.changes[0], verdict=verdict)
    return replace(content, changes=(change,), dismissed=(false,), missing=("2024-06-20-aa",))


def bare_case():
    """Nothing observed, nothing beside it."""
    content = cases.published_case(beside=())
    nothing = replace(
        content.assessment, observed=None, ratio=cases.Ratio(value=None, lower=None, upper=None), cross_checks=(),
        onset=None, superseded_by=None, withdrawn=(), events=(), notes=(), reason="no observation in the window",
        baseline=cases.Baseline(
            max=None, max_is_bound=False, median=None, mean=None, band=None, looks=(), bounds=()
        ),
        verdict="Nothing can be said.",
    )  # fmt: skip
    site = replace(content.site, record=(), events=())
    return replace(
        content, assessment=replace(nothing, unprecedented=replace(nothing.unprecedented, outside=())), site=site
    )


def known_claims(data):
    """Ids of every claim, limit and statement of the JSON form; a site beside has its id before them."""
    sides = [("", data), *((f"{side['site']['id']}.", side) for side in data["beside"])]
    claims = {prefix + claim["id"] for prefix, side in sides for claim in side["claims"]}
    return claims | {limit["id"] for limit in data["limits"]} | {one["id"] for one in data["statements"]}


def test_every_number_on_the_page_belongs_to_a_claim_or_is_plain_furniture(page, rendered):
    numbers = [(text.strip(), owner) for text, owner in page.owners if re.search(r"\d", text)]
    assert len(numbers) > 20
    assert [text for text, owner in numbers if owner is None] == []
    assert {kind for _, (what, kind) in numbers if what == "number"} <= FURNITURE
    assert {claim for _, (what, claim) in numbers if what == "claim"} <= known_claims(rendered.json)


def test_every_claim_named_on_the_page_is_in_the_json_and_its_evidence_on_the_page(page, rendered):
    assert page.claims <= known_claims(rendered.json)
    assert page.evidence <= set(page.ids)


def test_ids_are_unique_and_links_land(page):
    assert len(page.ids) == len(set(page.ids))
    inner = {v[1:] for _, k, v in page.attributes if k in ("href", "xlink:href") and v.startswith("#")}
    assert inner <= set(page.ids)
    assert page.stack == []


def test_the_page_fetches_nothing_and_runs_nothing(page):
    assert not {"script", "iframe", "link", "object", "embed", "form"} & set(page.tags)
    for tag, key, value in page.attributes:
        assert not key.startswith("on")
        if key in ("src", "href", "xlink:href") and tag != "a":
            assert value.startswith(("data:image/png;base64,", "#"))


def test_headings_go_down_one_step_at_a_time_and_tables_have_scopes(page):
    levels = [int(tag[1]) for tag in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert page.tags.count("th") == sum(k == "scope" for tag, k, _ in page.attributes if tag == "th")


@pytest.mark.parametrize("case", [cases.published_case, cases.fictional_case])
def test_every_claim_stands_on_the_page_once_with_its_words(case):
    rendered = render(case())
    claims = [*rendered.json["claims"], *(c for other in rendered.json["beside"] for c in other["claims"])]
    walker = Walker(rendered.html)
    for claim in claims:
        assert walker.ids.count(claim["anchor"]) == 1, claim["id"]
    whole = "".join(text for text, _ in walker.texts)
    assert all(claim["text"] in whole for claim in claims)


def test_what_the_published_case_must_say():
    text = " ".join(" ".join(t for t, _ in Walker(render(cases.published_case()).html).texts).split())
    for words in (
        "about 3.65; no interval, because none was published",
        "about 20 freight cars, a published bound",
        "Refused",
        "Judgement is entered and signed by a person",
        "Nobody has rated these yet",
        "not yet disclosed on the as-of day",
        "Deception or display",
        "between 14 September 2023 and 22 September 2023",
        "the look of 17 June 2024 beats it",
        "fewer than 3 comparable looks in the window",
        "8 freight cars were published for zone station",
    ):
        assert words in text, words


def test_the_json_has_what_the_page_has():
    data = render(cases.published_case()).json
    rows = {row["id"]: row for row in data["assessment"]}
    assert (rows["ratio"]["value"], rows["n"]["value"], rows["maximum"]["value"]) == (3.65, None, 20.0)
    assert "not published" in rows["n"]["reason"]
    assert rows["maximum"]["evidence"] == ["bound-5y"]
    assert data["unprecedented"]["holds"] is None
    assert data["onset"] == {
        "earliest": "2023-09-14", "latest": "2023-09-22", "zones": ["depot-north"],
        "evidence": ["depot-0914", "depot-0922"],
    }  # fmt: skip
    assert [e["number"] for e in data["events"] if not e["known"]] == [4]
    assert data["hypotheses"]["picked"] is None
    known = {row["id"] for row in data["record"]} | {e["id"] for e in data["events"]}
    assert all(set(claim["evidence"]) <= known for claim in data["claims"])


def test_the_chain_from_a_sentence_down_to_the_scenes_hash():
    data = render(cases.fictional_case()).json
    observed = next(c for c in data["claims"] if c["id"] == "o-observed")
    count = next(t for t in data["counts"] if t["count"] in observed["evidence"])
    scene = next(s for s in data["scenes"] if s["id"] == count["scene"])
    assert scene["sha256"] == count["scene_sha256"] == "cd" * 32


def test_the_same_content_gives_the_same_bytes():
    first, second = render(cases.fictional_case()), render(cases.fictional_case())
    assert first.html == second.html
    assert first.json_text == second.json_text


def test_the_time_it_was_made_changes_the_page_but_not_its_id():
    plain = render(cases.published_case())
    timed = render(cases.published_case(generated=datetime(2024, 1, 2, 3, 4, tzinfo=UTC)))
    assert plain.json["id"] == timed.json["id"]
    assert "2024-01-02T03:04" in timed.html
    assert "2024-01-02T03:04" not in plain.html


def test_a_view_prints_the_successor_too_as_if_it_had_been_made_for_it():
    plain = cases.published_case()
    past = Changed(claim="i-ratio", was="About 3.", now="About 4.", why=("corrected",))
    found = Succession(old_id="a" * 16, old_version=1, old_as_of=date(2023, 10, 6), changed=(past,))
    successor = replace(plain, succession=found, command="again")
    assert printed(successor, page_view(plain)).html == render(successor).html
    assert "About 4." in render(successor).html


def test_another_number_is_another_report():
    content = cases.published_case()
    other = replace(
        content, assessment=replace(content.assessment, ratio=cases.Ratio(value=3.7, lower=None, upper=None))
    )
    assert render(content).json["id"] != render(other).json["id"]


EVIL = "<script>alert(1)</script>\"'&"


def test_markup_in_names_notes_and_sources_is_escaped():
    source = Source(publisher=EVIL, url="javascript:alert(1)", quote=EVIL)
    look = replace(cases.RECORD[3], source=source, note=EVIL)
    record = (*cases.RECORD[:3], look, *cases.RECORD[4:])
    events = (replace(cases.EVENTS[0], title=EVIL, note=EVIL), *cases.EVENTS[1:])
    site = replace(cases.tumangang(name=EVIL), record=record, events=events, note=EVIL)
    base = cases.published_assessment()
    leads = (replace(base.events[0], event=events[0]), *base.events[1:])
    assessment = replace(base, observed=look, events=leads, verdict=EVIL, notes=(Note(id="evil", text=EVIL),))
    html = render(cases.published_case(site=site, assessment=assessment, command=EVIL)).html
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert 'href="javascript' not in html
    Walker(html)


def test_ids_with_spaces_and_markup_still_lead_somewhere():
    look = replace(cases.RECORD[3], id="a b\"><img src=x> 'ü")
    site = replace(cases.tumangang(), record=(*cases.RECORD[:3], look, *cases.RECORD[4:]))
    base = cases.published_assessment()
    walker = Walker(render(cases.published_case(site=site, assessment=replace(base, observed=look))).html)
    assert walker.evidence <= set(walker.ids)
    assert "img" not in walker.tags


def test_two_sites_with_the_same_ids_are_kept_apart():
    other = replace(
        cases.khasan(),
        record=tuple(replace(r, id=i) for r, i in zip(cases.khasan().record, ("look-1005", "voa-1006"), strict=True)),
    )
    held = replace(cases.khasan_assessment(), observed=other.record[0], superseded_by=other.record[1])
    walker = Walker(render(cases.published_case(beside=((other, held),))).html)
    assert len(walker.ids) == len(set(walker.ids))


def test_the_simulated_banner_is_there_only_when_something_is():
    assert "SIMULATED" in render(cases.fictional_case()).html
    assert "SIMULATED" not in render(cases.published_case()).html


def test_counted_beside_true():
    # by hand: every sixth of 26 counts is 5 below the truth, 4 above its lower end: 5 misses, 25 / 26 cars off
    html = render(cases.fictional_case()).html
    assert "The interval holds it in 21 of 26 looks; the count is off by 1.0 cars" in html


def test_ratings_a_person_entered_are_shown_and_none_is_picked():
    entry = Entry(hypothesis="bulk", claim="o-observed", rating=Rating.INCONSISTENT, rated_by="A. Analyst")
    rendered = render(cases.published_case(matrix=Matrix(hypotheses=SEEDED, entries=(entry,))))
    assert "inconsistent 1" in rendered.html
    assert "A. Analyst" in rendered.html
    assert "Nobody has rated" not in rendered.html
    assert rendered.json["hypotheses"]["picked"] is None


def test_korean_and_right_to_left_titles_are_kept():
    event = Event(
        id="k", when=cases.DateSpan.parse("2023-09-13"), disclosed=cases.DateSpan.parse("2023-09-13"),
        title="두만강역 عربي", kind="political",
    )  # fmt: skip
    base = cases.published_assessment()
    lead = replace(base.events[0], event=event)
    html = render(cases.published_case(assessment=replace(base, events=(lead,)))).html
    assert "<bdi>두만강역 عربي</bdi>" in html


def test_an_assessment_of_another_site_is_refused():
    with pytest.raises(ValueError, match="the site is 'khasan'"):
        cases.published_case(site=cases.khasan())


def test_a_source_with_many_facts_is_listed_once():
    data = render(cases.published_case()).json
    overt = [s for s in data["sources"] if s["publisher"] == "Overt Operator"]
    assert len(overt) == 1
    assert {"depot-0914", "depot-0922", "k-1129"} <= set(overt[0]["evidence"])
    assert [s["number"] for s in data["sources"]] == list(range(1, len(data["sources"]) + 1))


def test_an_observation_without_a_source_has_no_endnote():
    look = Observation(id="own", zone="facility", when=cases.DateSpan.parse("2023-10-05"), unit="cars", value=5.0)
    site = replace(cases.tumangang(), record=(look,))
    base = replace(cases.published_assessment(), observed=look)
    assert "a source that is not named published" in render(cases.published_case(site=site, assessment=base)).html
