"""Heat: how much each metre of ground looks like the middle of a track, and which way the track runs there.

The track network (`training/tracer`, ONNX) knows tracks that run along the rows of what it is given, within 14
degrees: half a metre across and a metre along them, in units of the image's own contrast. So the image is turned
eight times by π/8 and read in each position; a cell keeps the answer of the turn that speaks most for a track there:
the logit of a centre line within about a metre and (cos 2θ, sin 2θ) of its direction, doubled because a track has
no forward. Where anything speaks for one, the image is also read upside down and the two answers are averaged.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from yardwatch.cars.session import session_of
from yardwatch.cars.tracing.contrast import normalise, paired
from yardwatch.errors import InputError

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

CELL_M = 1.0
"""Metres of ground an answer stands for."""
COARSEST_GSD_M = 1.05
"""In coarser pixels two rails, 1.5 m apart, are one smear; so coarse the network has been shown them."""
MULTIPLE = 8
"""Pixels a turned image's sides are a multiple of; the network halves them three times."""
TURNS = 8
WORTH_A_SECOND_LOOK = -1.4
"""Logit, a chance of a fifth."""


@dataclass(frozen=True, eq=False)
class Heat:
    """The answer for a window, cells of `CELL_M`."""

    logit: Floats
    """(v, u) of a centre line; −∞ where the image shows nothing."""
    direction: Floats
    """(2, v, u): cos 2θ, sin 2θ, not normalised; θ from u to v, in image rows and columns."""

    @property
    def share(self) -> Floats:
        """(v, u) probability of a centre line."""
        return np.asarray(1 / (1 + np.exp(-np.clip(self.logit, -30, 30))), np.float32)


@dataclass(frozen=True, eq=False)
class Tracer:
    """The loaded track network; `from_bytes` makes one."""

    session: Any
    sha256: str

    @classmethod
    def from_bytes(cls, weights: bytes) -> Tracer:
        """From an ONNX model's bytes. Raises InputError when they are no track network."""
        digest = hashlib.sha256(weights).hexdigest()
        try:
            session = session_of(weights)
            named = [session.get_inputs()[0].name, session.get_outputs()[0].name]
        except Exception as error:  # onnxruntime raises a family of its own, none of it documented
            raise InputError(f"weights {digest[:12]}… hold no track network ({type(error).__name__})") from error
        if named != ["image", "answer"]:
            raise InputError(f"weights {digest[:12]}… hold no track network: it would read image and give answer")
        return cls(session, digest)


def heat(data: Floats, visible: Bools, tracer: Tracer) -> Heat:
    """Heat of an image (band, y, x) 0..1 with pixels of 0.5 m, both sides even; visibility (y, x)."""
    height, width = visible.shape
    cells = (height // 2, width // 2)
    x = normalise(data, visible)
    best = np.full((3, *cells), -np.inf, np.float32)
    for turn in np.arange(TURNS) * np.pi / TURNS:
        answer = _answer(_turned(x, float(turn)), tracer)
        back = _turned_back(answer, cells, float(turn))
        best = np.where(back[0] > best[0], back, best)
    shown = visible[: 2 * cells[0], : 2 * cells[1]].reshape(cells[0], 2, cells[1], 2).any(axis=(1, 3))
    return Heat(logit=np.where(shown, best[0], -np.inf).astype(np.float32), direction=best[1:])


def _answer(x: Floats, tracer: Tracer) -> Floats:
    """The network's answer, a metre a cell; averaged with that of the image upside down where it may matter."""
    pairs = paired(x)
    answer = _read(pairs, tracer)
    if (answer[0] > WORTH_A_SECOND_LOOK).any():
        answer = 0.5 * (answer + _read(pairs[:, ::-1, ::-1], tracer)[:, ::-1, ::-1])  # half a turn leaves 2 θ as it is
    return answer


def _read(x: Floats, tracer: Tracer) -> Floats:
    answer: Floats = tracer.session.run(None, {"image": np.ascontiguousarray(x[None])})[0][0]
    return answer


def _turned(x: Floats, turn: float) -> Floats:
    """The image turned about its middle so that what ran at `turn` runs along the rows; 0 beyond its edges."""
    height, width = x.shape[1:]
    cosine, sine = np.cos(turn), np.sin(turn)
    rows = _multiple(height * abs(cosine) + width * abs(sine))
    columns = _multiple(height * abs(sine) + width * abs(cosine))
    v, u = np.meshgrid(*[np.arange(n) - (n - 1) / 2 for n in (rows, columns)], indexing="ij")
    place = np.stack([(height - 1) / 2 + sine * u + cosine * v, (width - 1) / 2 + cosine * u - sine * v])
    return np.stack([map_coordinates(band, place, order=1, mode="constant") for band in x])


def _multiple(size: float) -> int:
    return MULTIPLE * int(np.ceil(round(size, 6) / MULTIPLE))


def _turned_back(answer: Floats, cells: tuple[int, int], turn: float) -> Floats:
    """An answer in the turned frame on the cells of the image."""
    rows, columns = answer.shape[1:]
    cosine, sine = np.cos(turn), np.sin(turn)
    y, x = np.meshgrid(*[np.arange(n) - (n - 1) / 2 for n in cells], indexing="ij")
    place = np.stack([(rows - 1) / 2 + cosine * y - sine * x, (columns - 1) / 2 + sine * y + cosine * x])
    logit, c, s = (map_coordinates(band, place, order=1, mode="nearest") for band in answer)
    twice = (np.cos(2 * turn), np.sin(2 * turn))
    return np.stack([logit, c * twice[0] - s * twice[1], c * twice[1] + s * twice[0]])
