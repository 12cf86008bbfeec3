"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real images and series; tests that use it skip where it is missing."""
    folder = Path(os.environ.get("YARDWATCH_DATA", ROOT / ".." / "shared" / "data")).resolve()
    if not (folder / "README.md").is_file():
        pytest.skip(f"no real data at hand: {folder} is missing; set YARDWATCH_DATA")
    return folder
