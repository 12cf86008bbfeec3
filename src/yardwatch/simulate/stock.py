"""Rolling stock: real lengths, and the looks that tell kinds apart from above.

Lengths over couplers: Russian gondola 12-132 13.92 m, tank 15-1547 12.02 m, covered 12-S101 15.35 m, Chinese boxcar
P63 16.44 m, flat 14.62 m, hopper 13.20 m, shunting locomotive 16.97 m. Bodies are shorter by the gap, 0.7–1.4 m.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Colour = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Stock:
    """One type of vehicle."""

    name: str
    kind: str
    """A kind of `model.Car`."""
    over_couplers_m: float
    gap_m: float
    """Between its body and that of a like neighbour."""
    width_m: float
    height_m: float
    share: float
    """Among strings of cars."""
    colours: tuple[Colour, ...]

    @property
    def body_m(self) -> float:
        """Length of the body, metres."""
        return self.over_couplers_m - self.gap_m


@dataclass(frozen=True, kw_only=True)
class Wagon:
    """One vehicle as it looks that day."""

    stock: Stock
    colour: Colour
    load: str
    """`empty`, `coal`, `gravel`, `ore`, `timber`, `tarpaulin`, or `none` where there is nothing to load from above."""
    snow: float
    """How much of the snow lies on its roof, 0..1."""
    seed: int

    @property
    def covered(self) -> bool:
        """Whether a tarpaulin hides the load."""
        return self.load == "tarpaulin"


RED, RUST = (0.44, 0.28, 0.235), (0.41, 0.315, 0.26)
GREY, PALE, DARK = (0.45, 0.46, 0.47), (0.68, 0.68, 0.66), (0.19, 0.19, 0.20)
GREEN, BLUE, SAND, ORANGE = (0.33, 0.405, 0.36), (0.34, 0.41, 0.50), (0.62, 0.565, 0.46), (0.61, 0.44, 0.31)

OPEN = Stock(
    name="gondola", kind="open", over_couplers_m=13.92, gap_m=1.10, width_m=3.13, height_m=3.5, share=0.42,
    colours=(GREEN, GREY, RUST, DARK, BLUE),
)  # fmt: skip
BOXCAR = Stock(
    name="boxcar", kind="covered", over_couplers_m=16.44, gap_m=0.94, width_m=3.10, height_m=4.3, share=0.10,
    colours=(RUST, GREEN, GREY),
)  # fmt: skip
COVERED = Stock(
    name="covered", kind="covered", over_couplers_m=15.35, gap_m=1.05, width_m=3.15, height_m=4.4, share=0.12,
    colours=(RED, RUST, PALE, GREY),
)  # fmt: skip
TANK = Stock(
    name="tank", kind="tank", over_couplers_m=12.02, gap_m=1.20, width_m=3.0, height_m=4.5, share=0.14,
    colours=(DARK, GREY, SAND, (0.32, 0.30, 0.28)),
)  # fmt: skip
HOPPER = Stock(
    name="hopper", kind="hopper", over_couplers_m=13.20, gap_m=1.25, width_m=3.1, height_m=4.5, share=0.07,
    colours=(PALE, GREY, SAND),
)  # fmt: skip
CONTAINER = Stock(
    name="container flat", kind="container", over_couplers_m=14.62, gap_m=1.22, width_m=2.9, height_m=3.9, share=0.10,
    colours=(RED, BLUE, ORANGE, GREEN, PALE, GREY),
)  # fmt: skip
FLAT = Stock(
    name="flat", kind="flat", over_couplers_m=14.62, gap_m=1.22, width_m=2.9, height_m=1.35, share=0.05,
    colours=((0.36, 0.31, 0.26), (0.31, 0.28, 0.26)),
)  # fmt: skip
LOCOMOTIVE = Stock(
    name="shunter", kind="locomotive", over_couplers_m=16.97, gap_m=1.3, width_m=3.1, height_m=4.4, share=0.0,
    colours=(GREEN, BLUE, (0.50, 0.20, 0.18)),
)  # fmt: skip

FREIGHT = (OPEN, BOXCAR, COVERED, TANK, HOPPER, CONTAINER, FLAT)
LOADS = {"empty": 0.34, "coal": 0.2, "gravel": 0.12, "ore": 0.09, "timber": 0.05, "tarpaulin": 0.2}


def draw_string(rng: np.random.Generator, cars: int) -> list[Wagon]:
    """A string of coupled freight cars: mostly one type, as loaded or marshalled; now and then a stranger in it."""
    shares = np.array([stock.share for stock in FREIGHT])
    main = FREIGHT[int(rng.choice(len(FREIGHT), p=shares / shares.sum()))]
    load = str(rng.choice(list(LOADS), p=list(LOADS.values())))
    drawn = [FREIGHT[int(i)] if rng.random() < 0.15 else main for i in rng.integers(0, len(FREIGHT), cars)]
    return [draw_wagon(rng, stock, load if rng.random() < 0.85 else "empty") for stock in drawn]


def draw_wagon(rng: np.random.Generator, stock: Stock, load: str = "empty") -> Wagon:
    """One vehicle of a type: its colour faded at random, its load where the type shows one."""
    base = np.array(stock.colours[int(rng.integers(0, len(stock.colours)))])
    faded = np.clip(base * rng.uniform(0.85, 1.15) + rng.normal(0, 0.015, 3), 0.05, 0.9)
    colour = (float(faded[0]), float(faded[1]), float(faded[2]))
    shown = load if stock.kind == "open" else "none"
    return Wagon(stock=stock, colour=colour, load=shown, snow=float(rng.uniform(0, 1)), seed=int(rng.integers(2**31)))
