"""Evidence along a track from the strip network: what each half metre looks like, as learnt from composites.

The network (`training/`, ONNX) sees a strip in units of its own contrast, 32 rows of 0.4 m by steps of 0.25 m, and
gives for each half metre logits of *empty, body, gap*, of the vehicle's kind and of a sheet over its load. The strip
is read two ways (as it is, and turned by half a turn) and the log-probabilities are averaged: a track has no direction,
and what only one reading sees is chance.

    log q(x | state) = mean over readings of log softmax(logits) − log share(state),  normalised over the states

The network's answers hold the shares of the states among its examples; the decoder brings its own knowledge of how
often a gap is met, and that must not count twice (Bourlard & Morgan 1994, *Connectionist Speech Recognition*). The
result is mixed with `DOUBT` of no evidence.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

from yardwatch.cars.session import session_of
from yardwatch.errors import InputError
from yardwatch.model import Evidence, Strip

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

STEP_M = 0.25
ROW_M = 0.4
ROWS = 32
"""The grid the network was trained on."""
CELL_M = 0.5
"""Metres of track an answer stands for."""
PIECE_STEPS = 4096
"""Steps given to the network at once, about a kilometre: bounds memory on long tracks."""
MARGIN_STEPS = 160
"""Steps added at either end of a piece and cut off again; the network looks 31 m to either side."""
SPREAD_FLOOR = 0.02
CLIP = 6.0
"""Limits of the normalised strip, as in training."""
HIDDEN_SHARE = 0.5
"""A cell is visible when at least this share of the core's rows is."""
CORE_ROWS = slice(12, 20)
"""Rows within 1.6 m of the track's line."""
DOUBT = 0.01
"""Share of the evidence that is no evidence: no cell excludes any state."""
READINGS = ((1, 1), (-1, -1))
"""Directions along and across in which a strip is read: a track drawn from its other end tells the same. The two
mirrored readings besides would take as long again and add nothing (docs/counting.md)."""


@dataclass(frozen=True, eq=False)
class Network:
    """Loaded weights; `from_bytes` makes one."""

    session: Any
    sha256: str
    trained_on: tuple[str, ...]
    """Names of the labelled blocks the weights saw; a score on one of them means nothing."""
    kinds: tuple[str, ...]
    shares: tuple[float, ...]
    """Of *empty, body, gap* among the cells of the training's examples, by their weight in the loss."""
    terms: str

    @classmethod
    def from_bytes(cls, weights: bytes) -> Network:
        """From an ONNX file's bytes. Raises InputError when they are no strip network."""
        digest = hashlib.sha256(weights).hexdigest()
        try:
            session = session_of(weights)
            about = session.get_modelmeta().custom_metadata_map
            trained_on, kinds = (tuple(json.loads(about[key])) for key in ("trained_on", "kinds"))
            shares = tuple(json.loads(about["shares"]))
        except Exception as error:  # onnxruntime raises a family of its own, none of it documented
            raise InputError(
                f"weights {digest[:12]}… are no strip network of Yardwatch ({type(error).__name__}); "
                "take the shipped file, or make one with `make train BLOCKS=west,northeast OUT=FILE`"
            ) from error
        return cls(session, digest, trained_on, kinds, shares, about.get("terms", ""))


def look(strip: Strip, network: Network) -> Evidence:
    """The network's evidence for a strip, at steps of `CELL_M`; cells that show too little carry none."""
    data, visible = resampled(strip)
    answer = _read(normalise(data, visible), network)
    states = log_softmax(answer - np.log(network.shares)[:, None], axis=0).T
    shown = visible[CORE_ROWS].mean(axis=0).reshape(-1, 2).mean(axis=1) >= HIDDEN_SHARE
    log_prob = np.log((1 - DOUBT) * np.exp(states) + DOUBT / 3)
    log_prob[~shown] = -np.log(3)
    return Evidence(track=strip.track, step_m=CELL_M, log_prob=log_prob, visible=shown)


def resampled(strip: Strip) -> tuple[Floats, Bools]:
    """Data (3, ROWS, s) and visibility (ROWS, s) at the network's steps; one band is repeated; s is even."""
    steps = 2 * max(1, round(strip.length_m / CELL_M))
    along = ((np.arange(steps) + 0.5) * STEP_M) / strip.step_m - 0.5
    across = (np.arange(ROWS) - (ROWS - 1) / 2) * ROW_M / strip.step_m + (strip.data.shape[1] - 1) / 2
    data = _linear(_linear(strip.data, across, axis=1), along, axis=2)
    seen = _linear(_linear(strip.visible[None].astype(np.float32), across, axis=1), along, axis=2)[0]
    bands = data if len(data) == 3 else np.repeat(data[:1], 3, axis=0)
    return bands, seen > 0.95


def _linear(data: Floats, at: NDArray[np.floating], axis: int) -> Floats:
    """Linear interpolation along one axis, edges held."""
    last = data.shape[axis] - 1
    inside = np.clip(at, 0, last)
    first = np.minimum(inside.astype(int), max(last - 1, 0))
    share = (inside - first).astype(np.float32)
    share = share.reshape([-1 if k == axis else 1 for k in range(data.ndim)])
    low, mixed = (np.take(data, index, axis=axis) for index in (first, np.minimum(first + 1, last)))
    mixed -= low  # in place: strips are long
    mixed *= share
    mixed += low
    return mixed


def normalise(data: Floats, visible: Bools) -> Floats:
    """In units of the strip's own contrast round its own brightness; 0 where nothing is seen."""
    light = data.mean(axis=0)[visible]
    if light.size == 0:
        return np.zeros_like(data)
    middle = np.median(light)
    spread = 1.4826 * np.median(np.abs(light - middle)) + SPREAD_FLOOR
    x = (data - middle).astype(np.float32, copy=False)
    x /= spread
    np.clip(x, -CLIP, CLIP, out=x)
    x *= visible
    return x


def _read(x: Floats, network: Network) -> NDArray[np.float64]:
    """(3, cells): log-probabilities of the states averaged over the readings."""
    total: NDArray[np.float64] = np.zeros((3, x.shape[2] // 2))
    for along, across in READINGS:
        total += log_softmax(_pieces(x[:, ::across, ::along], network)[:3, ::along], axis=0)
    return total / len(READINGS)


def _pieces(x: Floats, network: Network) -> NDArray[np.float64]:
    steps, found = x.shape[2], []
    for start in range(0, steps, PIECE_STEPS):
        first, last = max(0, start - MARGIN_STEPS), min(steps, start + PIECE_STEPS + MARGIN_STEPS)
        piece = np.ascontiguousarray(x[None, :, :, first:last])
        answer = network.session.run(None, {"strip": piece})[0][0]
        own = min(PIECE_STEPS, steps - start) // 2
        found.append(answer[:, (start - first) // 2 :][:, :own])
    return np.concatenate(found, axis=1).astype(np.float64)
