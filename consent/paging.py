"""Pages by cursor: what comes after an instant and an id, without a total that would tell.

A cursor is the place of a row in its list: 24 bytes, written in 32 characters. It is looked
up nowhere and opens nothing; one that can't be read came from an address bar and is none.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from consent import access, plans

SIZE, LEAST, MOST = 25, 1, 100  # rows on a page
OLDER, NEWER, ROWS = "older", "newer", "rows"  # what an address says
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
CURSOR = "[A-Za-z0-9_-]{32}"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a row stands in its list."""

    at: datetime
    id: UUID

    @classmethod
    def of(cls, row: Any, by: str) -> "Place":
        """The place of ``row`` in a list that goes by its column ``by``."""
        return cls(at=getattr(row, by), id=row.pk)

    @classmethod
    def read(cls, cursor: str) -> "Place | None":
        """The place that ``cursor`` says; ``None`` for what is no cursor."""
        try:
            said = base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True)
            if len(said) != 24:
                return None
            at = EPOCH + int.from_bytes(said[:8], "big", signed=True) * MICROSECOND
            return cls(at=at, id=UUID(bytes=said[8:]))
        except (ValueError, OverflowError, binascii.Error):
            return None

    def __str__(self) -> str:
        said = ((self.at - EPOCH) // MICROSECOND).to_bytes(8, "big", signed=True) + self.id.bytes
        return base64.urlsafe_b64encode(said).decode()


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which page somebody wants: after a place or before it, and how many rows."""

    place: Place | None = None
    newer: bool = False
    size: int = SIZE

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", min(max(self.size, LEAST), MOST))

    @classmethod
    def by(cls, said: Mapping[str, str], *, size: int = SIZE) -> "Asked":
        """The page that an address asks for; nonsense is the first page of the usual size."""
        older, newer = Place.read(said.get(OLDER, "")), Place.read(said.get(NEWER, ""))
        rows = said.get(ROWS, "")
        if rows.isascii() and rows.isdecimal() and len(rows) < 4:
            size = int(rows)
        return cls(place=older or newer, newer=older is None and newer is not None, size=size)


@dataclass(frozen=True, kw_only=True)
class Page:
    """The rows of one page, and the cursors of its neighbours, ``""`` where there is none.

    ``number`` is that of all rows of the model that the asker may see, if the choice of the plan had to know
    it: for the one list that may show it.
    """

    rows: list[Any]
    older: str = ""
    newer: str = ""
    number: int | None = None


def page_of(
    rows: QuerySet[Any], asked: Asked | None = None, *, by: str = "", oldest_first: bool = False
) -> Page:
    """One page of ``rows``, in the order of their list, newest first unless it is said otherwise.

    Args:
        by: The column that the list goes by; a protected model's own (`Protected.listed_by`) if none is named.
        oldest_first: For a list that begins with the oldest; ``older`` is then what comes later on.
    """
    asked, by = asked or Asked(), by or getattr(rows.model, "listed_by", "created_at")
    listing = _Listing(rows, by, upwards=oldest_first)
    if asked.place is not None and asked.newer:
        turned = listing.turned()
        found, more = turned.after(asked.place, asked.size)
        listing.number = turned.number
        if more:  # otherwise the list's beginning is reached, and is shown as it is
            found.reverse()
            older, newer = _cursor(found[-1], by), _cursor(found[0], by)
            return Page(rows=found, older=older, newer=newer, number=listing.number)
        asked = Asked(size=asked.size)
    found, more = listing.after(asked.place, asked.size)
    return Page(
        rows=found,
        older=_cursor(found[-1], by) if more else "",
        newer=(_cursor(found[0], by) if found else str(asked.place)) if asked.place else "",
        number=listing.number,
    )


class TooMany(Exception):
    """More rows than may be taken out at once; ``number`` says how many."""

    def __init__(self, number: int) -> None:
        super().__init__(f"{number} rows at once")
        self.number = number


def whole_list(rows: QuerySet[Any], *, at_most: int) -> list[Any]:
    """The whole list, newest first, gathered.

    Raises:
        TooMany: it has more than ``at_most`` rows; none was read.
    """
    number = rows.count()
    if number > at_most:
        raise TooMany(number)
    with access.planned(access.GATHER):
        return list(rows.newest_first()[:at_most])  # type: ignore[attr-defined]


def merged_page(kinds: Mapping[str, QuerySet[Any]], asked: Asked | None = None) -> Page:
    """One page of several lists as one, newest first; its rows are ``(kind, row)``.

    For lists about one client: each is looked at for a whole page.
    """
    asked = asked or Asked()
    listings = {
        kind: _Listing(rows, rows.model.listed_by, upwards=asked.newer) for kind, rows in kinds.items()
    }
    found: list[tuple[Place, str, Any]] = []
    for kind, listing in listings.items():
        some = listing.piece(asked.place, asked.size)
        found += [(Place.of(row, listing.by), kind, row) for row in some]
    found.sort(key=lambda each: (each[0].at, each[0].id), reverse=not asked.newer)
    more = len(found) > asked.size
    if len(found) == asked.size:  # whether one list goes on is asked only where the others don't tell
        more = any(listing.goes_on(found[-1][0]) for listing in listings.values())
    found = found[: asked.size]
    if asked.newer:
        if not more:
            return merged_page(kinds, Asked(size=asked.size))
        found.reverse()
    first, last = (str(found[0][0]), str(found[-1][0])) if found else (str(asked.place), "")
    return Page(
        rows=[(kind, row) for _place, kind, row in found],
        older=last if more or asked.newer else "",
        newer=first if asked.place else "",
    )


def links(request: HttpRequest, page: Page) -> dict[str, str]:
    """The addresses of the neighbouring pages, everything else that the address says kept: for the template."""
    kept = {
        name: values
        for name, all_of_them in request.GET.lists()
        if name not in (OLDER, NEWER) and (values := [each for each in all_of_them if each])
    }
    return {
        name: f"?{urlencode(kept | {name: cursor}, doseq=True)}" if cursor else ""
        for name, cursor in ((OLDER, page.older), (NEWER, page.newer))
    }


def _cursor(row: Any, by: str) -> str:
    return str(Place.of(row, by))


class _Listing:
    """Rows in an order, read a piece at a time by the plan that suits the asker."""

    def __init__(self, rows: QuerySet[Any], by: str, *, upwards: bool) -> None:
        sign = "" if upwards else "-"
        self.number: int | None = None
        self.rows, self.by, self.upwards = rows.order_by(f"{sign}{by}", f"{sign}id"), by, upwards

    def turned(self) -> "_Listing":
        """The same list from its other end."""
        return _Listing(self.rows, self.by, upwards=not self.upwards)

    def after(self, place: Place | None, size: int) -> tuple[list[Any], bool]:
        """The next ``size`` rows after ``place``, and whether more follow.

        A row more than is shown would be written to the ledger as read, so what follows is
        asked for by its id, which says nothing.
        """
        rows = self._beyond(place) if place else self.rows
        if not hasattr(self.rows.model, "listed_by"):
            return self._take(rows, size)
        since = place.at if place else ("-infinity" if self.upwards else "infinity")
        plan = plans.plan_for(rows, since=since, newer=self.upwards)
        self.number = plan.number
        if plan.role != access.WALK:
            with access.planned(plan.role):
                return self._take(rows, size)
        edge = plan.edge if self.by == self.rows.model.listed_by else None
        with access.planned(access.WALK):
            found, more = self._take(self._this_side_of(rows, edge), size)
        if edge is None or more:
            return found, more
        with access.planned(access.GATHER):
            if len(found) == size:
                return found, self._follows(rows, found[-1])
            return self._take(rows, size)

    def piece(self, place: Place | None, size: int) -> list[Any]:
        """The next ``size`` rows after ``place``, for a list about one client, which every plan looks up alike."""
        return list((self._beyond(place) if place else self.rows)[:size])

    def goes_on(self, place: Place) -> bool:
        """Is there a row after ``place``, in a list about one client?"""
        rest = self._beyond(place).select_related(None)
        return rest.values_list("pk", flat=True).first() is not None

    def _take(self, rows: QuerySet[Any], size: int) -> tuple[list[Any], bool]:
        found = list(rows[:size])
        return found, len(found) == size and self._follows(rows, found[-1])

    def _follows(self, rows: QuerySet[Any], last: Any) -> bool:
        rest = self._beyond(Place.of(last, self.by), rows)
        return rest.select_related(None).values_list("pk", flat=True).first() is not None

    def _beyond(self, place: Place, rows: QuerySet[Any] | None = None) -> QuerySet[Any]:
        """Those after ``place``; the first condition alone is one that an index can begin at."""
        rows, than = self.rows if rows is None else rows, "gt" if self.upwards else "lt"
        later = Q(**{f"{self.by}__{than}": place.at}) | Q(**{f"id__{than}": place.id})
        return rows.filter(later, **{f"{self.by}__{than}e": place.at})

    def _this_side_of(self, rows: QuerySet[Any], edge: datetime | None) -> QuerySet[Any]:
        return rows.filter(**{f"{self.by}__{'lt' if self.upwards else 'gt'}": edge}) if edge else rows
