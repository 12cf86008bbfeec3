"""The chain from a sentence down: every claim of a report leads to a record row, an event, a scene or a zone."""

import pytest

from yardwatch.assess.chain import chain
from yardwatch.errors import InputError
from yardwatch.report.page import render

GROUND = {"observation", "event", "scene", "zone", "break", "count", "change"}


@pytest.mark.parametrize("case", ["published_case", "fictional_case"])
def test_every_claim_and_limit_leads_down_to_the_ground(cases, case):
    document = render(getattr(cases, case)()).json
    for row in [*document["claims"], *document["limits"]]:
        link = chain(document, row["id"])
        assert link.kinds() & GROUND, row["id"]
        assert link.missing == (), row["id"]


def test_an_own_count_leads_to_its_cars_its_zone_and_its_scene_by_hash():
    document = {
        "claims": [
            {"id": "i-ratio", "text": "Twice.", "rests_on": ["o-observed"], "evidence": []},
            {"id": "o-observed", "text": "Two cars.", "rests_on": [], "evidence": ["own-1", "count-1"]},
        ],
        "record": [
            {"id": "own-1", "date": "2024-01-02", "zone": "yard", "unit": "cars", "value": 2.0, "lower": 1.0,
             "upper": 3.0, "role": "observation", "basis": "counted", "count": "count-1"},
        ],
        "counts": [
            {"count": "count-1", "look": "look-1", "scene": "scene-1", "zone": "yard", "zone_version": 3,
             "code_version": "9", "tracks_sha256": "abcdef0123456789", "cars": ["t1-001", "t1-002"]},
        ],
        "scenes": [{"id": "scene-1", "acquired": None, "sensor": "", "sha256": "f" * 64, "synthetic": True}],
    }  # fmt: skip
    link = chain(document, "i-ratio")
    (claim,) = link.below
    (observation,) = claim.below
    (count,) = observation.below
    assert [(one.kind, one.id) for one in count.below] == [("cars", "look-1"), ("zone", "yard"), ("scene", "scene-1")]
    assert "2 car polygons: t1-001, t1-002" in count.below[0].text
    assert "version 3" in count.below[1].text
    assert "f" * 64 in count.below[2].text
    assert link.as_json()["below"][0]["id"] == "o-observed"


def test_what_the_report_does_not_hold_is_named(cases):
    document = render(cases.published_case()).json
    document["record"] = []
    assert chain(document, "o-observed").missing != ()


def test_an_unknown_claim_names_the_known_ones(cases):
    document = render(cases.published_case()).json
    with pytest.raises(InputError, match="has no claim 'o-nothing'; it has o-observed"):
        chain(document, "o-nothing")
