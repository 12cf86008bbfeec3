"""A search and, where asked for, what is taken of it: the whole of `scenes search`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yardwatch.errors import InputError
from yardwatch.imagery.fetching.patience import Patience
from yardwatch.progress import Report, silent
from yardwatch.steps.searching import Offer, Offers, Sought, search, session
from yardwatch.steps.taking import MARGIN_M, Take, Taken, take


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What to do with what is found."""

    now: datetime
    add: bool = False
    only: tuple[str, ...] = ()
    """Item ids; empty: all that are listed."""
    margin_m: float = MARGIN_M
    patience: Patience | None = None
    report: Report = silent

    def __post_init__(self) -> None:
        if self.only and not self.add:
            raise InputError("--only chooses what --add takes; give --add too")


@dataclass(frozen=True, kw_only=True)
class Searched:
    """The answer to `scenes search`."""

    offers: Offers
    taken: tuple[Taken, ...] | None
    """None when nothing was to be taken."""

    @property
    def exit_code(self) -> int:
        """0, or the worst of what failed: 3 unreachable, 2 unusable."""
        return max((one.error.exit_code for one in self.taken or () if one.error is not None), default=0)

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        taken = None if self.taken is None else [one.as_json() for one in self.taken]
        return self.offers.as_json() | {"taken": taken}


def search_scenes(where: str, sought: Sought, wish: Wish) -> Searched:
    """Search, and take what is wanted. Raises UnavailableError where the API cannot be reached."""
    open_session = session(where, sought.api, wish.patience)
    with open_session.web:
        if wish.add:
            open_session.folder.require_writable()
        offers = search(open_session, sought)
        if not wish.add:
            return Searched(offers=offers, taken=None)
        how = Take(now=wish.now, margin_m=wish.margin_m, asset=sought.asset, report=wish.report)
        return Searched(offers=offers, taken=tuple(take(open_session, _picked(offers, wish.only), how)))


def _picked(offers: Offers, only: tuple[str, ...]) -> list[Offer]:
    names = {offer.item.id for offer in offers.offers}
    unknown = [name for name in only if name not in names]
    if unknown:
        why = dict(offers.left_out).get(unknown[0], "the search did not find it")
        raise InputError(f"--only {unknown[0]}: is not among what was found ({why}); see the list without --add")
    return [offer for offer in offers.offers if not only or offer.item.id in only]
