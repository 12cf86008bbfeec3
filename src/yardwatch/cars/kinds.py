"""What a drawn vehicle is: its kind, whether a sheet covers its load, and the chance that it is freight at all.

The kind network (`training/kinds`, ONNX) looks at one whole vehicle at a time (`cars/crops`) and gives logits of its
kind and of a sheet over its load. Each vehicle is read as it is and turned by half a turn, as its strip is: it has no
front, and what one reading sees is chance.

    p(kind | vehicle) ∝ exp( mean over readings of log softmax(logits) )

Then neighbours in the same train are heard (`cars/rakes`).

A locomotive or a coach is a rail vehicle, drawn and listed, but no freight car:

    P(freight) = 1 − p(locomotive) − p(coach)

Weights without a kind network leave every vehicle freight of unknown kind. Measured on simulated yards alone
(docs/kinds.md): no real yard at hand has kinds labelled.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_softmax, softmax

from yardwatch.cars.capability import KINDS_GSD_M
from yardwatch.cars.crops import crops, pictures
from yardwatch.cars.network import READINGS, Network
from yardwatch.cars.packed import KIND_NETWORK, part
from yardwatch.cars.rakes import alike, coupled_to_next, steps_between, together
from yardwatch.cars.session import session_of
from yardwatch.errors import InputError
from yardwatch.model import Car, Strip
from yardwatch.model.counting import FREIGHT_KINDS, OTHER_KINDS

Floats = NDArray[np.float64]

COVERABLE = "open"
"""The kind whose load may lie under a sheet."""
AT_ONCE = 128
"""Vehicles given to the network at once: bounds memory on long tracks."""


@dataclass(frozen=True, eq=False)
class KindNetwork:
    """Loaded weights; `from_bytes` makes one."""

    session: Any
    kinds: tuple[str, ...]
    """Names of the logits, in their order; the last logit is the cover's."""
    shares: tuple[float, ...]
    """How common each kind is taken to be before it is looked at; at the end the share of open wagons under a sheet."""

    @classmethod
    def from_bytes(cls, weights: bytes) -> KindNetwork:
        """From an ONNX file's bytes. Raises InputError when they are no kind network."""
        try:
            session = session_of(weights)
            about = session.get_modelmeta().custom_metadata_map
            kinds, shares = (tuple(json.loads(about[key])) for key in ("kinds", "shares"))
        except Exception as error:  # onnxruntime raises a family of its own, none of it documented
            raise InputError(
                f"the kind network in the weights cannot be read ({type(error).__name__}); take the shipped file, or "
                "make weights anew with `make train BLOCKS=west,northeast OUT=FILE`"
            ) from error
        if set(kinds) - set(FREIGHT_KINDS + OTHER_KINDS):
            raise InputError(f"the kind network tells kinds that are not known: {', '.join(kinds)}; update Yardwatch")
        return cls(session, kinds, shares)


@dataclass(frozen=True, eq=False)
class Told:
    """A car with what its body looks like."""

    car: Car
    freight: float
    """Chance that it is a freight car."""
    covered: float | None
    """Chance that a sheet covers its load; None for kinds that carry none in view, and where nobody tells."""


@lru_cache(maxsize=4)
def kinds_of(network: Network) -> KindNetwork | None:
    """The kind network that came with a strip network; None where none did."""
    weights = part(network, KIND_NETWORK)
    return None if weights is None else KindNetwork.from_bytes(weights)


def tell(cars: Sequence[Car], strip: Strip, network: KindNetwork | None) -> tuple[Told, ...]:
    """The same cars with kind and cover; their ends are metres along the strip. Without a network nothing is told.

    In pixels coarser than `KINDS_GSD_M` what is freight stays of unknown kind.
    """
    if network is None or not cars:
        return tuple(Told(replace(car, kind="unknown", covered=None), 1.0, None) for car in cars)
    chances, sheets = in_trains(cars, *read(cars, strip, network), network)
    told = tuple(
        _told(car, chance, float(sheet), network.kinds)
        for car, chance, sheet in zip(cars, chances, sheets, strict=True)
    )
    return told if strip.gsd_m <= KINDS_GSD_M else tuple(_unnamed(one) for one in told)


def in_trains(cars: Sequence[Car], chances: Floats, sheets: Floats, network: KindNetwork) -> tuple[Floats, Floats]:
    """The same chances once the neighbours are heard; cars in order along one track."""
    opens, covered = network.kinds.index(COVERABLE), network.shares[-1]
    share = np.array([*network.shares[:-1], network.shares[opens] * covered])
    share[opens] *= 1 - covered
    states = np.concatenate([chances, chances[:, opens, None] * sheets[:, None]], axis=1)
    states[:, opens] *= 1 - sheets
    share /= share.sum()
    step = steps_between(share, alike((*network.kinds, COVERABLE)), opens, -1)
    told = together(states, coupled_to_next(cars), share, step)
    both = told[:, opens] + told[:, -1]
    kinds = told[:, :-1].copy()
    kinds[:, opens] = both
    return kinds, told[:, -1] / both


def read(cars: Sequence[Car], strip: Strip, network: KindNetwork) -> tuple[Floats, Floats]:
    """Chances (n, kinds) of each kind, and (n,) of a sheet if the vehicle can carry one."""
    seen = crops([(car.start_m, car.end_m) for car in cars], strip)
    shown, numbers = pictures(seen), seen.numbers
    logs, odds = np.zeros((len(cars), len(network.kinds))), np.zeros(len(cars))
    for along, across in READINGS:
        turned = np.ascontiguousarray(shown[:, :, ::across, ::along])
        answer = _answers(turned, numbers, network)
        logs += log_softmax(answer[:, :-1], axis=1) / len(READINGS)
        odds += answer[:, -1] / len(READINGS)
    return softmax(logs, axis=1), expit(odds)


def _answers(shown: NDArray[np.float32], numbers: NDArray[np.float32], network: KindNetwork) -> Floats:
    found = [
        network.session.run(None, {"picture": shown[k : k + AT_ONCE], "numbers": numbers[k : k + AT_ONCE]})[0]
        for k in range(0, len(shown), AT_ONCE)
    ]
    return np.concatenate(found).astype(np.float64)


def _told(car: Car, chance: Floats, sheet: float, names: Sequence[str]) -> Told:
    kind = _kind(chance, names)
    other = float(sum(p for name, p in zip(names, chance, strict=True) if name in OTHER_KINDS))
    covered = sheet if kind == COVERABLE else None
    return Told(replace(car, kind=kind, covered=None if covered is None else covered > 0.5), 1 - other, covered)


def _unnamed(told: Told) -> Told:
    """Freight of unknown kind; a locomotive or a coach keeps its name."""
    if not told.car.freight:
        return told
    return replace(told, car=replace(told.car, kind="unknown", covered=None), covered=None)


def _kind(chance: Floats, names: Sequence[str]) -> str:
    """The likeliest kind; one that is no freight only where freight together is less likely than not."""
    free = np.array([name not in OTHER_KINDS for name in names])
    wanted = free if chance[free].sum() >= 0.5 else ~free
    return names[int(np.where(wanted, chance, -1).argmax())]


def freight_only(pmf: Floats, chances: Sequence[float]) -> Floats:
    """The pmf of all vehicles, less those of the drawn ones that may be none of freight (chances of being freight).

    The number taken away is a sum of independent draws (Poisson-binomial); a count never falls below zero.
    """
    away = np.ones(1)
    for chance in chances:
        away = np.convolve(away, [chance, 1 - chance])
    left = np.zeros(len(pmf))
    for n, mass in enumerate(away):
        if mass > 0:
            np.add.at(left, np.maximum(np.arange(len(pmf)) - n, 0), mass * pmf)
    return left / left.sum()
