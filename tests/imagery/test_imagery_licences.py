"""Default deny."""

from __future__ import annotations

import pytest

from yardwatch.imagery.licences import licence, spdx


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
