"""Verify: everything a site holds, held against what its custody log says was put there.

1. The log: every line has its own hash and follows the one before.
2. Every file the log knows is there and has the hash its last line gives: originals, COGs, items, reports, exports.
3. Every scene of the catalogue has a line of receipt, and its COG the hash its item states.
4. Nothing lies among the scenes that the log does not know.

Unchanged since receipt is what this shows; whether an image was authentic when it came, it cannot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from yardwatch.errors import YardwatchError
from yardwatch.imagery.catalogue import Catalogue
from yardwatch.imagery.describe import sha256
from yardwatch.imagery.holdings import Holdings
from yardwatch.progress import Report, silent, tracked
from yardwatch.sites.folder import SiteFolder, open_site
from yardwatch.steps.cataloguing import catalogue_of, holdings_of
from yardwatch.steps.custody import RECEIPTS, SCENES
from yardwatch.store import custody
from yardwatch.store.custody import LOG, Line

PASSING = ("reported", "exported")
"""Deeds whose files may be thrown away: they can be made again."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is not as it was put."""

    where: str
    """File, relative to the site's folder."""
    line: int | None = None
    """Of the custody log."""
    what: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What was checked, and what was found."""

    site: str
    lines: int
    head: str
    """Hash of the log's last line: noted elsewhere, it proves that the log was not made anew."""
    scenes: int
    files: int
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether all is as it was put."""
        return not self.findings

    def as_json(self) -> dict[str, Any]:
        """The `verify --json` answer."""
        said: dict[str, Any] = {
            "site": self.site,
            "ok": self.ok,
            "log": {"lines": self.lines, "head": self.head},
            "scenes": self.scenes,
            "files": self.files,
            "findings": [asdict(finding) for finding in self.findings],
            "notes": list(self.notes),
        }
        return said if self.ok else said | {"reason": f"{len(self.findings)} not as it was put"}


@dataclass(frozen=True)
class Known:
    """What the log's last word on a file is."""

    line: int
    what: str
    digest: str | None


def verify(where: str | Path, report: Report = silent) -> Verified:
    """Check a site against its custody log; nothing is changed."""
    folder = open_site(where)
    catalogue, holdings = catalogue_of(folder), holdings_of(folder)
    lines = custody.read(folder.path)
    known, outside = _known(lines)
    findings = [_edited(line) for line in lines if line.fault]
    notes = [f"{name} lies outside the site and was not looked at" for name in outside]
    for name, said in tracked(tuple(known.items()), "checking files", report):
        found = _file(name, said, holdings, folder)
        if found is not None and said.what in PASSING and "is gone" in found.what:
            notes.append(f"{name} is gone; {said.what} in line {said.line}")
        elif found is not None:
            findings.append(found)
    findings += _scenes(catalogue, {about.get("scene") for about in _receipts(lines)})
    findings += _strangers(holdings, known, findings)
    return Verified(
        site=folder.site.id,
        lines=len(lines),
        head=lines[-1].digest if lines else "",
        scenes=sum(1 for name in known if name.startswith(SCENES) and name.endswith(".json")),
        files=len(known),
        findings=tuple(findings),
        notes=tuple(notes),
    )


def _known(lines: tuple[Line, ...]) -> tuple[Mapping[str, Known], tuple[str, ...]]:
    """The last word on each file of the site; and the files elsewhere, which a stranger's log could make us open."""
    found: dict[str, Known] = {}
    for line in lines:
        files = line.content.get("files")
        for name, digest in files.items() if isinstance(files, dict) else ():
            found[name] = Known(line.number, str(line.content.get("what")), digest)
    there = {name: one for name, one in found.items() if one.digest is not None}
    outside = tuple(name for name in there if Path(name).is_absolute() or ".." in Path(name).parts)
    return {name: one for name, one in there.items() if name not in outside}, outside


def _receipts(lines: tuple[Line, ...]) -> Iterator[Mapping[str, Any]]:
    for line in lines:
        about = line.content.get("about")
        if line.content.get("what") in RECEIPTS and isinstance(about, dict):
            yield about


def _edited(line: Line) -> Finding:
    return Finding(
        where=LOG,
        line=line.number,
        what=f"line {line.number} {line.fault}",
        remedy="bring back the log from a copy; what the line says is not to be relied on",
    )


def _file(name: str, said: Known, holdings: Holdings, folder: SiteFolder) -> Finding | None:
    digest = holdings.digest(name.removeprefix(SCENES)) if name.startswith(SCENES) else _beside(folder, name)
    if digest == said.digest:
        return None
    if digest is None:
        what, remedy = f"is gone; line {said.line} ({said.what}) put it there", _remedy(said)
    else:
        what = f"is not what line {said.line} ({said.what}) put there: its hash is {digest[:16]}…"
        remedy = "bring it back from a copy, or do what that line says again"
    return Finding(where=name, line=said.line, what=what, remedy=remedy)


def _remedy(said: Known) -> str:
    return "add the original again" if said.what in RECEIPTS else "do what that line says again"


def _beside(folder: SiteFolder, name: str) -> str | None:
    path = folder.path / name
    return sha256(path) if path.is_file() else None


def _scenes(catalogue: Catalogue, receipts: set[Any]) -> Iterator[Finding]:
    try:
        scenes = catalogue.scenes()
    except YardwatchError as error:
        yield Finding(where=SCENES, what=str(error), remedy="mend or take out that item")
        return
    for scene in scenes:
        if scene.id not in receipts:
            yield Finding(
                where=f"{SCENES}{scene.id}",
                what="has no line of receipt in the custody log",
                remedy="add its original again, which gives it one; or take the folder out",
            )
        if not catalogue.unchanged(scene.id):
            yield Finding(
                where=f"{SCENES}{scene.id}/{scene.id}.tif",
                what="is not the COG its item says was written at receipt",
                remedy="bring it back from a copy, or take the scene out and add the original again",
            )


def _strangers(holdings: Holdings, known: Mapping[str, Known], told: list[Finding]) -> Iterator[Finding]:
    """Files the log does not know, but for those of scenes that were told as a whole."""
    whole = {finding.where for finding in told}
    for name in holdings.names():
        if SCENES + name not in known and SCENES + name.split("/")[0] not in whole:
            yield Finding(
                where=SCENES + name,
                what="lies among the scenes and was not put there by Yardwatch",
                remedy="take it out; notes of your own belong beside scenes/",
            )
