"""Quotations held against a report: the press's own distortions, and what may be quoted."""

import pytest
from benchmarks.lint import QUOTED, quoted

from yardwatch.assess.lint import Statement, against, sentences
from yardwatch.assess.lint.statements import of_report
from yardwatch.errors import InputError
from yardwatch.steps.linting import lexicon

TEXTS = {
    "o-observed": "For 5 October 2023, Beyond Parallel published about 73 freight cars (no interval was published).",
    "o-sensor": "The image of 5 October 2023 was taken by Planet, as Beyond Parallel says.",
    "o-maximum": "For October 2018 to October 2023, Meduza published about 20 freight cars at most in zone facility.",
    "o-superseding": "For 17 June 2024, about 255 freight cars (no interval was published) in zone facility follow.",
    "o-outside-1": "For March 2014, Russian Railways published about 65 freight cars for Khasan->Tumangang->Rajin.",
    "o-cross-2": "For 24 September 2023, about 28 freight cars (24 to 33) in zone voa-stop follow from VOA’s figures.",
    "o-onset-2": "For 22 September 2023, Overt Operator published about 500 metres of train in zone depot-north.",
    "o-cross-1": "For 6 October 2023, about 72 freight cars (61 to 83) in zone voa-stop follow from VOA’s figures.",
    "i-unprecedented": "The word “unprecedented” is refused: n is unknown.",
    "i-ratio": "That is about 3.65 times the highest number published for the window.",
    "i-onset": "The rise began between 14 September 2023 and 22 September 2023, seen in zone depot-north.",
    "i-superseded": "The observed number is no longer the highest of the record.",
    "i-events": "Order in time names no cause.",
    "l-inside": "An image does not show what is inside or where it is going.",
    "site": "Tumangang rail facility",
}
NUMBERS = {
    "o-observed": {"value": 73.0},
    "o-maximum": {"maximum": 20.0},
    "o-superseding": {"value": 255.0},
    "o-outside-1": {"value": 65.0},
    "o-cross-1": {"value": 72.0},
    "o-cross-2": {"value": 28.0},
    "o-onset-2": {"value": 500.0},
    "i-ratio": {"ratio": 3.65},
    "i-onset": {"earliest": "2023-09-14", "latest": "2023-09-22"},
}
LAYERS = {"o": "observation", "i": "interpretation", "l": "limit", "s": "site"}
REPORT = tuple(
    Statement(id=name, layer=LAYERS[name[0]], text=text, numbers=NUMBERS.get(name, {})) for name, text in TEXTS.items()
)


def broken(text):
    return {(one.rule, one.claim) for one in against(sentences([text]), REPORT, lexicon())}


@pytest.mark.parametrize(
    ("quote", "claim"),
    [
        ("at least 73", "o-observed"),
        ("up to 73", "o-observed"),
        ("are moving to Russia", "l-inside"),
        ("US spy satellite", "o-sensor"),
        ("“At least 73 freight cars were seen,” the paper wrote.", "o-observed"),
        ("Up to seventy-three railcars have been spotted.", "o-observed"),
        ("The trains are moving to Russia, the report says.", "l-inside"),
        ("Pictures from a US spy satellite show the cars.", "o-sensor"),
        ("about 70 freight cars", "o-observed"),
        ("There were 73 freight cars.", "o-observed"),
        ("About 73 containers were seen.", "o-observed"),
        ("About 73 freight cars (70 to 76) were seen.", "o-observed"),
        ("About 73 freight cars were seen on 9 October 2023.", "o-observed"),
        ("The number is unprecedented.", "i-unprecedented"),
        ("The summit caused the rise.", "i-events"),
        ("The cars are carrying shells.", "l-inside"),
    ],
)
def test_a_distortion_names_the_claim_it_breaks(quote, claim):
    assert claim in {name for _, name in broken(quote)}


@pytest.mark.parametrize(
    "quote",
    [
        "About 73 freight cars were seen on 5 October 2023 (no interval was published).",
        "Approximately 73 freight cars stood in zone facility on 5 October 2023.",
        "For 6 October 2023 about 72 freight cars (61 to 83) follow from VOA’s figures.",
        "A published bound is about 20 freight cars at most.",
        "It cannot be seen where the cars were going.",
        "The word “unprecedented” is refused.",
        "About 73 freight cars stood near Russia on 5 October 2023.",
    ],
)
def test_what_the_report_says_may_be_quoted(quote):
    assert broken(quote) == set()


def test_other_json_is_no_report():
    with pytest.raises(InputError, match="no report of Yardwatch"):
        of_report({"claims": []})


@pytest.mark.parametrize("name", QUOTED)
def test_nearly_all_distortions_are_caught_with_their_claim_and_hardly_a_faithful_quotation(name):
    row = quoted(name, REPORT)
    assert row["with_claim"] >= 0.95 * row["faulty"]
    assert row["false"] <= row["sound"] / 20


@pytest.mark.parametrize(
    ("quote", "rule"),
    [
        ("About 73 freight cars stood there on 6 October 2023.", "quote-date"),
        ("About 73 freight cars stood there in September.", "quote-date"),
        ("About 73 freight cars stood at Khasan.", "quote-place"),
        ("about five times as many", "quote-number"),
        ("more than three times as many", "quote-bound"),
        ("In ten years about 20 freight cars at most had been published.", "quote-window"),
        ("The rise began on 13 September 2023.", "quote-onset"),
        ("It is still the highest number.", "quote-withdrawn"),
        ("A drone’s pictures show it; aerial photographs.", "quote-sensor"),
        ("The cars are owned by the army.", "quote-owner"),
    ],
)
def test_each_kind_of_distortion_has_its_rule(quote, rule):
    assert rule in {name for name, _ in broken(quote)}


def test_a_suggestion_is_the_sentence_to_quote():
    (found,) = against(sentences(["at least 73"]), REPORT, lexicon())
    assert TEXTS["o-observed"] in found.suggestion
    assert found.claim == "o-observed"


@pytest.mark.parametrize("word", ["73 ", "at least 73 ", "73 freight cars ", "1", "twenty "])
def test_a_quotation_without_end_is_read_as_far_as_sentences_go(word):
    once = against(sentences([word * 2000]), REPORT, lexicon())
    again = against(sentences([word * 4000]), REPORT, lexicon())
    assert [(one.rule, one.claim) for one in once] == [(one.rule, one.claim) for one in again]
