"""The surge part of the page: the alarm and its reason, the effect, how far the test can be trusted, what it could see.

The figures are history's own. The power table and the calibration plot stand folded: who wants to know what this record
could have shown, and how often the test went off before, opens them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from yardwatch.assess.interpreted import chance
from yardwatch.assess.wording import count_number, number, quantity, unit_words
from yardwatch.history.assessment import Assessment
from yardwatch.history.calibration import MIN_BACK_TEST
from yardwatch.history.levels import Levels
from yardwatch.history.power import FACTORS
from yardwatch.history.surge import NOMINAL, Surge
from yardwatch.report.anchors import anchor
from yardwatch.report.chart import Chart
from yardwatch.report.chart_calibration import CalibrationPoint, calibration_chart
from yardwatch.report.chart_power import WANTED, is_framed, power_chart

STATES = {
    True: ("Alarm", "warn"),
    False: ("No alarm", "good"),
    None: ("No alarm can be raised or ruled out", "refused"),
}
Z95 = 1.96
"""Both sides of 95 % under the normal, for the interval of a rate."""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One figure of the part."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class LevelRow:
    """One shift of the record's level."""

    when: str
    size: str
    looks: str


@dataclass(frozen=True, kw_only=True, eq=False)
class SurgePart:
    """What the page shows of the test."""

    state: str
    style: str
    reason: str
    facts: tuple[Fact, ...]
    evidence: tuple[str, ...]
    """Ids of the observations it rests on."""
    power: Chart | None
    power_rests: str
    """What level and spread the table takes as known."""
    power_framed: str
    """Which of its cells are framed."""
    calibration: Chart | None
    """None with fewer than 99 earlier looks tested."""
    levels: tuple[LevelRow, ...]


def surge_part(assessment: Assessment) -> SurgePart | None:
    """The part; None where nothing was observed."""
    test, seen, base = assessment.surge, assessment.observed, assessment.baseline
    if test is None or seen is None:
        return None
    state, style = STATES[test.alarm.holds]
    return SurgePart(
        state=state,
        style=style,
        reason=_reason(assessment, test),
        facts=tuple(_facts(assessment, test)),
        evidence=(*base.bounds, *(base.fitted or base.looks), seen.id),
        power=_power(assessment, test),
        power_rests=_power_rests(assessment, test),
        power_framed=f"Framed: {WANTED} or more." if is_framed(test.power) else f"None reaches {WANTED}.",
        calibration=_calibration(assessment, test),
        levels=_levels(assessment.levels, assessment.question.unit),
    )


def _reason(assessment: Assessment, test: Surge) -> str:
    """History's reason, without the words the state already says."""
    text = test.alarm.reason.removeprefix("no alarm can be raised or ruled out: ")
    why = assessment.why_null.get("p_model") if test.effect is None else None
    return f"{text[:1].upper()}{text[1:]}{'; ' + why if why else ''}."


def _power(assessment: Assessment, test: Surge) -> Chart | None:
    if not test.power:
        return None
    level, spread = _level(assessment, test), "" if test.spread is None else f", spread {test.spread:.2f}"
    terms = "" if level is None else f"level about {level}{spread}"
    return power_chart(test.power, FACTORS, anchor("power", assessment.site), terms)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _facts(assessment: Assessment, test: Surge) -> list[Fact]:
    unit, size = assessment.question.unit, test.effect
    found = []
    if size is not None:
        bare = "; the count's own interval is not known" if size.bare else ""
        ends = f"×{number(size.lower)} to ×{number(size.upper)}, {_percent(size.level)}"
        found.append(Fact(label="Effect, observed ÷ expected", text=f"×{number(size.value)} ({ends}{bare})"))
        found.append(Fact(label="Expected of this look", text=f"about {quantity(size.expected, 'cars')}"))
    calibrated = "none" if assessment.p_calibrated is None else chance(assessment.p_calibrated)
    found.append(Fact(label="Chance, calibrated", text=calibrated))
    found.append(Fact(label="Earlier looks tested alike", text=_back_test(test)))
    if size is None and test.small_n is not None and test.small_n.path != "prior":
        few = test.small_n
        band = " to ".join(count_number(end, unit) for end in few.band)
        found.append(Fact(label="Expected, few looks", text=f"{band} (90 %), resting on the prior too"))
    return found


def _back_test(test: Surge) -> str:
    short = "" if test.back_test >= MIN_BACK_TEST else f"; a rate of 1 % needs {number(MIN_BACK_TEST)}"
    if not test.back_test:
        return f"none{short}"
    return f"{number(test.back_test)} of {number(test.back_test_series)} series{short}"


def _power_rests(assessment: Assessment, test: Surge) -> str:
    level = _level(assessment, test) or "what the record expects"
    if test.spread is None:
        return f"a level of about {level}, which rests on the prior as much as on the record,"
    return f"a level of about {level} and a rate that varies by {_percent(test.spread)} from look to look"


def _level(assessment: Assessment, test: Surge) -> str | None:
    """The level the power table is for."""
    mean, unit = assessment.baseline.mean, assessment.question.unit
    if test.spread is not None and mean is not None:
        return quantity(mean, unit)
    return None if test.small_n is None else quantity(test.small_n.mean, "cars")


def _calibration(assessment: Assessment, test: Surge) -> Chart | None:
    if test.back_test < MIN_BACK_TEST:
        return None
    points = [_point(rate, hits, test.back_test) for rate, hits in zip(NOMINAL, test.went_off, strict=True)]
    return calibration_chart(points, anchor("calibration", assessment.site))


def _point(rate: float, hits: int, looks: int) -> CalibrationPoint:
    """Rate with Wilson's interval (1927), as if looks were independent of each other."""
    share = hits / looks
    near = 1 + Z95**2 / looks
    centre = (share + Z95**2 / (2 * looks)) / near
    reach = Z95 * sqrt(share * (1 - share) / looks + Z95**2 / (4 * looks**2)) / near
    return CalibrationPoint(
        test="model p, earlier looks",
        nominal=rate,
        observed=share,
        lower=max(centre - reach, 0.0),
        upper=min(centre + reach, 1.0),
        looks=looks,
    )


def _levels(levels: Levels | None, unit: str) -> tuple[LevelRow, ...]:
    shifts = levels.shifts if levels else ()
    return tuple(
        LevelRow(
            when=f"{shift.earliest} to {shift.latest}",
            size=f"about {number(round(shift.before, 1))} to about {number(round(shift.after, 1))} {unit_words(unit)}",
            looks=f"{number(shift.looks[0])} before, {number(shift.looks[1])} after",
        )
        for shift in shifts
    )
