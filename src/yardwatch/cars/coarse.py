"""Evidence along a track from the length network: what each metre looks like in pixels of 1 to 4 m.

Such pixels show a train, seldom its gaps. The network (`training/coarse/`, ONNX) sees a strip on half the strip
network's resolution, 16 rows of 0.8 m by steps of 0.5 m, in units of the strip's own contrast, and answers for each
metre the chances of *empty, body, gap* and the freight cars λ(s) that stand on it. Both are averaged over the
readings: along and against, and each mirrored across where this network speaks alone.

    log q(s | state) = mean over readings of log softmax(logits) − log share(state),   normalised over the states
    pitch of a train = Σ_s (1 − p(s, empty)) ÷ Σ_s λ(s)   over its metres

λ is an expectation over both, whether a train is there and what stock it is; dividing by the chance that the metre is
occupied leaves the stock, and whether a train is there is the decoder's to say.

A tank train has another λ than a row of long flats although no gap is seen: width, roofs and rhythm give stock away in
part. Locomotives and coaches have no λ, but in pixels of 3 m they can hardly be told from wagons: then every train
counts for a little less, by their share of the vehicles in the training's yards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax, logsumexp

from yardwatch.cars.network import DOUBT, HIDDEN_SHARE, READINGS, Network, normalise, resampled
from yardwatch.cars.packed import part
from yardwatch.cars.session import session_of
from yardwatch.cars.trains import PacedCar, end_of, trains
from yardwatch.errors import InputError
from yardwatch.model import Car, Evidence, Strip

Floats = NDArray[np.float32]
Readings = Sequence[tuple[int, int]]

PROPERTY = "coarse"
"""Of the strip network's file: the length network's ONNX in base64."""
COARSE_GSD_M = 1.05
"""Above it the length network speaks alone (`readers`): the strip network was trained mostly below."""
CELL_M = 1.0
"""Metres of track an answer stands for."""
PER_CELL = 4
"""Steps of `network.resampled` in a cell; the network sees them averaged by two, both ways."""
PIECE_CELLS, MARGIN_CELLS = 1024, 64
"""Cells given to the network at once, and those added at either end and cut off again; it looks 50 m to either side."""
CORE_ROWS = slice(6, 10)
"""Rows within 1.6 m of the line."""
ALL_READINGS = tuple(product((1, -1), (1, -1)))
"""Where pixels are coarse two more readings bring a sixtieth of the error, and time is no matter."""
SHARES = (0.55, 0.42, 0.03)
"""Of *empty, body, gap* among the metres of the training's examples."""
PITCH_M = (8.0, 400.0)
"""Ends of the pitch that is believed; a train of locomotives alone has no freight car and a pitch beyond any."""


@dataclass(frozen=True, eq=False)
class LengthNetwork:
    """Loaded weights; `length_network_of` takes them from a strip network's file."""

    session: Any

    @classmethod
    def from_bytes(cls, weights: bytes) -> LengthNetwork:
        """From an ONNX file's bytes. Raises InputError when they are no model."""
        try:
            return cls(session_of(weights))
        except Exception as error:  # onnxruntime raises a family of its own, none of it documented
            raise InputError(
                f"the length network among the weights is none ({type(error).__name__}); take the shipped file, or "
                "make one with `make train BLOCKS=west,northeast OUT=FILE`"
            ) from error


@dataclass(frozen=True, kw_only=True, eq=False)
class LengthEvidence(Evidence):
    """What the length network says of one strip."""

    cars: NDArray[np.float64]
    """(s,): freight cars expected on each step."""
    occupied: NDArray[np.float64]
    """(s,): metres of each step expected to be under vehicles and their couplings."""

    def pitch(self, start_m: float, end_m: float) -> float:
        """Metres to a freight car of the train whose bodies lie from `start_m` to `end_m` along the track."""
        first = max(0, round(start_m / self.step_m))
        steps = slice(first, max(round(end_m / self.step_m), first + 1))
        expected = max(float(self.cars[steps].sum()), 1e-6)
        return float(np.clip(self.occupied[steps].sum() / expected, *PITCH_M))


def paced(cars: Sequence[Car], shown: Evidence) -> tuple[Car, ...]:
    """The vehicles of a track with the pitch of their trains; unchanged where the length network did not speak."""
    if not isinstance(shown, LengthEvidence):
        return tuple(cars)
    found: list[Car] = []
    for train in trains(cars):
        pitch_m = shown.pitch(train[0].start_m, end_of(train))
        found += [PacedCar(**vars(car), pitch_m=pitch_m) for car in train]
    return tuple(found)


@lru_cache(maxsize=4)
def length_network_of(network: Network) -> LengthNetwork | None:
    """The length network that came with a strip network; None where none did. Raises InputError for an altered one."""
    weights = part(network, PROPERTY)
    return None if weights is None else LengthNetwork.from_bytes(weights)


def look(strip: Strip, network: LengthNetwork, readings: Readings = READINGS) -> LengthEvidence:
    """The length network's evidence for a strip, a metre a step; cells that show too little carry none."""
    data, visible = on_grid(strip)
    answer = _read(normalise(data, visible), network, readings)
    shown = visible[CORE_ROWS].mean(axis=0).reshape(-1, 2).mean(axis=1) >= HIDDEN_SHARE
    states = log_softmax(answer[:3] - np.log(SHARES)[:, None], axis=0).T
    log_prob = np.log((1 - DOUBT) * np.exp(states) + DOUBT / 3)
    log_prob[~shown] = -np.log(3)
    occupied = 1 - np.exp(answer[0] - logsumexp(answer[:3], axis=0))
    return LengthEvidence(
        track=strip.track, step_m=CELL_M, log_prob=log_prob, visible=shown,
        cars=np.where(shown, answer[3], 0.0), occupied=np.where(shown, occupied * CELL_M, 0.0),
    )  # fmt: skip


def on_grid(strip: Strip) -> tuple[Floats, NDArray[np.bool_]]:
    """Data (3, 16, s) and visibility (16, s): the strip network's grid averaged two by two, in whole cells."""
    data, visible = resampled(strip)
    steps = data.shape[2]
    kept = steps // PER_CELL * PER_CELL
    if not kept:
        lacking = ((0, 0), (0, PER_CELL - steps))
        data, visible, kept = np.pad(data, ((0, 0), *lacking)), np.pad(visible, lacking), PER_CELL
    both = np.concatenate([data[:, :, :kept], visible[None, :, :kept].astype(np.float32)])
    halved = both.reshape(len(both), both.shape[1] // 2, 2, kept // 2, 2).mean(axis=(2, 4))
    return halved[:3], halved[3] > 0.95


def _read(x: Floats, network: LengthNetwork, readings: Readings) -> NDArray[np.float64]:
    """(4, cells): states as log-probabilities and cars a metre, averaged over the readings."""
    total: NDArray[np.float64] = np.zeros((4, x.shape[2] // 2))
    for along, across in readings:
        answer = _pieces(x[:, ::across, ::along], network)[:, ::along]
        total[:3] += log_softmax(answer[:3], axis=0)
        total[3] += np.exp(np.clip(answer[3], -9, 2))
    return total / len(readings)


def _pieces(x: Floats, network: LengthNetwork) -> NDArray[np.float64]:
    cells, found = x.shape[2] // 2, []
    for start in range(0, cells, PIECE_CELLS):
        first, last = max(0, start - MARGIN_CELLS), min(cells, start + PIECE_CELLS + MARGIN_CELLS)
        piece = np.ascontiguousarray(x[None, :, :, 2 * first : 2 * last])
        answer = network.session.run(None, {"strip": piece})[0][0]
        found.append(answer[:, start - first :][:, : min(PIECE_CELLS, cells - start)])
    return np.concatenate(found, axis=1).astype(np.float64)
