"""Small sites built in code, and questions put to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import shapely

from yardwatch.history.assessment import Question
from yardwatch.model import Break, DateSpan, Event, Observation, Role, Site, Source, Window, Zone


class Make:
    """Short ways to write a record down."""

    def __init__(self) -> None:
        self._running = 0

    def row(self, when: str, value: float | None, zone: str = "yard", unit: str = "cars", **more) -> Observation:
        self._running += 1
        more.setdefault("id", f"row-{self._running}")
        return Observation(zone=zone, when=DateSpan.parse(when), unit=unit, value=value, **more)

    def bound(self, when: str, upper: float, zone: str = "yard", **more) -> Observation:
        return self.row(when, None, zone, role=Role.BOUND, upper=upper, **more)

    def event(self, when: str, disclosed: str, title: str, **more) -> Event:
        return Event(
            id=title, when=DateSpan.parse(when), disclosed=DateSpan.parse(disclosed), title=title, kind="other", **more
        )

    def site(self, *rows: Observation, zones: dict[str, str | None] | None = None, **more) -> Site:
        parents = zones or {"yard": None}
        square = shapely.box(130.60, 42.41, 130.61, 42.42)
        made = tuple(Zone(id=z, version=1, polygon=square, parent=p) for z, p in parents.items())
        given = {"breaks": (), "events": (), "fictional": False, "zones": made, "default_zone": next(iter(parents))}
        given |= more
        return Site(id="place", name="Place", tracks=(), default_unit="cars", record=rows, **given)

    def question(self, as_of: str, zone: str = "yard", unit: str = "cars", window: str = "5y") -> Question:
        day = date.fromisoformat(as_of)
        return Question(zone=zone, unit=unit, as_of=day, window=Window.before(day, window))

    def monthly(self, values: list[float], first_year: int = 2021, **more) -> list[Observation]:
        """One look on the first of each month from January of a year on."""
        return [
            self.row(f"{first_year + i // 12}-{i % 12 + 1:02d}-01", value, **more) for i, value in enumerate(values)
        ]


@pytest.fixture
def make() -> Make:
    return Make()


@pytest.fixture
def tumangang(make: Make) -> Callable[[], Site]:
    """The rows of the published case that decide anything, written down by hand."""
    zones = {"facility": None, "freight-handling": "facility", "depot-north": "facility", "voa-stop": "facility"}
    summed = {"basis": "derived", "id": "f-2024"}
    train = "metres of train"
    coal = Source(publisher="Russian Railways", quote="Two freight trains, each consisting of 65 wagons")
    part = {"role": Role.CLASS}
    rows = (
        make.row("2014-03", 65, "Khasan->Tumangang->Rajin", role=Role.CONTEXT, source=coal, id="coal"),
        make.bound("2018-10/2023-10", 20, "facility", id="bound"),
        make.row("2022-11-30", 8, "freight-handling", lower=8, upper=8),
        make.row("2023-09-14", 0, "depot-north", lower=0, upper=0, id="d-quiet"),
        make.row("2023-09-22", 500, "depot-north", train, id="d-raised"),
        make.row("2023-09-24", 395, "voa-stop", train),
        make.row("2023-09-24", 28, "voa-stop", role=Role.CROSS_CHECK, lower=24, upper=33),
        make.row("2023-10-05", 73, "facility", id="f-2023"),
        make.row("2023-10-06", 1000, "voa-stop", train),
        make.row("2023-10-06", 72, "voa-stop", role=Role.CROSS_CHECK, lower=61, upper=83),
        make.row("2024-02", 80, "freight-handling", "% filled"),
        make.row("2024-03-01", 0, "freight-handling", "% filled", lower=0, upper=0),
        *(make.row("2024-06-17", n, "facility", kind=k, **part) for k, n in (("ore", 175), ("box", 14), ("tank", 66))),
        make.row("2024-06-17", 6, "facility", kind="locomotive", **part),
        make.row("2024-06-17", 3, "facility", kind="maintenance", **part),
        make.row("2024-06-17", 255, "facility", **summed),
    )
    events = (
        make.event("2023-08-15", "2023-10-16", "voyages", approximate=True),
        make.event("2023-09-13", "2023-09-13", "summit"),
        make.event("2023-10-13", "2023-10-13", "imagery released"),
    )
    closure = Break(id="closure", first=date(2020, 2, 1), last=date(2022, 10, 31))
    return lambda: make.site(*rows, zones=zones, events=events, breaks=(closure,))
