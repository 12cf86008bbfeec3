"""How a value refuses to be built."""

from __future__ import annotations


def refuse(wrong: bool, message: str) -> None:
    """Raise ValueError with the message when something is wrong."""
    if wrong:
        raise ValueError(message)
