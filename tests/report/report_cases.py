"""The published case and a fictional yard, built by hand: what `history` would answer, without asking it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import shapely

from yardwatch.history.assessment import (
    Assessment,
    Baseline,
    EventLead,
    Onset,
    Question,
    Ratio,
    Unprecedented,
    Withdrawn,
)
from yardwatch.history.note import Note
from yardwatch.model import (
    Break,
    Car,
    Change,
    DateSpan,
    Event,
    Grid,
    Licence,
    Observation,
    Pixels,
    Role,
    Scene,
    Site,
    Source,
    Window,
    Zone,
)
from yardwatch.report.content import ChangeFigure, CountTrace, Method, ReportContent, SceneFigure, TruthRow

BP = Source(
    publisher="Beyond Parallel",
    url="https://example.org/bp",
    quote="unprecedented number of freight railcars, totaling approximately 73 railcars",
    sensor="Planet",
)
BP24 = Source(publisher="Beyond Parallel", url="https://example.org/bp-2024", quote="approximately 175 ore cars")
MEDUZA = Source(
    publisher="Beyond Parallel (quoted by Meduza)",
    url="https://example.org/meduza",
    quote="approximately 20 railcars at this facility at most",
)
VOA = Source(publisher="VOA", url="https://example.org/voa", quote="about 5 trains about 200 meters in length")
OVERT = Source(publisher="Overt Operator", url="https://example.org/overt", quote="The area was completely empty")


def seen(observation_id, when, value=None, **fields):
    defaults = {"zone": "facility", "unit": "cars"}
    return Observation(id=observation_id, when=DateSpan.parse(when), value=value, **(defaults | fields))


RECORD = (
    seen("bound-5y", "2018-10/2023-10", role=Role.BOUND, upper=20.0, source=MEDUZA),
    seen("depot-0914", "2023-09-14", 0.0, lower=0.0, upper=0.0, zone="depot-north", source=OVERT),
    seen("depot-0922", "2023-09-22", 500.0, zone="depot-north", unit="metres of train", source=OVERT),
    seen("look-1005", "2023-10-05", 73.0, source=BP),
    seen(
        "voa-1006", "2023-10-06", 72.0, lower=61.0, upper=83.0, zone="voa-stop", role=Role.CROSS_CHECK,
        basis="length / wagon pitch", source=VOA,
    ),
    seen("look-0617", "2024-06-17", 255.0, source=BP24, basis="derived"),
    seen(
        "coal-2014", "2014-03", 65.0, zone="Khasan to Rajin", unit="wagons per coal train", role=Role.CONTEXT,
        source=Source(publisher="Russian Railways", url="https://example.org/rzd"),
    ),
)  # fmt: skip


def event(event_id, when, disclosed, title, **fields):
    span, known = DateSpan.parse(when), DateSpan.parse(disclosed)
    source = Source(publisher="Wire", url=f"https://example.org/{event_id}")
    return Event(id=event_id, when=span, disclosed=known, title=title, kind="political", source=source, **fields)


EVENTS = (
    event("closure", "2020-02", "2020-02", "DPRK closes the rail link"),
    event("train", "2022-11-18/2022-11-19", "2023-01-20", "Five cars from Khasan to Tumangang and back"),
    event("visit", "2023-07", "2023-07", "Defence minister visits Pyongyang"),
    event("voyages", "2023-08-15", "2023-10-16", "Rajin–Dunai ship voyages begin", approximate=True),
    event("summit", "2023-09-13", "2023-09-13", "Summit at Vostochny"),
    event("disclosure", "2023-10-05", "2023-10-05", "Official says artillery transfers began"),
    event("report", "2023-10-06", "2023-10-06", "Beyond Parallel report published"),
)
LEADS = ((1294, 1330), (299, 308), (45, 83), (25, 43), (1, 9), (-21, -13), (-22, -14))


def tumangang(name="Tumangang"):
    outer = shapely.box(130.600, 42.415, 130.620, 42.428)
    zones = (
        Zone(id="facility", version=1, polygon=outer, approximate=True, aliases=("Tumangang rail facility",)),
        Zone(id="depot-north", version=1, polygon=shapely.box(130.606, 42.424, 130.612, 42.427), parent="facility"),
        Zone(id="voa-stop", version=1, polygon=shapely.box(130.606, 42.420, 130.612, 42.423), parent="facility"),
    )
    closure = Break(
        id="covid", first=date(2020, 2, 1), last=date(2022, 11, 1), note="the border was closed for COVID-19"
    )
    return Site(
        id="tumangang", name=name, fictional=False, zones=zones, tracks=(), default_zone="facility",
        default_unit="cars", breaks=(closure,), record=RECORD, events=EVENTS,
    )  # fmt: skip


def published_assessment(as_of=date(2023, 10, 6)):
    by_id = {look.id: look for look in RECORD}
    window = Window.before(as_of, "5y")
    unknown = "n is unknown: the number of looks behind the published bound was not published"
    return Assessment(
        site="tumangang",
        question=Question(zone="facility", unit="cars", as_of=as_of, window=window),
        n=None,
        observed=by_id["look-1005"],
        baseline=Baseline(
            max=20.0, max_is_bound=True, median=None, mean=None, band=None, looks=(), bounds=("bound-5y",)
        ),
        ratio=Ratio(value=3.65, lower=None, upper=None),
        p_model=None,
        p_calibrated=None,
        p_record=None,
        unprecedented=Unprecedented(
            holds=None, reason=unknown, window=window, zone="facility", unit="cars", n=None,
            outside=(by_id["coal-2014"],),
        ),
        superseded_by=by_id["look-0617"],
        withdrawn=(Withdrawn(observation=by_id["look-1005"], by=by_id["look-0617"]),),
        cross_checks=(by_id["voa-1006"],),
        onset=Onset(
            earliest=date(2023, 9, 14), latest=date(2023, 9, 22), zones=("depot-north",),
            observations=("depot-0914", "depot-0922"),
        ),
        events=tuple(
            EventLead(event=e, known=e.disclosed.latest <= as_of, lead_days=lead)
            for e, lead in zip(EVENTS, LEADS, strict=True)
        ),
        notes=(
            Note(id="bound", text="The bound of about 20 spans the closure (33 of 60 months) and cannot be split."),
        ),
        why_null={"n": unknown, "p_model": "fewer than 3 comparable looks in the window", "p_record": unknown},
        verdict=(
            "About 73 freight cars in zone facility on 5 October 2023 are above the highest count published for the "
            "window (about 20); how many looks stand behind that bound is unknown."
        ),
        verdict_days=(by_id["look-1005"].when,),
    )  # fmt: skip


def published_case(**changes):
    base = ReportContent(
        site=tumangang(),
        assessment=published_assessment(),
        version="0.1.0",
        beside=((khasan(), khasan_assessment()),),
        methods=(Method(name="history", version="0.1.0", sha256="ab" * 32),),
        command="yardwatch report tumangang --as-of 2023-10-06",
    )
    return replace(base, **changes)


def khasan():
    zone = Zone(id="station", version=1, polygon=shapely.box(130.640, 42.425, 130.650, 42.431))
    record = (
        seen("k-1129", "2022-11-29", 8.0, lower=8.0, upper=8.0, zone="station", source=OVERT),
        seen("k-0617", "2024-06-17", 149.0, zone="station", source=BP24),
    )
    return Site(
        id="khasan", name="Khasan", fictional=False, zones=(zone,), tracks=(), default_zone="station",
        default_unit="cars", breaks=(), record=record, events=(),
    )  # fmt: skip


def khasan_assessment():
    window = Window.before(date(2023, 10, 6), "5y")
    word = Unprecedented(
        holds=None, reason="no earlier look in the window", window=window, zone="station", unit="cars", n=0
    )
    return Assessment(
        site="khasan",
        question=Question(zone="station", unit="cars", as_of=date(2023, 10, 6), window=window),
        n=0,
        observed=khasan().record[0],
        baseline=Baseline(max=None, max_is_bound=False, median=None, mean=None, band=None, looks=(), bounds=()),
        ratio=Ratio(value=None, lower=None, upper=None),
        p_model=None, p_calibrated=None, p_record=None,
        unprecedented=word, superseded_by=khasan().record[1], withdrawn=(), cross_checks=(), onset=None, events=(),
        verdict="8 freight cars were published for zone station; the window holds no earlier look.",
    )  # fmt: skip


def fictional_site(record=()):
    zone = Zone(id="yard", version=2, polygon=shapely.box(-123.404, -48.901, -123.396, -48.899))
    return Site(
        id="fictional-yard", name="Fictional yard (simulated)", fictional=True, zones=(zone,), tracks=(),
        default_zone="yard", default_unit="cars", breaks=(), record=record, events=(),
    )  # fmt: skip


def own_looks(n=30, top=61.0):
    """Quiet looks from 2019 to 2024 and two raised ones; every seventh is a no-look."""
    rng = np.random.default_rng(3)
    looks = []
    for i in range(n):
        day = date.fromordinal(date(2019, 1, 10).toordinal() + round(i * 2000 / n))
        value = float(rng.poisson(12)) if i < n - 2 else top - (n - 1 - i) * 4
        if i % 7 == 3:
            looks.append(
                seen(f"own-{i:03d}", day.isoformat(), role=Role.NO_LOOK, zone="yard", own=True, synthetic=True)
            )
            continue
        looks.append(
            seen(
                f"own-{i:03d}", day.isoformat(), value, lower=max(0.0, value - 3), upper=value + 4, zone="yard",
                own=True, basis="counted", evidence=f"count-{i:03d}", visible_fraction=0.9 if i % 5 == 0 else 1.0,
                synthetic=True,
            )
        )  # fmt: skip
    return tuple(looks)


def yard_pixels(seed=0, bands=3, size=(240, 80), step=0.5):
    """Ballast with three rows of cars in it, 4.8 m apart; returns pixels and the cars' footprints."""
    rng = np.random.default_rng(seed)
    grid = Grid(frame=fictional_site().frame, west=-size[0] / 2, north=size[1] / 2, step_m=step,
                width=int(size[0] / step), height=int(size[1] / step))  # fmt: skip
    data = np.clip(0.42 + 0.05 * rng.standard_normal((bands, grid.height, grid.width)), 0, 1).astype(np.float32)
    cars, centres = [], grid.centres()
    for row, count in enumerate((9, 6, 4)):
        for k in range(count):
            start, y = -100 + 14.9 * k, -6.0 + 4.8 * row
            shade = 0.15 + 0.6 * rng.random()
            inside = (abs(centres[..., 1] - y) < 1.55) & (centres[..., 0] > start) & (centres[..., 0] < start + 13.9)
            data[:, inside] = shade
            kind = "locomotive" if (row, k) == (1, 0) else "open"
            car = Car(
                id=f"c{row}{k}", track=f"t{row}", start_m=14.9 * k, end_m=14.9 * k + 13.9, kind=kind, probability=0.93
            )
            cars.append((car, shapely.box(start, y - 1.55, start + 13.9, y + 1.55)))
    visible = np.ones(data.shape[1:], bool)
    visible[:6] = False
    return Pixels(grid=grid, data=np.where(visible, data, 0).astype(np.float32), visible=visible), tuple(cars)


def scene(scene_id="2024-06-20-aa", synthetic=True, publish=True, when=None):
    return Scene(
        id=scene_id, href="a.tif", sha256="cd" * 32, acquired=when or datetime(2024, 6, 20, 2, 31, tzinfo=UTC),
        gsd_m=0.5, crs="EPSG:32710", footprint=shapely.box(-123.41, -48.91, -123.39, -48.89), sensor="rendered",
        off_nadir_deg=28.0, sun_elevation_deg=40.0, synthetic=synthetic,
        licence=Licence(name="CC0", may_publish_pixels=publish, attribution="The Yardwatch developers"),
    )  # fmt: skip


def fictional_case(n=30, **changes):
    looks = own_looks(n)
    counted = [look for look in looks if look.value is not None]
    as_of = date(2024, 7, 1)
    window = Window.before(as_of, "5y")
    earlier = tuple(look for look in counted[:-1] if window.holds(look.when))
    peak = max(earlier, key=lambda look: look.value)
    observed = counted[-1]
    pixels, cars = yard_pixels()
    quiet, _ = yard_pixels(seed=5)
    change = Change(
        id="change-1", kind="new-structure", polygon=shapely.box(20, 12, 60, 30), area_m2=720.0,
        after=date(2023, 5, 1), before=date(2023, 8, 2), persistence=5, probability=None, stage="roofed",
    )  # fmt: skip
    assessment = Assessment(
        site="fictional-yard",
        question=Question(zone="yard", unit="cars", as_of=as_of, window=window),
        n=len(earlier),
        observed=observed,
        by_kind={"open": 40.0, "covered": 21.0},
        baseline=Baseline(
            max=peak.value, max_is_bound=False, median=12.0, mean=12.3, band=(6.0, 19.0),
            looks=tuple(look.id for look in earlier), bounds=(),
        ),
        ratio=Ratio(value=observed.value / peak.value, lower=observed.lower / peak.value,
                    upper=observed.upper / peak.value),
        p_model=0.00002, p_calibrated=0.04, p_record=1 / (len(earlier) + 1),
        unprecedented=Unprecedented(
            holds=True, reason="no look or published bound in the window reaches it", window=window, zone="yard",
            unit="cars", n=len(earlier),
        ),
        superseded_by=None, withdrawn=(), cross_checks=(),
        onset=Onset(earliest=counted[-3].when.latest, latest=counted[-2].when.latest, zones=("yard",),
                    observations=(counted[-3].id, counted[-2].id)),
        events=(),
        no_looks=tuple(look.when for look in looks if look.role is Role.NO_LOOK),
        verdict="About 61 freight cars in zone yard are above every earlier look of the window.",
    )  # fmt: skip
    base = ReportContent(
        site=fictional_site(),
        assessment=assessment,
        version="0.1.0",
        own=looks,
        figures=(SceneFigure(scene=scene(), pixels=pixels, cars=cars, caption="The raised look.",
                             observation=observed.id),),
        changes=(ChangeFigure(change=change, before=(scene("2023-05-01-bb"), quiet),
                              after=(scene("2023-08-02-cc"), pixels)),),
        truth=tuple(
            TruthRow(day=look.when.latest, mean=look.value, lower=look.lower, upper=look.upper,
                     true=int(look.value) + (i % 6 == 0) * 5, observation=look.id)
            for i, look in enumerate(counted)
        ),
        traces=tuple(
            CountTrace(count=look.evidence, look=f"look-{look.id}", scene="2024-06-20-aa", scene_sha256="cd" * 32,
                       zone="yard", zone_version=2, code_version="0.1.0", parameters_sha256="ef" * 32)
            for look in counted
        ),
        methods=(Method(name="cars", version="0.1.0", sha256="12" * 32),
                 Method(name="history", version="0.1.0", sha256="34" * 32)),
        command="yardwatch report fictional-yard --as-of 2024-07-01",
    )  # fmt: skip
    return replace(base, **changes)
