"""Default deny."""

from __future__ import annotations

from datetime import date

import pytest

from yardwatch.errors import InputError
from yardwatch.imagery.licences import known, licence, spdx


@pytest.fixture(autouse=True)
def own(monkeypatch, tmp_path):
    """The user's own licences: none, until a test writes some."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "yardwatch").mkdir()
    return tmp_path / "yardwatch" / "licences.toml"


@pytest.mark.parametrize("name", [None, "", "  "])
def test_nothing_stated_allows_nothing(name):
    assert not licence(name, "© Somebody").may_publish_pixels
    assert licence(name).name == "not stated"


@pytest.mark.parametrize("name", ["Maxar EULA", "proprietary", "CC-BY-NC-4.0", "cc-by-nd-4.0", "cc", "cc-by", "free"])
def test_other_names_are_kept_and_allow_nothing(name):
    stated = licence(name, "© Vendor")
    assert (stated.name, stated.may_publish_pixels, stated.attribution) == (name, False, "© Vendor")


@pytest.mark.parametrize("name", ["cc-by-4.0", "CC BY 4.0", "CC_BY-4.0", "cc-by-sa-4.0"])
def test_attribution_licences_need_their_attribution(name):
    assert not licence(name).may_publish_pixels
    assert licence(name, "© Planet").may_publish_pixels


@pytest.mark.parametrize("name", ["cc0-1.0", "public-domain", "PDDL-1.0", "public domain"])
def test_free_licences_need_none(name):
    assert licence(name).may_publish_pixels


@pytest.mark.parametrize(("name", "said"), [("copernicus", "Copernicus"), ("swisstopo", "swisstopo")])
def test_some_bring_their_own_attribution(name, said):
    assert licence(name).may_publish_pixels
    assert said in licence(name).attribution
    assert licence(name, "mine").attribution == "mine"


def test_stac_names():
    assert spdx("CC BY 4.0") == "CC-BY-4.0"
    assert spdx("Maxar EULA") == "other"
    assert spdx("public-domain") == "other"


def test_a_licence_ends_with_its_last_day():
    def may(day):
        found = licence("cc0-1.0", None, date(2024, 5, 31), on=day)
        return found.may_publish_pixels, found.may_train

    assert may(date(2024, 5, 31)) == (True, True)
    assert may(date(2024, 6, 1)) == (False, False)


@pytest.mark.parametrize("name", ["Maxar", "vantor", "PlanetScope", "pleiades neo", "Google Earth", "BlackSky"])
def test_vendors_are_denied_until_the_contract_was_looked_into(name):
    found = licence(name)
    assert (found.may_publish_pixels, found.may_train, found.check_contract) == (False, False, True)


def test_training_is_a_right_of_its_own():
    assert licence("cc0-1.0").may_train
    assert not licence("cc-by-sa-4.0", "© A").may_train
    assert not licence("cc-by-4.0").may_train  # no attribution, no licence


def test_the_users_own_terms_go_first(own):
    assert not licence("maxar").may_publish_pixels
    own.write_text('[maxar]\nattribution = "© Maxar, by contract 7"\nmay_publish_pixels = true\n["our desk 2.0"]\n')
    assert licence("maxar").may_publish_pixels
    assert licence("maxar").attribution == "© Maxar, by contract 7"
    assert licence("Our Desk 2.0").may_publish_pixels is False
    assert "our-desk-2.0" in known()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[maxar", "is not TOML"),
        ("may_publish_pixels = true", "stands outside a licence"),
        ("[maxar]\nmay_publish = true", "unknown key 'may_publish'; allowed: spdx"),
        ('[maxar]\nmay_publish_pixels = "yes"', "may_publish_pixels = 'yes' is not true or false"),
        ("[maxar]\naliases = [1]", r"aliases = \[1\] is not a list of texts"),
        ("x" * 100_001, "is larger than"),
    ],
)
def test_own_terms_that_cannot_be_read(own, text, said):
    own.write_text(text)
    with pytest.raises(InputError, match=said):
        licence("maxar")


def test_every_licence_of_the_table_is_whole():
    table = known()
    assert {"cc0-1.0", "cc-by-4.0", "dl-de-by-2.0", "maxar", "vantor"} <= set(table)
    assert not any(terms.may_publish_pixels or terms.may_train for terms in table.values() if terms.check_contract)
