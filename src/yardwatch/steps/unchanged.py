"""Are the images still what was received? Asked before every report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from yardwatch.errors import RefusedError
from yardwatch.imagery.catalogue import Catalogue
from yardwatch.model import Scene


def at_hand(scene: Scene) -> bool:
    """Whether a scene's image can be read here; one on a server is taken to be."""
    return "://" in scene.href or Path(scene.href).is_file()


def missing_images(catalogue: Catalogue, scenes: Sequence[Scene]) -> frozenset[str]:
    """Ids of the scenes whose image is gone. Raises RefusedError naming those that are no longer what was received."""
    missing = frozenset(scene.id for scene in scenes if not at_hand(scene))
    local = [scene for scene in scenes if scene.id not in missing and "://" not in scene.href]
    changed = [scene.id for scene in local if not catalogue.unchanged(scene.id)]
    if changed:
        raise RefusedError(
            f"no report: {', '.join(changed)}: the image is no longer what was received (its hash differs); "
            "put the original back, or take the scene's folder out and receive the image again"
        )
    return missing
