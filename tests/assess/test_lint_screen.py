"""The screen before the patterns: the strings a match must hold, and no answer changed by it."""

import re
from importlib import resources

import pytest
from benchmarks.lint import NAMES, read

from yardwatch.assess.lint import lint, read_lexicon, screen, sentences
from yardwatch.assess.lint.screen import Screen, strings
from yardwatch.steps.linting import lexicon


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        (r"\bnever before\b", {"never before"}),
        (r"\b(?:caused|led to)\b", {"caused", "led to"}),
        (r"\b(?:up to|of) \d+", set()),  # "of" is too short to tell
        (r"(?:very )?likely", {"likely"}),  # what may be missing tells nothing
        (r"wagons?|trains?", {"wagon", "train"}),
        (r"(?:at|in) the (?:yard|station)", {" the "}),
        (r"\d+ ?%", set()),
        (r"(?:Rajin|Khasan)+", {"rajin", "khasan"}),
    ],
)
def test_the_strings_every_match_holds(pattern, wanted):
    assert strings(re.compile(pattern, re.IGNORECASE)) == wanted


def test_a_screened_pattern_answers_as_the_bare_one_does():
    screened, bare = lexicon(), [one.text for name in NAMES for one in read(name)]
    patterns = {one for rule in screened.rules for group in (rule.any, rule.with_, rule.unless) for one in group}
    for text in bare[::7]:
        for pattern in patterns:
            assert (pattern.search(text) is None) == (re.search(pattern.pattern, text, re.IGNORECASE) is None)


def test_without_the_parser_every_pattern_is_tried(monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(screen.importlib, "import_module", missing)
    bare = Screen().add(re.compile("wagons"))
    assert bare.search("no cars") is None
    assert bare.search("two wagons")[0] == "wagons"
    assert strings(re.compile("wagons")) == set()


def test_a_pattern_added_later_is_met_in_a_text_already_asked_about():
    screen_ = Screen()
    text = "at least seventy wagons"
    assert screen_.add(re.compile("containers")).search(text) is None
    assert screen_.add(re.compile("wagons")).search(text)[0] == "wagons"


def test_the_first_sentence_read_is_answered_as_any_later_one():
    rules = resources.files("yardwatch.assess.lint").joinpath("rules.toml").read_text(encoding="utf-8")
    fresh, text = read_lexicon(rules), "At least 73 freight cars stood there."
    first = lint(sentences([text]), fresh)
    assert [one.rule for one in first] == ["bound"]
    assert lint(sentences([text]), fresh) == first
