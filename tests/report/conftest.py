"""Makes the cases built by hand importable as `report_cases`: test folders are no packages."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

if "report_cases" not in sys.modules:
    spec = importlib.util.spec_from_file_location("report_cases", Path(__file__).parent / "report_cases.py")
    sys.modules["report_cases"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules["report_cases"])
