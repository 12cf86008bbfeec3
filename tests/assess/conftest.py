"""The cases built by hand for the report, which rests on the same assessments."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

if "report_cases" not in sys.modules:
    path = Path(__file__).parents[1] / "report" / "report_cases.py"
    spec = importlib.util.spec_from_file_location("report_cases", path)
    sys.modules["report_cases"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules["report_cases"])


@pytest.fixture(name="cases")
def _cases():
    return sys.modules["report_cases"]
