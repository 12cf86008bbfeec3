"""One sentence of a quotation beside the statements of the report it quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yardwatch.assess.lint.finding import Finding
from yardwatch.assess.lint.lexicon import Lexicon
from yardwatch.assess.lint.matching import met
from yardwatch.assess.lint.statements import Statement
from yardwatch.assess.lint.text import Sentence

NEAR = 0.25
"""A number this near to a claim's, and no number of the report, is that number changed on the way."""


@dataclass(frozen=True)
class Quotation:
    """A sentence quoted, its plain text, and the report's statements."""

    sentence: Sentence
    text: str
    statements: Sequence[Statement]
    lexicon: Lexicon

    def finding(self, rule: str, broken: Statement | None, why: str) -> Finding:
        """A finding that names the claim it breaks and offers its sentence."""
        said = broken.text if broken else "the sentence to quote stands in the report"
        return Finding(
            line=self.sentence.line, text=self.sentence.text, rule=rule, why=why,
            suggestion=f"Quote it as it stands: “{said}”", claim=broken.id if broken else None,
        )  # fmt: skip

    def named(self, *ids: str) -> Statement | None:
        """The first statement of those ids that the report has."""
        return next((one for wanted in ids for one in self.statements if one.id == wanted), None)

    def nearest(self, number: float) -> Statement | None:
        """The observation whose number this is, else was: the observed look before any other that is near."""
        near = [(apart, one) for one in self.statements if (apart := _apart(one.value, number)) <= NEAR]
        return min(near, key=lambda pair: (pair[0] > 0, pair[1].id != "o-observed", pair[0]))[1] if near else None

    def says(self, name: str) -> str | None:
        """What the quotation says of the kind `name` of the rules' `[against]`; None where it says it is not known."""
        hit = met(self.lexicon.against[name], self.text)
        return None if hit is None or met(self.lexicon.lists["unsaid"], self.text) else hit[0].strip()


def _apart(stated: float | None, number: float) -> float:
    return float("inf") if stated is None else abs(stated - number) / max(stated, 1.0)
