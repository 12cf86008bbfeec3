"""Yardwatch: from satellite images of a rail yard to a finding that survives being quoted.

The names below are the public API; `docs/tour.py` uses each of them once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yardwatch.pipeline import Asked as Asked
    from yardwatch.pipeline import Stated as Stated
    from yardwatch.pipeline import add_scenes as add_scenes
    from yardwatch.pipeline import assess as assess_site
    from yardwatch.pipeline import changes as changes
    from yardwatch.pipeline import changes_between as changes_between
    from yardwatch.pipeline import count as count
    from yardwatch.pipeline import create_site as create_site
    from yardwatch.pipeline import report as write_report
    from yardwatch.pipeline import review as review
    from yardwatch.pipeline import run as run
    from yardwatch.sites.folder import open_site as open_site

__version__ = "0.1.0"

_RENAMED = {"assess_site": "assess", "write_report": "report"}
"""`yardwatch.assess` and `yardwatch.report` are rooms."""

__all__ = [
    "Asked",
    "Stated",
    "add_scenes",
    "assess_site",
    "changes",
    "changes_between",
    "count",
    "create_site",
    "open_site",
    "review",
    "run",
    "write_report",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """Load a public name when it is first used: `import yardwatch` alone costs no heavy library."""
    if name not in __all__:
        raise AttributeError(f"module 'yardwatch' has no attribute {name!r}")
    home = "yardwatch.sites.folder" if name == "open_site" else "yardwatch.pipeline"
    return getattr(import_module(home), _RENAMED.get(name, name))
