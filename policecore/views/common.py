"""What the police screens share: who finds them, and which page is asked for."""

from django.http import HttpRequest

from consent.paging import Asked
from policecore.selectors import PAGE

REFERRERS = ("officer", "police supervisor")
TRIAGERS = ("triage clinician",)
CLASSIFIERS = (*TRIAGERS, "police supervisor")
READERS = (*REFERRERS, "analyst", *TRIAGERS)
COUNTERS = (*CLASSIFIERS, "analyst")
FEED_KEEPERS = ("police supervisor", "analyst")
POSTBOX_OWNERS = ("police supervisor",)


def page_asked(request: HttpRequest) -> Asked:
    """The page that the address asks for; nonsense is the first."""
    return Asked.by(request.GET, size=PAGE)
