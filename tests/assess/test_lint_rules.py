"""Rules one by one: which rule, on which line, with which reason and remedy."""

import pytest

from yardwatch.assess.lint import read_lexicon
from yardwatch.assess.lint.numbers import ranges
from yardwatch.assess.lint.pages import html_sentences, markdown_sentences
from yardwatch.assess.lint.text import digits, sentences, split
from yardwatch.errors import InputError
from yardwatch.steps.linting import lexicon, lint_text


def rules(text):
    return [one.rule for one in lint_text(text)]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("It is likely that it is a store and probable that it is new.", "likelihood-rows"),
        ("It is likely (90 %) that it is a store.", "likelihood-band"),
        ("There is an even chance, one in three, of a closure.", "likelihood-band"),
        ("In all probability it is a store.", "likelihood-word"),
        ("It is likely, with low confidence, that it is a store.", "likelihood-confidence"),
        ("The number is unprecedented.", "superlative"),
        ("The visit triggered the rise.", "causal"),
        ("About 73.4 freight cars stood there.", "precision"),
        ("That is 3.6519 times as many.", "precision"),
        ("CSIS reported about 73 cars, give or take five.", "interval-not-published"),
        ("At least 73 freight cars stood there.", "bound"),
        ("Officials say that it is a store.", "unnamed-source"),
        ("The image shows a shed, probably a store.", "layers"),
        ("It is undoubtedly a store.", "certainty"),
        ("The cars are carrying shells.", "pixels"),
        ("The cars came from China.", "pixels"),
    ],
)
def test_each_rule_is_met_alone(text, rule):
    assert rules(text) == [rule]


@pytest.mark.parametrize(
    ("text", "faulty"),
    [
        ("At least 61 freight cars (90 % interval 61–83).", False),
        ("At least 60 freight cars (90 % interval 61–83).", False),
        ("At least 62 freight cars (90 % interval 61–83).", True),
        ("More than 61 freight cars (90 % interval 61–83).", True),
        ("More than 60 freight cars (90 % interval 61–83).", False),
        ("Up to 83 freight cars (90 % interval 61–83).", False),
        ("Up to 82 freight cars (90 % interval 61–83).", True),
        ("Fewer than 83 freight cars (90 % interval 61–83).", True),
        ("Fewer than 84 freight cars (90 % interval 61–83).", False),
    ],
)
def test_a_bound_stands_only_on_the_end_of_its_interval(text, faulty):
    # by hand: at least n needs n <= 61, more than n needs n < 61, up to n needs n >= 83, fewer than n needs n > 83
    assert ("bound" in rules(text)) is faulty


@pytest.mark.parametrize(
    ("text", "faulty"),
    [("likely (55 to 80 %)", False), ("likely (54 %)", True), ("very likely (81 %)", False), ("unlikely (46 %)", True),
     ("improbable (20–45 %)", False), ("almost certain (94 %)", True), ("likely; 33 % filled", False)],
)  # fmt: skip
def test_bands_are_those_of_icd_203(text, faulty):
    assert ("likelihood-band" in rules(f"A closure is {text}.")) is faulty


@pytest.mark.parametrize("word", ["doubled", "threefold", "tripling", "quintupled"])
def test_a_multiple_in_one_word_is_a_bound_and_one_that_can_be_reckoned_is_none(word):
    assert "bound" in rules(f"The number of freight cars at the yard has more than {word}.")
    assert "bound" not in rules(f"The number has more than {word}, from about 10 to about 73 freight cars.")


def test_a_superlative_says_which_parts_are_missing():
    (found,) = lint_text("In zone yard the number of freight cars is the highest since 2018.")
    assert "missing here: the number of looks (n)." in found.why
    assert rules("In zone yard the number of freight cars is the highest of 24 looks since 2018.") == []


def test_a_quotation_is_excused_by_its_named_source_and_by_nothing_else():
    assert rules("KCNA wrote on 29 May 2025 that the station was “definitely” finished.") == []
    assert rules("The station was “definitely” finished.") == ["certainty"]
    assert rules("The word “unprecedented” needs its parts.") == []


def test_rows_mixed_across_a_text_are_told_once_at_the_rarer_word():
    text = "It is likely that it is new.\nIt is likely that it is a store.\nIt is probably in use."
    assert [(one.line, one.rule) for one in lint_text(text)] == [(3, "likelihood-rows")]
    assert "“likely”" in lint_text(text)[0].suggestion


def test_a_judgement_of_purpose_needs_rivals_in_the_text():
    text = "About 20 cars stood there.\nIt is likely that exports have begun.\nThe shed is new."
    assert [(one.line, one.rule) for one in lint_text(text)] == [(2, "no-alternatives")]
    assert rules(f"{text}\nOrdinary trade and storage remain possible.") == []


def test_wrapped_lines_are_one_paragraph_and_fragments_are_not():
    wrapped = [
        "About twenty freight cars stood in zone yard on the third of May 2022,",
        "and all were covered. The",
        "rest.",
    ]
    assert [(one.line, one.text[:9]) for one in sentences(wrapped)] == [(1, "About twe"), (2, "The"), (3, "rest.")]
    assert len(sentences(["at least 73", "up to 73"])) == 2


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("seventy-three cars", "73 cars"),
        ("two hundred and fifty-five", "255"),
        ("one thousand two hundred wagons", "1200 wagons"),
        ("a dozen of them", "12 of them"),
        ("no one", "no one"),
        ("three to five", "3 to 5"),
        ("between five and nine days", "between 5 and 9 days"),
        ("one hundred and one thousand and two", "101002"),
        ("the eighteenth", "the eighteenth"),
    ],
)
def test_number_words_become_digits(text, plain):
    assert digits(text) == plain


def test_sentences_do_not_end_in_abbreviations():
    assert split("Track No. 4 is approx. 300 m long. It is new.") == [
        "Track No. 4 is approx. 300 m long.",
        "It is new.",
    ]


def test_intervals_in_a_sentence():
    assert ranges("about 72 (61 to 83), between 3 and 4 of them, in 2018 and 2023") == [(61, 83), (3, 4)]


def test_a_month_cut_short_ends_no_sentence_and_a_month_is_no_place():
    assert len(split("The look of Sept. 22 stands. It is the last.")) == 2
    assert read_lexicon("[lists]\na = ['^{month}$']").lists["a"][0].search("October")


def test_markup_is_no_text_and_lines_keep_their_numbers():
    page = (
        "# Never before\n\n```\nOfficials say so.\n```\n\n- It is **definitely** [a store](http://x.example/proves).\n"
    )
    assert [(one.line, one.text) for one in markdown_sentences(page)] == [(7, "It is definitely a store.")]
    html = "<html><style>p{}</style>\n<p>It is <b>definitely</b> a store.</p>\n<script>proves()</script></html>"
    assert [(one.line, one.text) for one in html_sentences(html)] == [(2, "It is definitely a store.")]


@pytest.mark.parametrize(
    "text",
    ["", "만포역에 화차 73량이 있다.", "في المحطة 73 عربة", "<script>alert(1)</script>", "(" * 5000, "a " * 50000],
)
def test_other_tongues_and_odd_text_are_read_without_harm(text):
    assert isinstance(lint_text(text), tuple)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = [", "not TOML"),
        ("[[rule]]\nid = 'a'\nwhy = 'b'", "lacks 'suggestion'"),
        ("[[rule]]\nid = 'a'\nwhy = 'b'\nsuggestion = 'c'\nany = ['(']", "pattern '\\('"),
        ("[[rule]]\nid = 'a'\nwhy = 'b'\nsuggestion = 'c'\nany = ['{nothing}']", "pattern '{nothing}'"),
        ("[[rule]]\nid = 'a'\nwhy = 'b'\nsuggestion = 'c'\nunless = ['@nobody']", "names list '@nobody'"),
    ],
)
def test_a_broken_rules_file_says_where(text, said):
    with pytest.raises(InputError, match=said):
        read_lexicon(text)


def test_every_rule_has_a_reason_and_a_remedy():
    assert len({rule.id for rule in lexicon().rules}) >= 13
    assert all(rule.why and rule.suggestion for rule in lexicon().rules)
