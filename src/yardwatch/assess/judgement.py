"""Judgements: what a person holds the findings to mean; entered by hand, checked here, signed with a name.

The software writes none. A judgement is three sentences, each a claim of the third layer: what is judged, with one word
of likelihood; what else is possible; and how good the grounds are, which never shares a sentence with the likelihood.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yardwatch.assess.lint import Finding, Lexicon, Sentence, lint
from yardwatch.assess.lint.likelihood import words
from yardwatch.assess.lint.text import split
from yardwatch.errors import RefusedError
from yardwatch.history.days import day_words
from yardwatch.model import Claim, Layer

CONFIDENCES = ("low", "moderate", "high")


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """One judgement as its author wrote it."""

    id: str
    text: str
    likelihood: str
    """The word of ICD 203 that stands in the text."""
    confidence: str
    """`low`, `moderate` or `high`."""
    because: str
    """What the confidence rests on."""
    alternatives: tuple[str, ...]
    rests_on: tuple[str, ...]
    """Ids of claims of the report."""
    signed_by: str = ""
    signed_on: date | None = None

    @property
    def signed(self) -> bool:
        """Whether a name and a day stand under it."""
        return bool(self.signed_by.strip()) and self.signed_on is not None


def judgement_claims(one: Judgement) -> tuple[Claim, ...]:
    """The judgement as claims of the third layer."""
    found = [_claim(one, f"j-{one.id}", one.text)]
    if one.alternatives:
        found.append(_claim(one, f"j-{one.id}-alternatives", f"Also possible: {'; '.join(one.alternatives)}."))
    text = f"Confidence in that is {one.confidence}: {one.because.rstrip('.')}."
    found.append(_claim(one, f"j-{one.id}-confidence", text))
    return tuple(found)


def signature(one: Judgement) -> str:
    """Who judged, and when; says so where nobody signed."""
    if not one.signed or one.signed_on is None:
        return "Nobody has signed this judgement."
    return f"Judged by {one.signed_by.strip()} on {day_words(one.signed_on)}."


def faults(one: Judgement, known: Collection[str], lexicon: Lexicon) -> tuple[str, ...]:
    """What keeps a judgement from being published, each with its remedy; empty when nothing does."""
    found: list[str] = []
    if not one.alternatives:
        found.append("names no alternatives; add those that are left, deception and “nothing unusual” thought of")
    if not one.signed:
        found.append("is not signed; put a name into signed_by and the day into signed_on")
    if one.confidence not in CONFIDENCES:
        found.append(f"has confidence {one.confidence[:40]!r}; write {', '.join(CONFIDENCES)}")
    unknown = [name for name in one.rests_on if name not in known]
    if unknown or not one.rests_on:
        named = f"rests on {unknown[0][:60]!r}, which is no claim of the report" if unknown else "rests on no claim"
        found.append(f"{named}; name ids the report shows, for instance o-observed")
    found += _word_faults(one)
    return (*found, *(f"says “{fault.text}” ({fault.rule}): {fault.why}" for fault in _findings(one, lexicon)))


def _word_faults(one: Judgement) -> list[str]:
    said = words(one.text)
    if not said:
        return ["has no word of likelihood in its text; ICD 203 has seven, from almost no chance to almost certain"]
    same = one.likelihood.strip().lower() in (said[0].text.lower(), said[0].band.word, said[0].band.synonym)
    if len(said) > 1 or not same:
        spoken = ", ".join(word.text for word in said)
        return [f"says {spoken} and names {one.likelihood[:40]!r} as its likelihood; make them one and the same"]
    return []


def _findings(one: Judgement, lexicon: Lexicon) -> tuple[Finding, ...]:
    texts = [text for claim in judgement_claims(one) for text in split(claim.text)]
    return lint([Sentence(i, text) for i, text in enumerate(texts, 1)], lexicon)


def _claim(one: Judgement, claim_id: str, text: str) -> Claim:
    return Claim(id=claim_id, layer=Layer.JUDGEMENT, text=text, rests_on=one.rests_on or ("nothing",))


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The judgements of a report and what is wrong with each."""

    judgements: tuple[Judgement, ...] = ()
    faults: Mapping[str, tuple[str, ...]]
    """By judgement; empty where it may be published."""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Claims of the third layer, in order."""
        return tuple(claim for one in self.judgements for claim in judgement_claims(one))

    def require_publishable(self) -> None:
        """Raise RefusedError naming the first judgement that may not be published, and why."""
        for name, told in self.faults.items():
            if told:
                raise RefusedError(
                    f"judgement.toml: judgement {name} {told[0]}; the public edition waits for that "
                    "(--edition internal shows it as a draft)"
                )

    def as_json(self) -> dict[str, Any]:
        """What was judged, by whom, and what is wrong with it."""
        return {
            "entered": bool(self.judgements),
            "note": "judgement is entered and signed by a person",
            "judgements": [
                {
                    "id": one.id, "text": one.text, "likelihood": one.likelihood, "confidence": one.confidence,
                    "because": one.because, "alternatives": list(one.alternatives), "rests_on": list(one.rests_on),
                    "signed_by": one.signed_by or None,
                    "signed_on": one.signed_on.isoformat() if one.signed_on else None,
                    "signature": signature(one), "faults": list(self.faults[one.id]),
                }
                for one in self.judgements
            ],
        }  # fmt: skip
