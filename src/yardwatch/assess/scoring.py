"""How well judgements came true: the Brier score and a table of calibration.

    Brier score = mean of (p − o)²,   p the middle of the word's band, o = 1 if it happened, else 0

0 is perfect, 0.25 is what always saying "even chance" earns, and below it lies what always saying the share that came
true would have earned, b·(1 − b). The table holds each word's middle against the share that came true, with the
interval a share of so few carries (Clopper and Pearson 1934, 90 %). A word is out of its band only where the interval
and the band have nothing in common: with a handful of outcomes hardly anything can be said, and nothing is.

Sources: G. W. Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78 (1950)
1–3; C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404–413; words and bands: ICD 203.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scipy import stats

from yardwatch.assess.wording import BANDS, Band
from yardwatch.model import Forecast, Outcome
from yardwatch.model.judged import VOID, YES

LEVEL = 0.9
"""Of the interval of each word's share."""


@dataclass(frozen=True, kw_only=True)
class Scored:
    """One forecast and what became of it."""

    forecast: Forecast
    outcome: Outcome | None
    """The newest; None while nobody entered one."""
    overdue: bool
    """Its last day is over and nobody said what became of it."""

    @property
    def happened(self) -> bool | None:
        """None while open, and where it can no longer be told."""
        return None if self.outcome is None or self.outcome.happened == VOID else self.outcome.happened == YES

    @property
    def brier(self) -> float | None:
        """(p − o)², None while there is no o."""
        return None if self.happened is None else (self.forecast.chance - self.happened) ** 2


@dataclass(frozen=True, kw_only=True)
class Row:
    """One band of the table."""

    words: str
    lower: float
    upper: float
    n: int
    happened: int
    share: float
    share_lower: float
    share_upper: float

    @property
    def outside(self) -> bool:
        """Whether so many or so few came true that the band cannot be right."""
        return self.share_upper < self.lower or self.share_lower > self.upper


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """All scored forecasts together."""

    n: int
    """Scored: open and void ones are not among them."""
    brier: float | None
    base_rate: float | None
    """Share of the scored that happened."""
    brier_of_base_rate: float | None
    """What always saying that share would have earned: known only afterwards, so a hard mark to beat."""
    rows: tuple[Row, ...]


def score(forecasts: Sequence[Forecast], outcomes: Sequence[Outcome], today: date) -> tuple[Scored, ...]:
    """Each forecast with its newest outcome, in the order made."""
    newest = {outcome.forecast: outcome for outcome in outcomes}
    return tuple(
        Scored(
            forecast=forecast,
            outcome=newest.get(forecast.id),
            overdue=forecast.id not in newest and forecast.due < today,
        )
        for forecast in sorted(forecasts, key=lambda one: (one.made, one.due, one.id))
    )


def calibration(scored: Sequence[Scored]) -> Calibration:
    """The table over all forecasts that came true or did not."""
    known = [(one.forecast, one.happened, one.brier) for one in scored if one.happened is not None]
    n = len(known)
    rate = sum(happened for _, happened, _ in known) / n if n else None
    return Calibration(
        n=n,
        brier=sum(brier for _, _, brier in known if brier is not None) / n if n else None,
        base_rate=rate,
        brier_of_base_rate=rate * (1 - rate) if rate is not None else None,
        rows=tuple(row for ends in _bands(known) if (row := _row(ends, known))),
    )


Known = Sequence[tuple[Forecast, bool, float | None]]


def _bands(known: Known) -> list[tuple[float, float]]:
    """The bands that were used, as they stood when each forecast was made."""
    return sorted({(forecast.lower, forecast.upper) for forecast, _, _ in known})


def _row(ends: tuple[float, float], known: Known) -> Row | None:
    own = [(forecast, happened) for forecast, happened, _ in known if (forecast.lower, forecast.upper) == ends]
    n, k = len(own), sum(happened for _, happened in own)
    lower, upper = share_interval(k, n)
    words = dict.fromkeys(forecast.word for forecast, _ in own)
    return Row(
        words=" / ".join(words), lower=ends[0], upper=ends[1], n=n, happened=k, share=k / n,
        share_lower=lower, share_upper=upper,
    )  # fmt: skip


def share_interval(k: int, n: int) -> tuple[float, float]:
    """Clopper and Pearson's interval of a share, k of n."""
    tail = (1 - LEVEL) / 2
    lower = float(stats.beta.ppf(tail, k, n - k + 1)) if k else 0.0
    upper = float(stats.beta.ppf(1 - tail, k + 1, n - k)) if k < n else 1.0
    return lower, upper


def band_of(word: str) -> Band:
    """The band of a word of either row. Raises ValueError that names the words."""
    said = " ".join(word.casefold().split())
    for band in BANDS:
        if said in (band.word, band.synonym):
            return band
    known = ", ".join(band.word for band in BANDS)
    raise ValueError(f"{word!r} is no word of likelihood; choose one of: {known} (or a synonym of ICD 203)")
