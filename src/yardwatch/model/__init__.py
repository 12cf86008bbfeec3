"""The values of Yardwatch: start here.

Every value is frozen and refuses to be built when it makes no sense, so later code has no checks of its own.
Units stand in the names (`_m`, `_deg`); positions are lon/lat (WGS 84) unless a field says *ground*, which is
metres in the site's `ground.Frame`. Days are UTC. Arrays are (band, y, x) for windows and (band, t, s) for
strips, float32, reflectance-like 0..1, NaN nowhere: what cannot be seen is False in `visible`.
"""

from yardwatch.model.counting import FREIGHT_KINDS, OTHER_KINDS, Capability, Car, Count, Evidence, LengthCount
from yardwatch.model.judged import ChangeState, Forecast, Outcome, Verdict
from yardwatch.model.meaning import Change, Claim, Layer
from yardwatch.model.pixels import Grid, Licence, Pixels, Scene, Strip
from yardwatch.model.record import Break, Event, Observation, Role, Source
from yardwatch.model.reference import Reference
from yardwatch.model.when import DateSpan, Window
from yardwatch.model.where import Site, Track, Zone

__all__ = [
    "FREIGHT_KINDS",
    "OTHER_KINDS",
    "Break",
    "Capability",
    "Car",
    "Change",
    "ChangeState",
    "Claim",
    "Count",
    "DateSpan",
    "Event",
    "Evidence",
    "Forecast",
    "Grid",
    "Layer",
    "LengthCount",
    "Licence",
    "Observation",
    "Outcome",
    "Pixels",
    "Reference",
    "Role",
    "Scene",
    "Site",
    "Source",
    "Strip",
    "Track",
    "Verdict",
    "Window",
    "Zone",
]
