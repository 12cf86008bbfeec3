"""`yardwatch plan` and what `assess` and the page say of surges, as a user meets them."""

from __future__ import annotations

import json

import pytest


def test_the_case_is_planned_from_its_own_onset(cli):
    code, out, _ = cli("plan", "tumangang", "--as-of", "2023-10-06", "--json")
    said = json.loads(out)
    assert code == 0
    assert said["surge"]["onset"] == {"earliest": "2023-09-14", "latest": "2023-09-22"}
    assert said["surge"]["seen_after_days"] == {"min": 13, "max": 21}
    # docs/look-planning.md: ten passes a month, of which four give a look
    assert 9 < said["needed"]["passes_a_month"] < 11
    assert said["best_day"]["day"] == "2023-09-18"
    assert said["assumed"]["power_basis"].startswith("assumed")
    assert (said["review"], said["uncounted"]) == ([], [])
    assert said["reason"] is None


def test_the_table_says_the_same_in_words(cli):
    code, out, _ = cli("plan", "tumangang", "--as-of", "2023-10-06", "--per-month", "4", "--delay", "21")
    words = " ".join(out.split())
    assert code == 0
    for part in ("13 to 21 days after it began", "an image of 2023-09-18", "alarm within 21 days", "assumed"):
        assert part in words


def test_a_counted_site_lists_what_to_review(cli, run_site, simulated):
    day = simulated.looks[-1].acquired.date()
    code, out, _ = cli("plan", run_site, "--as-of", day, "--json")
    said = json.loads(out)
    assert code == 0
    first = day.replace(year=day.year - 5)
    assert len(said["review"]) == sum(first <= look.acquired.date() for look in simulated.looks) >= 4
    assert sum(row["chance"] for row in said["review"]) == pytest.approx(1)
    assert [row["chance"] for row in said["review"]] == sorted((r["chance"] for r in said["review"]), reverse=True)
    assert sum(row["role"] == "the observed look" for row in said["review"]) == 1
    code, out, _ = cli("plan", run_site, "--as-of", day)
    assert said["review"][0]["scene"] in out


def test_scenes_not_run_yet_have_nothing_to_review_and_exit_1(cli, site, simulated):
    code, out, _ = cli("plan", site, "--as-of", simulated.looks[-1].acquired.date(), "--json")
    said = json.loads(out)
    assert code == 1
    assert said["reason"]
    assert said["surge"] is None
    assert said["review"] == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--cloud", "1"), "cloud share of 1"),
        (("--delay", "nan"), "a delay of nan days"),
        (("--per-month", "0"), "0 images a month"),
        (("--as-of", "soon"), "write it as 2023-10-06"),
    ],
)
def test_a_plan_that_cannot_be_is_one_line(cli, words, says):
    code, out, err = cli("plan", "tumangang", *words)
    assert (code, out) == (2, "")
    assert says in err
    assert len(err.strip().splitlines()) == 1


def test_two_sites_say_what_they_explain_and_leave_open(cli):
    code, out, _ = cli("assess", "tumangang", "--as-of", "2024-06-18", "--beside", "khasan", "--json")
    between = json.loads(out)["between"]
    assert code == 0
    assert any("404 together" in text for text in between["explains"])
    assert "so that the direction of traffic could not be identified" in between["note"]
    code, out, _ = cli("assess", "tumangang", "--as-of", "2023-10-06", "--beside", "khasan")
    words = " ".join(out.split())
    assert "leaves open: Khasan station has no look of the same kind near 5 October 2023" in words


def test_the_table_of_assess_names_alarm_onset_method_and_levels(cli):
    _, out, _ = cli("assess", "tumangang", "--as-of", "2023-10-06")
    words = " ".join(out.split())
    assert "surge alarm cannot be said: no expected count" in words
    assert "by last quiet and first raised look" in words
    assert "levels no shift found" in words
