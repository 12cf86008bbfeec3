"""Is this bundle what its maker put in it? Checked on any machine, with nothing but the bundle.

What is checked: every file is there, unchanged, and listed; the report's id is the hash of its content; the page
says each claim of the JSON form in the same words and carries its id; counts and scenes agree on the images' hashes;
and a public edition holds no picture of a scene whose licence forbids it. What cannot be checked: that the maker was
honest. Whoever publishes a bundle should publish its SHA-256 beside it.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from typing import Any

from yardwatch.errors import InputError
from yardwatch.report.archive import Archive, open_archive
from yardwatch.report.bundle import FORM, MANIFEST
from yardwatch.report.document import content_id
from yardwatch.report.traced import numbers

PAGE, DATA = "report.html", "report.json"
PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".gif", ".jp2")


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing looked at."""

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What came of it."""

    bundle: Path
    sha256: str
    manifest: dict[str, Any]
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether every check passed."""
        return all(check.ok for check in self.checks)

    def as_json(self) -> dict[str, Any]:
        """For scripts; `reason` names the first thing that is wrong."""
        said = {key: self.manifest.get(key) for key in ("form", "report", "site", "as_of", "edition", "command")}
        wrong = next((f"{c.name}: {c.detail}" for c in self.checks if not c.ok), None)
        checks = [{"check": c.name, "ok": c.ok, "detail": c.detail} for c in self.checks]
        return {
            "bundle": self.bundle.name,
            "sha256": self.sha256,
            **said,
            "checks": checks,
            "ok": self.ok,
            "reason": wrong,
        }


def verify(path: Path) -> Verified:
    """Check a bundle. Raises InputError for what is no bundle, UnavailableError for one that is not there."""
    archive = open_archive(path)
    stated = _manifest(archive)
    checks = [_whole(archive, stated)]
    if {PAGE, DATA} <= archive.members.keys() and checks[0].ok:
        report = _object(archive, DATA)
        page = archive.read(PAGE).decode("utf-8", errors="replace")
        checks += [_identity(report, stated), _same_words(report, page), _traced(report, page), _hashes(report, stated)]
        checks += [_rights(report, stated, archive, page)]
    elif checks[0].ok:
        checks.append(Check(name="report", ok=False, detail=f"{PAGE} or {DATA} is missing"))
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Verified(bundle=path, sha256=digest, manifest=stated, checks=tuple(checks))


def _manifest(archive: Archive) -> dict[str, Any]:
    if MANIFEST not in archive.members:
        raise InputError(f"{archive.path}: holds no {MANIFEST}; it is no evidence bundle")
    stated = _object(archive, MANIFEST)
    if stated.get("form") != FORM or not isinstance(stated.get("files"), dict):
        raise InputError(
            f"{archive.path}: its form is {str(stated.get('form'))[:60]!r}, not {FORM}; a newer Yardwatch may read it"
        )
    return stated


def _object(archive: Archive, name: str) -> dict[str, Any]:
    try:
        found = json.loads(archive.read(name))
    except (ValueError, RecursionError, zipfile.BadZipFile) as error:
        raise InputError(f"{archive.path}: {name} cannot be read ({str(error)[:80]}); fetch the bundle again") from None
    if not isinstance(found, dict):
        raise InputError(f"{archive.path}: {name} is no JSON object; it is no evidence bundle")
    return found


def _whole(archive: Archive, stated: dict[str, Any]) -> Check:
    """Every listed file is there and unchanged, and nothing else is."""
    faults = list(_faults(archive, stated["files"]))
    text = "; ".join(faults[:5]) + (f"; and {len(faults) - 5} more" if len(faults) > 5 else "")
    return Check(name="files", ok=not faults, detail=text or f"{len(stated['files'])} files, each with its stated hash")


def _faults(archive: Archive, listed: dict[str, Any]) -> Iterator[str]:
    for name, said in listed.items():
        if name not in archive.members:
            yield f"{name} is missing"
            continue
        try:
            same = archive.digest(name) == said.get("sha256")
        except (zipfile.BadZipFile, OSError, AttributeError):
            same = False
        if not same:
            yield f"{name} is not what was put in"
    yield from (f"{name} is in no list" for name in archive.members if name not in listed and name != MANIFEST)


def _identity(report: dict[str, Any], stated: dict[str, Any]) -> Check:
    made = content_id(report)
    ok = made == report.get("id") == stated.get("report")
    detail = f"report {made}" if ok else f"its content makes it {made}, it says {report.get('id')!r}"
    return Check(name="identity", ok=ok, detail=detail)


def _same_words(report: dict[str, Any], page: str) -> Check:
    claims = [claim for side in (report, *report.get("beside", [])) for claim in side.get("claims", [])]
    missing = [claim["id"] for claim in claims if str(escape(claim["text"], quote=False)) not in _unquoted(page)]
    detail = (
        f"not on the page: {', '.join(missing[:5])}"
        if missing
        else f"{len(claims)} claims stand on the page as in the JSON"
    )
    return Check(name="claims", ok=not missing and str(report.get("id")) in page, detail=detail)


def _unquoted(page: str) -> str:
    """The template escapes quotes too, one way or another."""
    return page.replace("&#34;", '"').replace("&#39;", "'").replace("&quot;", '"')


def _traced(report: dict[str, Any], page: str) -> Check:
    sides = [("", report), *((f"{side['site']['id']}.", side) for side in report.get("beside", []))]
    known = {prefix + claim["id"] for prefix, side in sides for claim in side.get("claims", [])}
    known |= {one["id"] for key in ("limits", "statements") for one in report.get(key, [])}
    said = numbers(page)
    named = {unescape(name) for name in re.findall(r'data-claim="([^"]*)"', page)}
    unknown = sorted(name for name in named if name not in known)
    loose = [one.text[:60] for one in said if one.loose]
    if unknown or loose:
        return Check(name="numbers", ok=False, detail=f"belong to no claim: {'; '.join([*unknown, *loose][:5])}")
    return Check(name="numbers", ok=True, detail=f"{len(said)} texts with numbers on the page, each with its claim")


def _hashes(report: dict[str, Any], stated: dict[str, Any]) -> Check:
    scenes = {one["id"]: one["sha256"] for one in report.get("scenes", [])}
    wrong = [
        t["scene"] for t in report.get("counts", []) if scenes.get(t["scene"], t["scene_sha256"]) != t["scene_sha256"]
    ]
    wrong += [one["id"] for one in stated.get("scenes", []) if scenes.get(one["id"]) != one["sha256"]]
    detail = f"two hashes for {', '.join(wrong[:5])}" if wrong else f"{len(scenes)} scenes, one hash each"
    return Check(name="scenes", ok=not wrong, detail=detail)


def _rights(report: dict[str, Any], stated: dict[str, Any], archive: Archive, page: str) -> Check:
    """A public edition: every picture is of a scene that may be published, or a drawing."""
    if report.get("edition") != "public":
        return Check(name="licences", ok=True, detail="internal edition: not to be published")
    forbidden = {one["id"] for one in report.get("scenes", []) if not one["may_publish_pixels"]}
    shown = {one["scene"] for one in stated.get("pixels", [])}
    shown |= {one["scene"] for one in report.get("figures", []) if not one["pixels_left_out"]}
    strays = [n for n in archive.members if n.lower().endswith(PICTURES) and not n.startswith("figures/")]
    pictured = "data:image/png" in page or bool(shown)
    ok = not shown & forbidden and not strays and (not pictured or bool(report.get("scenes")))
    detail = (
        "no picture of a scene whose licence forbids it" if ok else f"pictures: {sorted(shown & forbidden) or strays}"
    )
    return Check(name="licences", ok=ok, detail=detail)
