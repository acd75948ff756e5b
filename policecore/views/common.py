"""What the police screens share: who finds them, and the way to the next page."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest

from consent.access import NothingToTell

REFERRERS = ("officer", "police supervisor")
READERS = (*REFERRERS, "analyst")
FEED_KEEPERS = ("police supervisor", "analyst")
POSTBOX_OWNERS = ("police supervisor",)


def cursor(request: HttpRequest) -> UUID | None:
    """The id in ``?after=``; what is no id is no row either."""
    said = request.GET.get("after", "")
    if not said:
        return None
    try:
        return UUID(said)
    except ValueError:
        raise NothingToTell("no such row in this list") from None


def next_page(request: HttpRequest, after: UUID | None) -> str:
    """The address of the older page with the same filters; ``""`` when there is none."""
    if after is None:
        return ""
    kept = {name: value for name, value in request.GET.items() if value and name in ("kind", "zone", "type")}
    return f"?{urlencode({**kept, 'after': after})}"
