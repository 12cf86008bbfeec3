"""A finding: one fault of one sentence, with its reason and what to write instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One fault."""

    line: int
    text: str
    """The sentence as written."""
    rule: str
    why: str
    suggestion: str
    claim: str | None = None
    """The claim that words it, or that a quotation breaks."""

    def as_json(self) -> dict[str, Any]:
        """The contract's form."""
        return {
            "line": self.line, "text": self.text, "rule": self.rule, "why": self.why,
            "suggestion": self.suggestion, "claim": self.claim,
        }  # fmt: skip
