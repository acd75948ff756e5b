"""Reading clients, and everything about one of them, for somebody."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from clinical.clients.models import Client
from clinical.encounters.models import Encounter, Note
from consent.access import NothingToTell
from consent.models import Consent, Principal
from consent.paging import Asked, Page, merged_page, page_of, whole_list
from referrals.partners import selectors as referrals

HISTORY = 40  # things on a client's page
MOST_EXPORTED = 5000  # clients in one file
NO_NAME = "Name not shown to you"
SCOPED = "compartment__scope__program__unit"


def client_seen_by(asker: Principal, subject_id: UUID) -> Client:
    """The client, if ``asker`` may see who it is; otherwise `NothingToTell`."""
    found = Client.objects.about(subject_id).select_related(SCOPED).newest_first().first()
    if found is None:
        raise NothingToTell(f"client `{subject_id}` is not there for `{asker.uid}`")
    return found


def clients_of(asker: Principal, asked: Asked | None = None) -> Page:
    """The clients that ``asker`` may see, newest first, a page at a time."""
    return page_of(Client.objects.select_related(SCOPED), asked)


def number_of_clients(asker: Principal) -> int:
    """How many clients ``asker`` may see: a number that tells of nobody else, because all of them are listed."""
    return Client.objects.count()


def clients_to_export(asker: Principal) -> list[Client]:
    """All clients that ``asker`` may see, newest first.

    Raises:
        TooMany: more than `MOST_EXPORTED`; none was read.
    """
    return whole_list(Client.objects.select_related(SCOPED), at_most=MOST_EXPORTED)


def names_of(subject_ids: Iterable[UUID]) -> dict[UUID, str]:
    """What to call these clients, where the asker may see who they are."""
    wanted = set(subject_ids)
    if not wanted:
        return {}
    found = Client.objects.filter(compartment__subject_id__in=wanted).select_related("compartment")
    return {client.subject_id: client.called for client in found}


def banner(subject_id: UUID) -> dict[str, Any]:
    """Whose record this is, for the banner that never scrolls away."""
    client = Client.objects.about(subject_id).select_related(SCOPED).newest_first().first()
    if client is None:
        return {"name": NO_NAME, "detail": "", "client": None, "subject_id": subject_id}
    born = f"born {client.born_on:%b} {client.born_on.day}, {client.born_on.year}" if client.born_on else ""
    return {"name": client.called, "detail": born, "client": client, "subject_id": subject_id}


def history(asker: Principal, subject_id: UUID, asked: Asked | None = None) -> Page:
    """Notes, encounters, consents and referrals about a client that ``asker`` may see, newest first."""
    kinds = {
        "note": Note.objects.about(subject_id).select_related("compartment__scope", "author"),
        "encounter": Encounter.objects.about(subject_id).select_related("compartment__scope", "by"),
        "consent": Consent.objects.about(subject_id).select_related("compartment__scope", "explained_by"),
        "referral": referrals.referrals_of(subject_id),
    }
    page = merged_page(kinds, asked or Asked(size=HISTORY))
    return replace(page, rows=[{"kind": kind, "at": row.created_at, "row": row} for kind, row in page.rows])
