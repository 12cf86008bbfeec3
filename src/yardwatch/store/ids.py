"""Ids that are hashes of content: the same inputs give the same rows, whoever computes them and when."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

ID_DIGITS = 16
"""Hex digits kept: 64 bits, one chance in 10¹¹ of a clash among ten thousand rows."""


def canonical_json(value: Any) -> str:  # noqa: ANN401
    """JSON with sorted keys, no spaces and shortest floats: equal values give equal text.

    Takes what `json` takes. Raises ValueError for a number that is not finite, TypeError for anything else.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def content_id(mapping: Mapping[str, Any]) -> str:
    """First 16 hex digits of the SHA-256 of a mapping's canonical JSON."""
    return hashlib.sha256(canonical_json(dict(mapping)).encode()).hexdigest()[:ID_DIGITS]


def look_id(
    *,
    scene_sha256: str,
    code_version: str,
    parameters: str,
    tracks_sha256: str,
    zones: Mapping[str, int] | None = None,
) -> str:
    """Id of a look: everything its counts follow from.

    Args:
        scene_sha256: of the original file.
        code_version: of Yardwatch.
        parameters: canonical JSON of every option that changes a count.
        tracks_sha256: of the tracks as used.
        zones: zone id → version, so that a redrawn zone is counted again.
    """
    return content_id(
        {
            "scene": scene_sha256,
            "code": code_version,
            "parameters": parameters,
            "tracks": tracks_sha256,
            "zones": dict(zones or {}),
        }
    )


def count_id(*, look: str, zone: str, zone_version: int) -> str:
    """Id of a count: one zone, in one version, in one look."""
    return content_id({"look": look, "zone": zone, "version": zone_version})
