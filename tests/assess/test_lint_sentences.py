"""The linter on whole sets of seeded sentences, and on the published case's own."""

import pytest
from benchmarks.lint import NAMES, read, score

from yardwatch.steps.linting import lint_text


@pytest.mark.parametrize("name", NAMES)
def test_nearly_all_faulty_sentences_are_caught_and_hardly_a_sound_one(name):
    total = score(name)[-1]
    assert total["caught"] >= 0.95 * total["faulty"]
    assert total["by_its_rule"] >= 0.9 * total["faulty"]
    assert total["false"] <= total["sound"] / 30


@pytest.mark.parametrize("name", ["tuning", "heldout"])
def test_a_set_as_one_file_flags_no_more_than_its_sentences_alone(name):
    seeded = list(read(name))
    flagged = {one.line for one in lint_text("\n".join(one.text for one in seeded))}
    assert sum(not one.faulty for i, one in enumerate(seeded, 1) if i in flagged) <= 2


@pytest.mark.parametrize("name", NAMES)
def test_no_suggestion_has_a_fault_of_its_own(name):
    suggested = {found.suggestion for one in read(name) for found in lint_text(one.text)}
    assert {text for text in suggested if lint_text(text)} == set()


CASE = """\
An image of 5 October 2023 shows an unprecedented number of freight railcars, totalling approximately 73, at Tumangang.
Construction of what is likely to be a new storage facility is under way beside the tracks.
The extensive use of tarps makes it impossible to say what the crates contain.
The dramatic increase probably indicates the supply of arms and munitions to Russia.
A US official told CBS that the transfer of artillery had begun.
"""


def test_the_published_case_paraphrased():
    found = {(one.line, one.rule) for one in lint_text(CASE)}
    assert {(1, "superlative"), (4, "likelihood-rows"), (4, "no-alternatives"), (5, "unnamed-source")} <= found
    assert not {line for line, _ in found} & {2, 3}


def test_the_published_case_mended_is_left_alone():
    text = """\
An image of 5 October 2023 shows about 73 freight railcars (no interval was published) in zone facility.
That is above the highest number published for the window, and the number of looks is unknown.
It is likely that the building is a new storage facility.
It is also likely that goods are being moved; ordinary trade, storage without transit and a display remain possible.
CBS cites an official whom it does not name; that statement is graded F6 and not relied on.
"""
    assert [(one.line, one.rule) for one in lint_text(text)] == []
