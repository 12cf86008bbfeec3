"""Quotations held against a report: the press's own distortions, and what may be quoted."""

import pytest

from yardwatch.assess.lint import Statement, against, sentences
from yardwatch.assess.lint.statements import of_report
from yardwatch.errors import InputError
from yardwatch.steps.linting import lexicon

TEXTS = {
    "o-observed": "For 5 October 2023, Beyond Parallel published about 73 freight cars (no interval was published).",
    "o-sensor": "The image of 5 October 2023 was taken by Planet, as Beyond Parallel says.",
    "o-maximum": "For October 2018 to October 2023, Meduza published about 20 freight cars at most in zone facility.",
    "o-cross-1": "For 6 October 2023, about 72 freight cars (61 to 83) in zone voa-stop follow from VOA’s figures.",
    "i-unprecedented": "The word “unprecedented” is refused: n is unknown.",
    "i-events": "Order in time names no cause.",
    "l-inside": "An image does not show what is inside or where it is going.",
}
NUMBERS = {"o-observed": {"value": 73.0}, "o-maximum": {"maximum": 20.0}, "o-cross-1": {"value": 72.0}}
LAYERS = {"o": "observation", "i": "interpretation", "l": "limit"}
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
    ],
)
def test_what_the_report_says_may_be_quoted(quote):
    assert broken(quote) == set()


def test_other_json_is_no_report():
    with pytest.raises(InputError, match="no report of Yardwatch"):
        of_report({"claims": []})
