"""Rolling stock of many railways: real lengths, and the painter that shows each type.

Lengths over couplers or buffers, metres. Russian: gondola 12-132 13.92, eight-axle 12-508 20.24, covered 11-066
14.73 and 12-S101 15.35, tank 15-1547 12.02, eight-axle tank 21.12, grain hopper 19-752 14.72, cement hopper 12.02, flat
13-401 14.62, 80-foot flat 25.62. Chinese boxcar P63 16.44. European: Es 10.0, Eaos 14.04, Gbs 14.02, Hbbins 15.5,
Habbins 23.26, Shimmns 12.04, Rils 19.9, Zans 16.4, Tds 9.64, Tagnpps 18.9, Uacs 13.4, Kbs 13.86, Rs 19.9,
Sgns 19.74, Sggrss 2 × 13.4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yardwatch.simulate.anywhere import boxes, engines, flats, open_tops, roofs, tanks
from yardwatch.simulate.anywhere.brush import RAKE_BITS, Painter, faded
from yardwatch.simulate.stock import DARK, GREEN, GREY, ORANGE, PALE, RED, RUST, SAND, Colour, Stock, Wagon

BROWN, WHITE, SILVER = (0.36, 0.25, 0.20), (0.90, 0.90, 0.88), (0.70, 0.71, 0.72)
BLUE, NAVY, MINT = (0.30, 0.38, 0.54), (0.16, 0.20, 0.32), (0.42, 0.56, 0.52)
CREAM, CORAL = (0.80, 0.73, 0.58), (0.62, 0.33, 0.28)
FLOOR = ((0.36, 0.31, 0.26), (0.44, 0.41, 0.37), (0.30, 0.28, 0.27), (0.50, 0.47, 0.43), (0.40, 0.28, 0.22))
OPEN_LOADS = (
    ("empty", 0.22),
    ("tarpaulin", 0.38),
    ("coal", 0.13),
    ("gravel", 0.06),
    ("ore", 0.05),
    ("sand", 0.03),
    ("scrap", 0.07),
    ("chips", 0.03),
    ("soil", 0.03),
    ("timber", 0.05),
)
FLAT_LOADS = (
    ("none", 0.40),
    ("logs", 0.12),
    ("packs", 0.14),
    ("coils", 0.10),
    ("pipes", 0.09),
    ("vehicles", 0.12),
    ("crane", 0.03),
)
HOPPER_LOADS = (("empty", 0.5), ("stone", 0.5))
NONE = (("none", 1.0),)
LOADS: dict[Painter, tuple[tuple[str, float], ...]] = {
    open_tops.paint_open: OPEN_LOADS,
    flats.paint_flat: FLAT_LOADS,
    roofs.paint_open_hopper: HOPPER_LOADS,
}


@dataclass(frozen=True, kw_only=True)
class Model:
    """A type of vehicle and how it is painted; `stock.share` is its share within its kind."""

    stock: Stock
    paint: Painter
    loads: tuple[tuple[str, float], ...] = NONE


def _model(
    name: str, size: tuple[float, float, float, float, float], paint: Painter, colours: tuple[Colour, ...]
) -> Model:
    """`name` is kind and type; `size` is length over couplers, gap, width, height, share."""
    kind, _, kind_name = name.partition(" ")
    long, gap, wide, tall, share = size
    stock = Stock(
        name=kind_name, kind=kind, over_couplers_m=long, gap_m=gap, width_m=wide, height_m=tall, share=share,
        colours=colours,
    )  # fmt: skip
    loads = LOADS.get(paint, NONE)
    return Model(stock=stock, paint=paint, loads=loads)


FLEET: tuple[Model, ...] = (
    _model("open gondola", (13.92, 1.10, 3.13, 3.48, 4), open_tops.paint_open, (GREEN, GREY, RUST, DARK, BLUE, BROWN)),
    _model("open eight-axle gondola", (20.24, 1.2, 3.12, 3.5, 0.6), open_tops.paint_open, (GREY, RUST, BROWN)),
    _model("open four-axle european", (14.04, 1.24, 3.0, 3.1, 3), open_tops.paint_open, (BROWN, GREY, RUST, RED)),
    _model("open two-axle", (10.0, 1.34, 2.9, 2.7, 1.3), open_tops.paint_open, (BROWN, GREY, GREEN, ORANGE)),
    _model("open short two-axle", (8.0, 1.3, 2.8, 2.4, 0.6), open_tops.paint_open, (BROWN, ORANGE, GREY)),
    _model("covered boxcar", (16.44, 0.94, 3.10, 4.3, 1.6), roofs.paint_covered, (RUST, GREEN, GREY, BROWN, PALE)),
    _model("covered wagon", (15.35, 1.05, 3.15, 4.4, 1.6), roofs.paint_covered, (RED, RUST, PALE, GREY, SILVER)),
    _model("covered old wagon", (14.73, 1.05, 3.1, 4.3, 1.2), roofs.paint_covered, (RED, GREY, BROWN, SILVER)),
    _model("covered european", (14.02, 1.3, 2.9, 4.2, 1), roofs.paint_covered, (GREY, BROWN, PALE)),
    _model(
        "covered sliding wall", (15.5, 1.3, 2.95, 4.25, 1.6), roofs.paint_sliding, (WHITE, SILVER, PALE, BLUE, CREAM)
    ),
    _model("covered long sliding wall", (23.26, 1.3, 2.95, 4.3, 1.3), roofs.paint_sliding, (WHITE, SILVER, RED, BLUE)),
    _model("covered hooded", (12.04, 1.25, 2.95, 4.0, 1), roofs.paint_hoods, (GREY, BLUE, BROWN, SILVER, MINT)),
    _model("covered curtain", (19.9, 1.3, 2.95, 4.2, 1), roofs.paint_curtain, (BLUE, NAVY, GREY, GREEN, WHITE)),
    _model("covered works van", (9.0, 1.3, 2.9, 3.9, 0.5), roofs.paint_covered, (ORANGE, GREY, SILVER)),
    _model(
        "tank russian", (12.02, 1.20, 3.0, 4.6, 3), tanks.paint_tank, (DARK, GREY, SAND, (0.32, 0.30, 0.28), SILVER)
    ),
    _model("tank eight-axle", (21.12, 1.2, 3.0, 4.7, 0.5), tanks.paint_tank, (DARK, GREY)),
    _model("tank european", (13.5, 1.3, 2.85, 4.2, 2), tanks.paint_tank, (GREY, WHITE, SILVER, SAND, BLUE, DARK)),
    _model("tank long european", (16.4, 1.3, 2.95, 4.25, 1.6), tanks.paint_tank, (WHITE, GREY, SILVER, BLUE, CREAM)),
    _model("tank two-axle", (9.1, 1.3, 2.7, 4.0, 0.9), tanks.paint_tank, (GREY, DARK, SILVER)),
    _model("tank half", (12.0, 0.9, 2.9, 4.25, 0.8), tanks.paint_tank, (GREY, DARK, WHITE)),
    _model("hopper grain", (14.72, 1.25, 3.2, 4.6, 2), roofs.paint_hopper, (PALE, GREY, SAND, GREEN, SILVER)),
    _model("hopper cement", (12.02, 1.25, 3.1, 4.4, 1.6), roofs.paint_hopper, (PALE, GREY, SAND)),
    _model("hopper two-axle", (9.64, 1.3, 3.0, 4.1, 1), roofs.paint_hopper, (BROWN, GREY, PALE)),
    _model("hopper long", (18.9, 1.3, 3.05, 4.35, 1.3), roofs.paint_hopper, (CREAM, SILVER, GREY, WHITE, MINT)),
    _model("hopper pressure", (13.4, 1.3, 3.0, 4.2, 0.9), roofs.paint_hopper, (SILVER, WHITE, GREY)),
    _model("hopper self-discharger", (12.54, 1.3, 3.0, 3.7, 1), roofs.paint_open_hopper, (BROWN, GREY, ORANGE, SILVER)),
    _model("flat russian", (14.62, 1.22, 2.9, 1.3, 3), flats.paint_flat, FLOOR),
    _model("flat long", (25.62, 1.22, 2.9, 1.3, 0.7), flats.paint_flat, FLOOR),
    _model("flat european", (19.9, 1.3, 2.8, 1.3, 1.5), flats.paint_flat, FLOOR),
    _model("flat two-axle", (13.86, 1.3, 2.8, 1.3, 1.3), flats.paint_flat, FLOOR),
    _model("flat short", (9.5, 1.3, 2.7, 1.3, 0.5), flats.paint_flat, FLOOR),
    _model("flat skeleton", (19.74, 1.3, 2.7, 1.2, 0.7), flats.paint_skeleton, (BROWN, GREY, DARK, RUST)),
    _model("container flat", (14.62, 1.22, 2.9, 3.9, 3), boxes.paint_container, FLOOR),
    _model("container european", (19.74, 1.3, 2.75, 3.9, 2.5), boxes.paint_container, (BROWN, GREY, DARK, RUST)),
    _model("container half", (13.4, 0.9, 2.75, 3.9, 1.2), boxes.paint_container, (BROWN, GREY, DARK)),
    _model("container long", (25.62, 1.22, 2.9, 3.9, 1.3), boxes.paint_container, FLOOR),
    _model("container pocket", (17.0, 1.3, 2.75, 3.9, 0.7), boxes.paint_container, (BROWN, GREY)),
    _model("coach russian", (24.54, 0.9, 3.1, 4.4, 1), roofs.paint_coach, (GREY, SILVER, GREEN, PALE)),
    _model("coach european", (26.4, 0.9, 2.85, 4.1, 1), roofs.paint_coach, (GREY, PALE, DARK, WHITE, RED)),
    _model(
        "locomotive shunter",
        (16.97, 1.3, 3.1, 4.4, 1),
        engines.paint_shunter,
        (GREEN, BLUE, (0.50, 0.20, 0.18), ORANGE),
    ),
    _model("locomotive tractor", (9.4, 1.3, 3.0, 4.0, 0.6), engines.paint_shunter, (ORANGE, (0.7, 0.55, 0.15), RED)),
    _model("locomotive diesel", (17.2, 1.2, 3.1, 4.6, 1), engines.paint_diesel, (GREEN, RED, BLUE, GREY)),
    _model(
        "locomotive electric", (18.9, 1.3, 3.0, 4.2, 1), engines.paint_electric, ((0.56, 0.16, 0.14), GREEN, BLUE, GREY)
    ),
)
SHARES = {"open": 0.22, "covered": 0.16, "tank": 0.17, "hopper": 0.15, "flat": 0.15, "container": 0.15}
"""Of rakes; hoppers and flats more than yards have, since each kind is to be learnt."""


def draw_model(rng: np.random.Generator, kind: str) -> Model:
    """One type of a kind, by its share."""
    models = [model for model in FLEET if model.stock.kind == kind]
    shares = np.array([model.stock.share for model in models])
    return models[int(rng.choice(len(models), p=shares / shares.sum()))]


def draw_load(rng: np.random.Generator, model: Model) -> str:
    """What a wagon of a type carries."""
    shares = np.array([share for _, share in model.loads])
    return model.loads[int(rng.choice(len(shares), p=shares / shares.sum()))][0]


def draw_wagon(
    rng: np.random.Generator, model: Model, rake_seed: int, load: str, colour: Colour | None = None
) -> Wagon:
    """One vehicle of a type and a rake; of its own colour where none is given."""
    paint = faded(rng, (colour,), 0.06) if colour else faded(rng, model.stock.colours)
    return Wagon(
        stock=model.stock, colour=paint, load=load, snow=float(rng.uniform(0, 1)),
        seed=(rake_seed << RAKE_BITS) + int(rng.integers(1 << RAKE_BITS)),
    )  # fmt: skip
