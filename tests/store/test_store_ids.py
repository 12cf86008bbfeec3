"""Ids follow from content alone."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yardwatch.store.ids import canonical_json, content_id, count_id, look_id

LOOK = {"scene_sha256": "ab", "code_version": "0.1.0", "parameters": "{}", "tracks_sha256": "cd"}


def test_an_id_is_the_hash_of_the_canonical_text():
    text = '{"a":[1,2.5,null],"b":"é"}'
    assert canonical_json({"b": "é", "a": (1, 2.5, None)}) == text
    assert content_id({"b": "é", "a": [1, 2.5, None]}) == hashlib.sha256(text.encode()).hexdigest()[:16]


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.integers() | st.booleans(), min_size=2))
def test_the_order_of_keys_does_not_matter(mapping):
    assert content_id(mapping) == content_id(dict(reversed(mapping.items())))


@pytest.mark.parametrize("part", LOOK)
def test_every_part_of_a_look_counts(part):
    assert look_id(**LOOK) == look_id(**LOOK)
    assert look_id(**LOOK | {part: "other"}) != look_id(**LOOK)


def test_a_redrawn_zone_is_another_look_and_another_count():
    assert look_id(**LOOK, zones={"z": 1}) != look_id(**LOOK, zones={"z": 2})
    one = {"look": "l", "zone": "z", "zone_version": 1}
    assert len({count_id(**one), count_id(**one | {"zone": "y"}), count_id(**one | {"zone_version": 2})}) == 3


def test_what_is_no_json_is_refused():
    with pytest.raises(ValueError, match="JSON compliant"):
        content_id({"a": float("nan")})
    with pytest.raises(TypeError):
        content_id({"a": object()})
