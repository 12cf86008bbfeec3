"""Custody at work: who does what with a site's files, written into its log."""

from __future__ import annotations

import getpass
import importlib.metadata
import os
import platform
import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from yardwatch import __version__
from yardwatch.errors import SceneError
from yardwatch.imagery.describe import sha256
from yardwatch.imagery.receive import Intake, Sealed
from yardwatch.model import Licence, Scene
from yardwatch.sites.folder import SiteFolder
from yardwatch.steps.cataloguing import catalogue_of, holdings_of
from yardwatch.store import custody
from yardwatch.store.custody import Deed

USER = "YARDWATCH_USER"
SCENES = "scenes/"
"""What names of the catalogue begin with in the log, wherever the catalogue is."""
RECEIPTS = ("received", "adopted")
_SECRET = (re.compile(r"(?<=://)[^/@\s]*@"), re.compile(r"(?<=[?#]).*"))
"""User and password before the host, and what follows it: signatures and keys travel there."""


def who() -> str:
    """`YARDWATCH_USER`, else this machine's user."""
    named = os.environ.get(USER, "").strip()
    if named:
        return named
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return f"user {os.getuid()}"


def command() -> str:
    """What was typed, without what may be secret in an address."""
    program = Path(sys.argv[0]).name if sys.argv else "python"
    words = ["yardwatch" if program == "__main__.py" else program, *sys.argv[1:]]
    return shlex.join(without_secrets(word) for word in words)


def without_secrets(word: str) -> str:
    """A word of a command line; of an address only scheme, host and path are kept."""
    if "://" not in word:
        return word
    for pattern in _SECRET:
        word = pattern.sub("", word)
    return word


def versions() -> Mapping[str, str]:
    """What did it."""
    return {
        "yardwatch": __version__,
        "python": platform.python_version(),
        "rasterio": importlib.metadata.version("rasterio"),
    }


def deed(what: str, **said: Any) -> Deed:  # noqa: ANN401 - fields of Deed
    """A deed of whoever runs this process."""
    return Deed(what=what, who=who(), command=command(), versions=versions(), **said)


def intake_of(folder: SiteFolder, *, keep_original: bool = True) -> Intake:
    """Where a site's images go: its catalogue, each scene sealed in the log before it is in place."""

    def seal(sealed: Sealed) -> None:
        custody.append(folder.path, _received("received", sealed))

    return Intake(catalogue=catalogue_of(folder), seal=seal, keep_original=keep_original)


def adopt(folder: SiteFolder, scene: Scene) -> bool:
    """Give a scene that the log does not know its line; False, and nothing written, where it has one.

    Raises SceneError where its COG is no longer what its item says was received.
    """
    known = {said["about"].get("scene") for said in custody.deeds(folder.path) if said.get("what") in RECEIPTS}
    if scene.id in known:
        return False
    catalogue, holdings = catalogue_of(folder), holdings_of(folder)
    if not catalogue.unchanged(scene.id):
        raise SceneError(f"{scene.id}: its COG is not the one received; take scenes/{scene.id} away and add it again")
    names = [name for name in holdings.names() if name.startswith(f"{scene.id}/")]
    files = {name: digest for name in names if (digest := holdings.digest(name)) is not None}
    original: dict[str, str | int | bool] = {"name": "", "sha256": scene.sha256, "kept": False}
    parents = dict.fromkeys(files, (scene.sha256,))
    custody.append(
        folder.path, _received("adopted", Sealed(scene=scene, files=files, parents=parents, originals=(original,)))
    )
    return True


def record_files(folder: SiteFolder, what: str, paths: Sequence[Path], parents: Sequence[str], **about: Any) -> None:  # noqa: ANN401
    """Write down files made of a site's scenes (SHA-256 of the originals); a bundled site has no log."""
    if folder.bundled:
        return
    files = {_name(path, folder): sha256(path) for path in paths}
    made_of = dict.fromkeys(files, tuple(sorted(set(parents))))
    custody.append(folder.path, deed(what, files=files, parents=made_of, about=about))


def licence_said(licence: Licence) -> dict[str, Any]:
    """A licence as the log and `--json` state it."""
    said = asdict(licence)
    return said | {"expires": licence.expires.isoformat() if licence.expires else None}


def _received(what: str, sealed: Sealed) -> Deed:
    return deed(
        what,
        files={SCENES + name: digest for name, digest in sealed.files.items()},
        parents={SCENES + name: made_of for name, made_of in sealed.parents.items()},
        about={
            "scene": sealed.scene.id,
            "originals": [dict(one) for one in sealed.originals],
            "licence": licence_said(sealed.scene.licence),
        },
    )


def _name(path: Path, folder: SiteFolder) -> str:
    real, home = path.resolve(), folder.path.resolve()
    return real.relative_to(home).as_posix() if real.is_relative_to(home) else str(real)
