"""Pictures of what was missed and what was invented on the labelled yard: pixels, evidence, labels and drawn cars.

`python -m benchmarks.misses --west FILE --northeast FILE --out DIR` writes one PNG a wrong place. The pixels are the
Federal Office of Topography's (swisstopo) and stay out of the repository; docs/counting.md says what they show.
"""

from __future__ import annotations

import argparse
import os
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from benchmarks.across import SEED
from benchmarks.labelled import Block, read_block, strips
from benchmarks.scoring import score
from yardwatch.cars.lengths import ANYWHERE
from yardwatch.cars.network import Network
from yardwatch.cars.readers import speak
from yardwatch.cars.segment import decode
from yardwatch.model import Car, Evidence, Strip

AROUND_M = 25.0
GSD_M = 0.5
SOURCE = "Pixels: Federal Office of Topography swisstopo (outlines painted out by the labels' publisher)"


@dataclass(frozen=True, eq=False)
class Wrong:
    """One track with something wrong on it."""

    block: Block
    strip: Strip
    evidence: Evidence
    cars: tuple[Car, ...]
    words: list[str]


def wrong_tracks(block: Block, network: Network) -> list[Wrong]:
    """Tracks of a block on which something is missed or invented."""
    found = []
    for strip in strips(block, GSD_M):
        evidence = speak(strip, network)
        cars = decode(evidence, rng=np.random.default_rng(SEED), habits=ANYWHERE).cars
        _, words = score(cars, block.vehicles[strip.track])
        if words:
            found.append(Wrong(block, strip, evidence, cars, words))
    return found


def picture(wrong: Wrong, word: str) -> Figure:
    """The strip round one wrong place; below it the evidence, labelled vehicles and drawn cars."""
    start, end = (float(number) for number in re.findall(r"[\d.]+", word))
    first, last = max(start - AROUND_M, 0.0), min(end + AROUND_M, wrong.strip.length_m)
    figure = Figure(figsize=(10, 4.2), dpi=120, layout="constrained")
    top, below = figure.subplots(2, 1, sharex=True, height_ratios=(2, 1.2))
    half = float(np.abs(wrong.strip.offsets_m).max())
    image = np.clip(wrong.strip.data, 0, 1).transpose(1, 2, 0)
    top.imshow(image, extent=(0, wrong.strip.length_m, half, -half), aspect="auto", interpolation="bicubic")
    top.set(xlim=(first, last), ylabel="m across", title=f"{wrong.block.name}, track {wrong.strip.track}: {word} m")
    at = (np.arange(len(wrong.evidence.log_prob)) + 0.5) * wrong.evidence.step_m
    for state, (name, style) in enumerate((("empty", ":"), ("body", "-"), ("gap", "--"))):
        below.plot(at, np.exp(wrong.evidence.log_prob[:, state]), style, color="black", lw=1, label=name)
    for vehicle in wrong.block.vehicles[wrong.strip.track]:
        below.plot([vehicle.start_m, vehicle.end_m], [-0.15, -0.15], lw=4, color="#0072b2", solid_capstyle="butt")
    for car in wrong.cars:
        below.plot([car.start_m, car.end_m], [-0.3, -0.3], lw=4, color="#d55e00", solid_capstyle="butt")
    below.set(ylim=(-0.4, 1.02), ylabel="chance", xlabel="m along (blue: labelled, orange: drawn)")
    below.legend(loc="upper right", ncols=3, fontsize=7)
    figure.text(0.01, 0.002, SOURCE, fontsize=6)
    return figure


def main() -> None:
    """Write the pictures and list them."""
    parser = argparse.ArgumentParser(prog="benchmarks.misses", description=__doc__)
    parser.add_argument("--west", type=Path, required=True, help="weights trained on west alone")
    parser.add_argument("--northeast", type=Path, required=True, help="weights trained on northeast alone")
    parser.add_argument("--out", type=Path, required=True, help="folder outside the repository")
    given = parser.parse_args()
    muttenz = Path(os.environ.get("YARDWATCH_DATA", "../shared/data")) / "muttenz"
    given.out.mkdir(parents=True, exist_ok=True)
    for name, path in (("northeast", given.west), ("west", given.northeast)):
        for wrong in wrong_tracks(read_block(muttenz, name), Network.from_bytes(path.read_bytes())):
            for word in wrong.words:
                file = given.out / f"{name}-{wrong.strip.track}-{word.replace(' ', '-').replace('–', '-')}.png"
                picture(wrong, word).savefig(file)
                print(file)


if __name__ == "__main__":
    main()
