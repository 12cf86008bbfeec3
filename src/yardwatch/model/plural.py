"""Plural: one look, two looks. The noun alone, since each room writes its numbers in its own way."""

from __future__ import annotations


def noun(count: float, one: str) -> str:
    """`look` for exactly one, `looks` for any other number, none and a half among them."""
    return one if count == 1 else f"{one}s"
