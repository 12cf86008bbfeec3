"""Licences: what may be done with a scene's pixels. Nothing stated, or a name not in the table: nothing.

The table is short on purpose. A licence is in it when it lets anyone publish the pixels, also in part and for
money, on naming the source at most; names of others are kept as stated and give no right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from yardwatch.model import Licence

NOT_STATED = "not stated"


@dataclass(frozen=True)
class Terms:
    """What a known licence asks for."""

    spdx: str | None
    """Its SPDX identifier, as STAC wants it."""
    attribution: str | None
    """Text to name when the scene has none of its own; None: the scene must bring it; empty: none is asked for."""


KNOWN = {
    "cc0-1.0": Terms("CC0-1.0", ""),
    "public-domain": Terms(None, ""),
    "pddl-1.0": Terms("PDDL-1.0", ""),
    "cc-by-2.0": Terms("CC-BY-2.0", None),
    "cc-by-3.0": Terms("CC-BY-3.0", None),
    "cc-by-4.0": Terms("CC-BY-4.0", None),
    "cc-by-sa-2.0": Terms("CC-BY-SA-2.0", None),
    "cc-by-sa-3.0": Terms("CC-BY-SA-3.0", None),
    "cc-by-sa-4.0": Terms("CC-BY-SA-4.0", None),
    "copernicus": Terms(None, "Contains modified Copernicus Sentinel data"),
    "swisstopo": Terms(None, "Source: Federal Office of Topography swisstopo"),
}
"""By normalised name."""


def licence(name: str | None, attribution: str | None = None) -> Licence:
    """The licence of a name as stated, with the attribution the pixels must carry.

    Pixels may be published only under a licence of the table, and where it asks for attribution, only with it.
    """
    stated = (name or "").strip()
    said = (attribution or "").strip()
    terms = KNOWN.get(normalised(stated))
    if terms is None:
        return Licence(name=stated or NOT_STATED, may_publish_pixels=False, attribution=said)
    said = said or terms.attribution or ""
    return Licence(name=stated, may_publish_pixels=bool(said) or terms.attribution == "", attribution=said)


def normalised(name: str) -> str:
    """`CC BY 4.0`, `cc_by-4.0` and `CC-BY-4.0` are one name."""
    return re.sub(r"[\s_-]+", "-", name.strip().lower())


def spdx(name: str) -> str:
    """STAC's licence field: an SPDX identifier, or `other`."""
    terms = KNOWN.get(normalised(name))
    return terms.spdx if terms is not None and terms.spdx else "other"
