"""Who called, where a proxy of our own stands in front: the ledger, the brakes and the locks see the caller."""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponseBase

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def networks(text: str) -> tuple[Network, ...]:
    """The addresses and networks of a comma-separated list.

    Raises:
        ImproperlyConfigured: an entry is neither.
    """
    try:
        return tuple(ip_network(entry.strip()) for entry in text.split(",") if entry.strip())
    except ValueError as error:
        raise ImproperlyConfigured(f"TRUSTED_PROXIES: {error} (docs/operations.md)") from error


class CallerMiddleware:
    """Puts the caller's address into ``REMOTE_ADDR``, on the word of proxies that we trust and of nobody else.

    ``X-Forwarded-For`` grows to the right: each proxy adds who called it. So it is read from
    the right, and the first address that is not one of our proxies is the caller; whatever
    stands to the left of it the caller may have made up.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.META["REMOTE_ADDR"] = caller(
            request.META.get("REMOTE_ADDR", ""),
            request.META.get("HTTP_X_FORWARDED_FOR", ""),
            settings.TRUSTED_PROXIES,
        )
        return self.get_response(request)


def caller(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """Whoever called the outermost of our proxies; ``peer`` itself unless that is one of them."""
    known = peer
    for entry in [*reversed(forwarded.split(",")), None]:
        address = _address(known)
        if address is None or not any(address in network for network in trusted):
            break
        said = _address(entry or "")
        if said is None:
            break  # a word, or nothing: the last address that somebody we trust saw
        known = str(said)
    return known


def _address(text: str) -> Address | None:
    """The address, an IPv4 one that travels as IPv6 as what it is."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
