"""Pages by cursor: what comes before an instant and an id, without a total that would tell."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

SIZE = 25


@dataclass(frozen=True, kw_only=True)
class Page:
    """The rows of one page, and the cursor of the next older one, ``""`` when there is none."""

    rows: list[Any]
    older: str


def newest_page(rows: QuerySet[Any], *, cursor: str = "", by: str = "created_at", size: int = SIZE) -> Page:
    """One page of ``rows``, newest first, of what is older than ``cursor``.

    A cursor that can't be read is taken for none: it came from an address bar.
    """
    after = _read(cursor)
    if after is not None:
        at, last = after
        rows = rows.filter(Q(**{f"{by}__lt": at}) | Q(**{by: at, "id__lt": last}))
    found = list(rows.order_by(f"-{by}", "-id")[: size + 1])
    shown = found[:size]
    return Page(rows=shown, older=_write(shown[-1], by) if len(found) > size else "")


def _write(row: Any, by: str) -> str:
    return f"{getattr(row, by).isoformat()}_{row.pk}".replace("+00:00", "Z")


def _read(cursor: str) -> tuple[datetime, UUID] | None:
    at, _separator, last = cursor.partition("_")
    found = instant(at)
    try:
        return (found, UUID(last)) if found else None
    except ValueError:
        return None


def instant(text: str) -> datetime | None:
    """The instant in an address, in UTC; ``None`` for what is none, or none that a database knows.

    Python reads offsets of fractions of a second, and years whose UTC lies outside the calendar.
    """
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None
