"""Heat: how much each metre of ground looks like the middle of a track, and which way the track runs there.

The track network (`training/tracer`, ONNX) sees pixels of 0.5 m in units of their own contrast and gives for each
metre the logit of a track's centre line within about a metre and (cos 2θ, sin 2θ) of its direction; twice the angle,
because a track has no forward. Where anything speaks for a track the window is read four ways (mirrored along both
axes) and the answers are averaged.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yardwatch.cars.tracing.contrast import normalise
from yardwatch.errors import InputError

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

CELL_M = 1.0
"""Metres of ground an answer stands for."""
COARSEST_GSD_M = 1.05
"""In coarser pixels two rails, 1.5 m apart, are one smear; so coarse the network has been shown them."""
MULTIPLE = 8
"""Pixels a window's sides are a multiple of; the network halves them three times."""
WORTH_A_SECOND_LOOK = -1.4
"""Logit, a chance of a fifth."""
READINGS = tuple(product((1, -1), (1, -1)))[1:]


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
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        digest = hashlib.sha256(weights).hexdigest()
        try:
            session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
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
    spare = [(-n) % MULTIPLE for n in (height, width)]
    x = np.pad(x, ((0, 0), (0, spare[0]), (0, spare[1])))
    answer = _read(x, tracer)
    if (answer[0] > WORTH_A_SECOND_LOOK).any():
        answer = np.mean([answer, *(_mirrored(x, tracer, *way) for way in READINGS)], axis=0)
    answer = answer[:, : cells[0], : cells[1]]
    shown = visible[: 2 * cells[0], : 2 * cells[1]].reshape(cells[0], 2, cells[1], 2).any(axis=(1, 3))
    return Heat(logit=np.where(shown, answer[0], -np.inf).astype(np.float32), direction=answer[1:])


def _read(x: Floats, tracer: Tracer) -> Floats:
    answer: Floats = tracer.session.run(None, {"image": np.ascontiguousarray(x[None])})[0][0]
    return answer


def _mirrored(x: Floats, tracer: Tracer, down: int, across: int) -> Floats:
    """The answer to the mirrored image, mirrored back; one mirror turns θ to −θ."""
    answer = _read(x[:, ::down, ::across], tracer)[:, ::down, ::across]
    sign = np.array([1, 1, down * across], np.float32)[:, None, None]
    return answer * sign
