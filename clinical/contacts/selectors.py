"""Reading contacts and households for somebody."""

from uuid import UUID

from django.db.models import QuerySet

from clinical.contacts.models import Contact, Household
from consent.access import NothingToTell
from consent.models import Principal

SCOPED = "compartment__scope__program__unit"
SHOWN_ENDED = 30


def contacts_about(subject_id: UUID) -> QuerySet[Contact]:
    """A client's contacts that the asker may see."""
    return Contact.objects.about(subject_id).select_related("compartment__scope__program", "by")


def present_contacts(subject_id: UUID) -> list[Contact]:
    """Those on the list: who is dangerous first, then who is called in an emergency."""
    rows = contacts_about(subject_id).present()
    return list(rows.order_by("-is_danger", "-is_for_emergencies", "created_at", "id"))


def ended_contacts(subject_id: UUID) -> list[Contact]:
    """Those taken off the list last."""
    rows = contacts_about(subject_id).filter(ended_at__isnull=False)
    return list(rows.order_by("-ended_at", "-id")[:SHOWN_ENDED])


def households_about(subject_id: UUID) -> QuerySet[Household]:
    """A client's households that the asker may see."""
    return Household.objects.about(subject_id).select_related("compartment__scope__program", "by")


def contact_seen_by(asker: Principal, contact_id: UUID) -> Contact:
    """The contact, if ``asker`` may see them; otherwise `NothingToTell`."""
    found = Contact.objects.filter(pk=contact_id).select_related(SCOPED).first()
    if found is None:
        raise NothingToTell(f"contact `{contact_id}` is not there for `{asker.uid}`")
    return found
