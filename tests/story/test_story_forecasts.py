"""Forecasts as a user meets them: kept, listed, scored, and refused where they could not be scored honestly."""

from __future__ import annotations

import json

import pytest

from yardwatch.sites.folder import copy_bundled

from .conftest import one_line

SAID = ("--word", "likely", "--by", "A. Analyst", "--made", "2023-10-06")


@pytest.fixture
def mine(tmp_path):
    copy_bundled("tumangang", tmp_path / "mine")
    return "mine"


def added(cli, site, *more):
    code, out, err = cli("forecasts", "add", site, "the new storage is in use", *SAID, *more, "--json")
    assert code == 0, err
    return json.loads(out)


def test_a_judgement_is_kept_once_listed_and_scored(cli, mine):
    one = added(cli, mine, "--within", "1y")
    assert (one["due"], one["band"], one["chance"]) == ("2024-10-06", [0.55, 0.8], 0.675)
    assert added(cli, mine, "--due", "2024-10-06") == one
    code, out, _ = cli("forecasts", "list", mine, "--json")
    said = json.loads(out)
    assert (code, len(said["forecasts"]), said["overdue"], said["calibration"]["n"]) == (0, 1, 1, 0)
    code, out, _ = cli(
        "forecasts", "score", mine, one["id"][:8], "--happened", "yes", "--on", "2024-05-28", "--by", "B", "--json"
    )
    assert (code, json.loads(out)["brier"]) == (0, pytest.approx(0.325**2, abs=1e-4))
    code, out, _ = cli("forecasts", "score", mine, one["id"], "--happened", "no", "--on", "2024-10-07", "--by", "C")
    assert code == 0
    assert "happened: no" in out
    _, out, _ = cli("forecasts", "list", mine, "--json")
    assert json.loads(out)["calibration"]["brier"] == pytest.approx(0.675**2, abs=1e-4)
    code, out, _ = cli("forecasts", "list", mine)
    assert "Brier score 0.456 over 1" in out
    assert cli("export", mine, "--format", "gpkg", "--out", "all.gpkg")[0] == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--happened", "no", "--on", "2024-10-06"), "it may still come true until 2024-10-06"),
        (("--happened", "yes", "--on", "2024-10-07"), "what happened later is a `no`"),
        (("--happened", "yes", "--on", "2023-10-06"), "was no forecast"),
        (("--happened", "perhaps"), "choose one of yes, no, void"),
        (("--happened", "void", "--by", " "), "say who judges"),
        (("--happened", "void", "--on", "2999-01-01"), "lies in the future"),
    ],
)
def test_an_outcome_that_cannot_be_known_is_refused(cli, mine, words, says):
    one = added(cli, mine, "--within", "1y")
    by = () if "--by" in words else ("--by", "B")
    code, out, err = cli("forecasts", "score", mine, one["id"], *words, *by)
    assert (code, out) == (2, "")
    assert says in one_line(err)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("in use", "--word", "maybe", "--by", "A", "--within", "1y"), "choose one of: almost no chance"),
        (("in use", "--word", "likely", "--by", "A"), "either --due DAY or --within"),
        (("in use", "--word", "likely", "--by", "A", "--within", "soon"), "write for instance 1y"),
        (("in use", "--word", "likely", "--by", "A", "--made", "2024-01-02", "--due", "2024-01-02"), "is not after"),
        (("in use", "--word", "likely", "--by", "A", "--made", "2999-01-01", "--within", "1y"), "lies in the future"),
        (("  ", "--word", "likely", "--by", "A", "--within", "1y"), "without text"),
        (("in use", "--word", "likely", "--by", "A", "--within", "1y", "--about", "abcdef01"), "is no change of"),
    ],
)
def test_a_judgement_that_cannot_be_scored_later_is_refused(cli, mine, words, says):
    code, out, err = cli("forecasts", "add", mine, *words)
    assert (code, out) == (2, "")
    assert says in one_line(err)
    assert json.loads(cli("forecasts", "list", mine, "--json")[1])["forecasts"] == []


def test_a_bundled_site_is_never_written_to_and_can_be_listed(cli):
    code, _, err = cli("forecasts", "add", "tumangang", "in use", *SAID, "--within", "1y")
    assert code == 2
    assert "is bundled and never written to" in one_line(err)
    assert cli("forecasts", "list", "tumangang")[0] == 0
    code, _, err = cli("changes", "verdict", "tumangang", "abcdef01", "--is", "false", "--by", "A")
    assert code == 2
    assert "is bundled and never written to" in one_line(err)


def test_an_unknown_forecast_names_those_near_it(cli, mine):
    one = added(cli, mine, "--within", "1y")
    code, _, err = cli("forecasts", "score", mine, one["id"][:-1] + "x", "--happened", "void", "--by", "B")
    assert code == 2
    assert f"near it: {one['id']}" in one_line(err)


def test_changes_takes_a_site_or_a_subcommand(cli, mine):
    code, out, _ = cli("changes", "--help")
    assert code == 0
    assert "--chips" in out
    code, _, err = cli("changes", "verdict", mine, "abcdef01", "--is", "false")
    assert code == 2
    assert "--by" in one_line(err)
    for words in (("changes", mine), ("changes", "show", mine)):
        code, _, err = cli(*words)
        assert code == 2
        assert "nothing counted yet" in one_line(err)
    code, _, err = cli("changes", "--before", "a.tif", "--after", "b.tif", "--since", "2023-01-01")
    assert code == 2
    assert "--since needs a SITE" in one_line(err)
    code, _, err = cli("changes", mine, "--since", "soon")
    assert code == 2
    assert "--since 'soon' is not a day" in one_line(err)
