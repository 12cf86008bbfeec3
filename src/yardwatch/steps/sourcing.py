"""A site's sources: listed, and out to and in from a citation manager."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yardwatch.assess.syndication import endnote, grade_of, independent, root
from yardwatch.model import Reference
from yardwatch.sites.csl import read_csl, to_csl
from yardwatch.sites.files import write_text
from yardwatch.sites.folder import SOURCES, SiteFolder, open_site
from yardwatch.sites.sources import read_sources, write_sources


@dataclass(frozen=True)
class Sources:
    """The sources of a site, reprints beside what they reprint."""

    references: tuple[Reference, ...]

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """Ids by the source they go back to."""
        return independent(self.references)

    def as_json(self) -> dict[str, Any]:
        """Each source as an endnote, and how many are independent of each other."""
        by_id = {one.id: one for one in self.references}
        return {
            "sources": [
                {
                    "id": one.id, "publisher": one.publisher, "url": one.url, "title": one.title or None,
                    "event": str(one.event) if one.event else None,
                    "disclosed": str(one.disclosed) if one.disclosed else None,
                    "grade": grade_of(one, by_id) or None, "graded_by": one.graded_by or None,
                    "origin": root(one, by_id) if one.origin else None,
                    "archived_sha256": one.archived_sha256 or None,
                    "withdrawn": one.withdrawn.isoformat() if one.withdrawn else None,
                    "endnote": endnote(one, by_id),
                }
                for one in self.references
            ],
            "independent": {name: list(found) for name, found in self.groups.items()},
        }  # fmt: skip


def sources_of(folder: SiteFolder) -> tuple[Reference, ...]:
    """The sources listed for a site. Raises SiteError."""
    path = folder.file(SOURCES)
    return () if path is None else read_sources(path)


def list_sources(where: str | Path) -> Sources:
    """The sources of a site; those its rows name and `sources.toml` does not list come last, by address alone."""
    folder = open_site(where)
    listed = sources_of(folder)
    return Sources((*listed, *_unlisted(folder, listed)))


def export_sources(where: str | Path, out: Path) -> int:
    """Write the sources of a site as CSL-JSON; returns how many."""
    found = list_sources(where).references
    write_text(out, to_csl(found))
    return len(found)


def import_sources(where: str | Path, file: Path) -> tuple[int, int]:
    """Take sources from CSL-JSON into `sources.toml`: same id or same address replaces. Returns new and replaced.

    Raises SiteError for a bundled site, a file that is none, and sources that do not fit each other.
    """
    folder = open_site(where)
    folder.require_writable()
    held, given = sources_of(folder), read_csl(file)
    kept = [one for one in held if not any(one.id == new.id or (one.url and one.url == new.url) for new in given)]
    write_sources(folder.path / SOURCES, _sound([*kept, *given]))
    replaced = len(held) - len(kept)
    return len(given) - replaced, replaced


def _sound(references: Sequence[Reference]) -> Sequence[Reference]:
    independent(references)  # raises before anything is written
    return references


def _unlisted(folder: SiteFolder, listed: Sequence[Reference]) -> list[Reference]:
    known = {one.url for one in listed}
    found: dict[str, Reference] = {}
    rows = [*(row.source for row in folder.site.record), *(event.source for event in folder.site.events)]
    for source in rows:
        if source is not None and source.url and source.url not in known and source.url not in found:
            publisher = source.publisher.removeprefix("derived here from ")
            found[source.url] = Reference(id=f"unlisted-{len(found) + 1}", publisher=publisher, url=source.url)
    return list(found.values())
