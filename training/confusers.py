"""Look-alikes of a full yard without any rail vehicle: which chips may be learnt from, and which are held back.

Neighbouring numbers show one scene, so whole runs are held back, with the borders where the scene changes.
"""

from __future__ import annotations

import re
from pathlib import Path

HELD_BACK = {
    "mobilehomepark": (range(2), range(17, 27), range(48, 71), range(75, 82)),
    "storagetanks": (range(44, 70),),
}
"""Numbers by name: never seen in training, scored by the benchmark."""
GSD_M = 0.30


def chips(data: Path, *, held_back: bool) -> list[Path]:
    """The chips of one side, in order; none where the folder is missing."""
    folder = data / "confusers_0.3m"
    return [path for path in sorted(folder.glob("*.png")) if _is_held_back(path) == held_back]


def _is_held_back(path: Path) -> bool:
    name, number = re.match(r"([a-z]+)(\d+)", path.stem).groups()
    return any(int(number) in run for run in HELD_BACK.get(name, ()))
