"""Weights from a file, checked, to a network: the shipped ones, or those a person made."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from yardwatch.cars.network import Network
from yardwatch.errors import InputError

SHIPPED = "strip-network.onnx"
"""Beside it lies `strip-network.sha256`, as `sha256sum` writes it."""


@lru_cache(maxsize=4)
def load_network(path: Path | None = None) -> Network:
    """The shipped network, or that of a file. Raises InputError when the file is missing, altered or no network."""
    return Network.from_bytes(_shipped() if path is None else _bytes(path))


@lru_cache(maxsize=1)
def shipped_sha256() -> str:
    """Of the shipped weights, which count a site. Raises InputError when they are missing or altered."""
    return hashlib.sha256(_shipped()).hexdigest()


def _shipped() -> bytes:
    folder = files("yardwatch") / "weights"
    weights = _bytes(folder / SHIPPED)
    stated = (folder / SHIPPED.replace(".onnx", ".sha256")).read_text(encoding="ascii").split()[0]
    found = hashlib.sha256(weights).hexdigest()
    if found != stated:
        raise InputError(
            f"the shipped weights {SHIPPED} were altered: SHA-256 {found[:12]}…, stated {stated[:12]}…; "
            "install Yardwatch again, or name other weights with --weights FILE"
        )
    return weights


def _bytes(path: Path | Traversable) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"weights {path.name} cannot be read ({error.strerror or error}); name a file made by "
            "`make train BLOCKS=west,northeast OUT=FILE`"
        ) from error
