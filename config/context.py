"""What every page's frame needs to know: the side, who is signed in, and where they may go."""

from collections.abc import Iterable
from typing import Any, TypedDict

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from consent.access import roles_of

SIDE_NAMES = {"clinical": "Clinical side", "police": "Police side"}
SECONDS_OF_WARNING = 120


class NavigationItem(TypedDict):
    """A place that the signed-in principal's roles lead to."""

    label: str
    url: str
    current: bool


def side_name() -> str:
    """The side in words, as it stands on every page."""
    return SIDE_NAMES[settings.SIDE]


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context of ``base.html``; whatever needs the database waits until it is asked for."""
    roles = SimpleLazyObject(lambda: sorted(roles_of(request.user)))
    return {
        "side": settings.SIDE,
        "side_name": side_name(),
        "roles": roles,
        "navigation": SimpleLazyObject(lambda: navigation(request.path, frozenset(roles))),
        "idle_seconds": settings.IDLE_LOCK_SECONDS,
        "idle_warning_seconds": SECONDS_OF_WARNING,
    }


def navigation(path: str, roles: Iterable[str]) -> list[NavigationItem]:
    """The items of ``settings.NAVIGATION`` that these roles open.

    The current one is the longest address that ``path`` begins with, so that a client's
    page still belongs to *Clients*; an item may name further ``places`` whose pages are its own.
    An item whose name leads nowhere is left out.
    """
    held = frozenset(roles)
    items: list[NavigationItem] = []
    around: list[tuple[int, NavigationItem]] = []
    for entry in settings.NAVIGATION:
        if held.isdisjoint(entry["roles"]):
            continue
        try:
            url = reverse(entry["url_name"])
        except NoReverseMatch:
            continue
        item: NavigationItem = {"label": entry["label"], "url": url, "current": False}
        items.append(item)
        addresses = [url, *(reverse(name) for name in entry.get("places", ()))]
        around += [(len(each), item) for each in addresses if is_at_or_below(path, each)]
    if around:
        max(around, key=lambda found: found[0])[1]["current"] = True
    return items


def is_at_or_below(path: str, url: str) -> bool:
    """Is ``path`` the page at ``url``, or one inside it? The root holds only itself."""
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))
