"""Yardwatch: from satellite images of a rail yard to a finding that survives being quoted.

The names below are the public API; `docs/tour.py` uses each of them once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yardwatch.pipeline import (
        Asked,
        Stated,
        add_scenes,
        assess,
        changes,
        changes_between,
        count,
        create_site,
        report,
        review,
        run,
    )
    from yardwatch.sites.folder import open_site

__version__ = "0.1.0"

_HOMES = {
    "Asked": "yardwatch.pipeline",
    "Stated": "yardwatch.pipeline",
    "add_scenes": "yardwatch.pipeline",
    "assess": "yardwatch.pipeline",
    "changes": "yardwatch.pipeline",
    "changes_between": "yardwatch.pipeline",
    "count": "yardwatch.pipeline",
    "create_site": "yardwatch.pipeline",
    "open_site": "yardwatch.sites.folder",
    "report": "yardwatch.pipeline",
    "review": "yardwatch.pipeline",
    "run": "yardwatch.pipeline",
}

__all__ = [
    "Asked",
    "Stated",
    "add_scenes",
    "assess",
    "changes",
    "changes_between",
    "count",
    "create_site",
    "open_site",
    "report",
    "review",
    "run",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """Load a public name when it is first used: `import yardwatch` alone costs no heavy library."""
    if name not in _HOMES:
        raise AttributeError(f"module 'yardwatch' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
