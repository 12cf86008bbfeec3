"""`site.yaml`: what is taken, and that every fault is told with its line."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yardwatch.errors import SiteError, YardwatchError
from yardwatch.sites.config import read_config

GOOD = """\
id: my-yard
name: My yard
default_zone: yard
breaks:
  - id: closure
    from: 2020-02-01
    to: 2022-10-31
"""


def config(tmp_path, text):
    path = tmp_path / "site.yaml"
    path.write_text(text, encoding="utf-8")
    return read_config(path)


def test_reads_a_plain_site_with_its_defaults(tmp_path):
    read = config(tmp_path, GOOD)
    assert (read.id, read.default_unit, read.fictional, read.beside) == ("my-yard", "cars", False, ())
    assert read.breaks[0].value().first == date(2020, 2, 1)
    assert read.breaks[0].value().last == date(2022, 10, 31)


@pytest.mark.parametrize(
    ("edit", "line", "words"),
    [
        (("default_zone: yard", "zonez: 1\ndefault_zone: yard"), 3, ["unknown key 'zonez'", "allowed: id, name"]),
        (("    to: 2022-10-31", "    to: 2022-10-31\n    untill: 1"), 8, ["unknown key 'untill'", "allowed: id, from"]),
        (("from: 2020-02-01", "from: 2023-02-01"), 5, ["ends (2022-10-31) before it begins (2023-02-01)"]),
        (("from: 2020-02-01", "from: 2020-02"), 6, ["breaks 1 from", "date"]),
        (("id: my-yard", "id: ../etc"), 1, ["not an id", "lower case"]),
        (("name: My yard", '"\\e[31mk": 1\n"\\e[31mk": 2'), 3, ["duplicate key"]),
        (("id: my-yard", "id: 2023"), 1, ["not text", "quotes"]),
        (("name: My yard", "name: My yard\nname: Twice"), 3, ["duplicate key"]),
        (("name: My yard", 'name: "a\\u0007b"'), 2, ["control characters"]),
        (("name: My yard", "name: My yard\ntime_zone: Mars/Olympus"), 3, ["time zone", "Asia/Pyongyang"]),
        (("name: My yard", "name: My yard\nbeside: [khasan, ../x]"), 3, ["beside 2", "not an id"]),
        (("name: My yard", "name: 'My yard"), 2, ["correct the YAML"]),
    ],
)
def test_faults_name_the_line(tmp_path, edit, line, words):
    with pytest.raises(SiteError) as caught:
        config(tmp_path, GOOD.replace(*edit))
    message = str(caught.value)
    assert message.isprintable()
    if "'My yard" not in edit[1]:
        assert f"site.yaml line {line}: " in message
    for word in words:
        assert word in message


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "empty"),
        ("- a\n- b\n", "keys"),
        ("id: my-yard\n", "'name' is missing"),
        ("id: a\nname: b\ndefault_zone: c\nbeside: [a]\n", "names itself"),
        ("id: a\nname: b\ndefault_zone: !!python/object/apply:os.system ['false']\n", "default_zone is not text"),
        ("[" * 3000, "YAML"),
        ("id: 2020-02-31\n", "YAML"),
    ],
)
def test_other_documents_are_refused(tmp_path, text, word):
    with pytest.raises(SiteError, match=word):
        config(tmp_path, text)


def test_two_breaks_of_one_name_are_refused(tmp_path):
    twice = GOOD + GOOD[GOOD.index("  - id") :]
    with pytest.raises(SiteError, match="declared twice"):
        config(tmp_path, twice)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_any_text_gives_a_site_or_a_clear_error(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("c") / "site.yaml"
    path.write_text(text, encoding="utf-8", newline="")
    with pytest.raises(YardwatchError):
        read_config(path)
