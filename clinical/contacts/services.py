"""Writing down who is around a client, and with whom they live."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from clinical.contacts.models import Contact, Household
from clinical.writing import check_may, place_for
from consent.models import Compartment, Principal, Program

FIELDS = (
    "name", "relation", "phone", "address", "contact_rule", "may_know", "is_for_emergencies", "is_danger",
    "is_minor",
)  # fmt: skip


@transaction.atomic
def add_contact(
    *, subject_id: UUID, program: Program, by: Principal, lives_with_them: bool = False, **said: Any
) -> Contact:
    """Write somebody down."""
    compartment = place_for(subject_id, program, by)
    household = _household_in(compartment) if lives_with_them else None
    contact = Contact(compartment=compartment, by=by, household=household, **said)
    check_may(by, "add", contact)
    contact.save(force_insert=True)
    return contact


@transaction.atomic
def change_contact(*, contact: Contact, by: Principal, lives_with_them: bool, **said: Any) -> None:
    """Keep what is now known of them."""
    check_may(by, "change", contact)
    values = {name: said[name] for name in FIELDS if name in said}
    values["household"] = _household_in(contact.compartment) if lives_with_them else None
    for name, value in values.items():
        setattr(contact, name, value)
    contact.save(update_fields=list(values))


@transaction.atomic
def end_contact(*, contact: Contact, by: Principal, at: datetime | None) -> None:
    """Take somebody off the list; without an instant they are on it again."""
    check_may(by, "change", contact)
    contact.ended_at = at
    contact.save(update_fields=["ended_at"])


@transaction.atomic
def keep_household(
    *, subject_id: UUID, program: Program, by: Principal, at: datetime, kind: str, head: str, remark: str
) -> Household:
    """Keep with whom they live now. Another kind is another household: the one before ends, with its members."""
    compartment = place_for(subject_id, program, by)
    present = _household_in(compartment)
    if present is not None and present.kind == kind:
        check_may(by, "change", present)
        present.head, present.remark = head, remark
        present.save(update_fields=["head", "remark"])
        return present
    if present is not None:
        check_may(by, "change", present)
        present.ended_at = at
        present.save(update_fields=["ended_at"])
    household = Household(compartment=compartment, by=by, kind=kind, head=head, remark=remark)
    check_may(by, "add", household)
    household.save(force_insert=True)
    return household


def _household_in(compartment: Compartment) -> Household | None:
    return Household.objects.filter(compartment=compartment).present().first()
