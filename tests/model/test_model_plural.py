"""Plural: only exactly one has no s."""

from __future__ import annotations

import pytest

from yardwatch.model.plural import noun


@pytest.mark.parametrize(
    ("count", "said"), [(0, "looks"), (1, "look"), (1.0, "look"), (0.5, "looks"), (2, "looks"), (21, "looks")]
)
def test_only_exactly_one_is_singular(count, said):
    assert noun(count, "look") == said
