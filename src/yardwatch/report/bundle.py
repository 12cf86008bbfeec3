"""The evidence bundle: one zip with the report in every form, its figures, the data behind it, and a hash of each.

    MANIFEST.json          what is in it, SHA-256 and size of each file, the command that makes it again
    README.txt             what to do with it
    report.html …          the report in every form
    figures/               each figure as SVG and PNG
    data/                  observations as CSV, the store as GeoPackage, the custody log

The same content gives the same bytes: members stand in a fixed order with fixed times. `verifying` checks one.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yardwatch.report.word import EPOCH

FORM = "yardwatch-bundle/1"
MANIFEST = "MANIFEST.json"
README = "README.txt"

_README = """Evidence bundle of a Yardwatch report.

report.html opens in any browser, without a network; report.pdf, report.docx and report.md say the same.
figures/ holds each figure as SVG and as PNG at print size. data/ holds what the numbers come from.
{rights}
MANIFEST.json lists every file with its SHA-256. Check it on any machine with Yardwatch:

    yardwatch verify {name}

Made again, from the same site folder, by:

    {command}
"""
SMALL_ALREADY = (".png", ".pdf", ".docx")
"""Endings of what is compressed in itself: done again it takes seconds and saves nothing."""
_RIGHTS = {
    "public": "This is the public edition: it holds no pixel whose licence does not allow its publication.",
    "internal": "This is the internal edition: it may hold pixels that must not be published.",
}


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """What goes into a bundle."""

    name: str
    """File name of the zip."""
    report: Mapping[str, Any]
    """The report's JSON form."""
    files: Mapping[str, bytes]
    """By path inside the zip."""
    pixels: Mapping[str, str] = field(default_factory=dict)
    """Files that hold a scene's pixels, and that scene's id."""
    left_out: tuple[str, ...] = ()
    """What a reader might expect and does not find, with the reason."""


def bundle(made: Bundle) -> bytes:
    """The zip."""
    files = {**made.files, README: _readme(made).encode()}
    files[MANIFEST] = (json.dumps(manifest(made, files), indent=2, ensure_ascii=False) + "\n").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files, key=lambda n: (n != MANIFEST, n)):
            info = zipfile.ZipInfo(name, EPOCH)
            packed = zipfile.ZIP_STORED if name.endswith(SMALL_ALREADY) else zipfile.ZIP_DEFLATED
            info.external_attr, info.compress_type = 0o644 << 16, packed
            archive.writestr(info, files[name])
    return out.getvalue()


def manifest(made: Bundle, files: Mapping[str, bytes]) -> dict[str, Any]:
    """What the bundle says of itself."""
    report = made.report
    return {
        "form": FORM,
        "report": report["id"],
        "site": report["site"]["id"],
        "as_of": report["as_of"],
        "edition": report["edition"],
        "synthetic": report["synthetic"],
        "version": report["version"],
        "command": report["command"],
        "left_out": list(made.left_out),
        "pixels": [{"file": name, "scene": scene} for name, scene in sorted(made.pixels.items())],
        "scenes": [{"id": one["id"], "sha256": one["sha256"]} for one in report["scenes"]],
        "files": {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            for name, data in sorted(files.items())
        },
    }


def _readme(made: Bundle) -> str:
    edition = str(made.report["edition"])
    return _README.format(name=made.name, command=made.report["command"], rights=_RIGHTS[edition])
