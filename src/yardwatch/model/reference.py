"""References: what stands behind a publisher's name and address, as an endnote and a citation manager need it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yardwatch.model.refuse import refuse
from yardwatch.model.when import DateSpan


@dataclass(frozen=True, kw_only=True)
class Reference:
    """One source of a site, by its address."""

    id: str
    publisher: str
    url: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    event: DateSpan | None = None
    """Days it speaks of."""
    disclosed: DateSpan | None = None
    """Day it was published."""
    accessed: date | None = None
    grade: str = ""
    """Admiralty: reliability A–F and credibility 1–6; empty where nobody gave one."""
    graded_by: str = ""
    origin: str = ""
    """Id of the source it reprints, quotes or mirrors; empty for one of its own."""
    archived_sha256: str = ""
    """Of the copy kept."""
    archived_url: str = ""
    withdrawn: date | None = None
    """Day from which it is no longer relied on."""
    withdrawn_why: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        named = f"source {self.id}"
        good = not self.grade or (len(self.grade) == 2 and self.grade[0] in "ABCDEF" and self.grade[1] in "123456")
        refuse(not good, f"{named}: {self.grade!r} is no grade; write for instance B2, A1 to F6")
        refuse(bool(self.grade) and not self.graded_by.strip(), f"{named} is graded and nobody signed; add graded_by")
        refuse(self.origin == self.id, f"{named} names itself as its origin; leave origin out")
        refuse(self.withdrawn is not None and not self.withdrawn_why, f"{named} is withdrawn; say why in withdrawn_why")
