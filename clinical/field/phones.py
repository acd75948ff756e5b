"""Phones that keep what is typed without a signal: whose they are, and the order to forget."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac

from clinical.field.models import Phone
from clinical.roles import SUPERVISORS
from consent.access import NothingToTell
from consent.models import Membership, Principal

SHOWN = 50  # phones on a page
LISTED_FOR = timedelta(days=90)  # after it was last here


def owner_tag(principal: Principal) -> str:
    """What a phone knows its owner by: always the same, and of no use anywhere else."""
    return salted_hmac("clinical.field.phones", str(principal.uid), algorithm="sha256").hexdigest()[:32]


@transaction.atomic
def seen(*, phone_id: UUID, principal: Principal, at: datetime) -> bool:
    """The phone is here, with ``principal`` signed in on it; must it forget what it keeps?

    One that has just forgotten begins anew: an order is carried out once.
    """
    found = Phone.objects.select_for_update().filter(pk=phone_id).first()
    if found is None:
        Phone.objects.create(pk=phone_id, principal=principal, first_seen_at=at, seen_at=at)
        return False
    must_forget = hand_over_order(phone_id=phone_id, at=at)
    Phone.objects.filter(pk=phone_id).update(principal=principal, seen_at=at)
    return must_forget


def hand_over_order(*, phone_id: UUID, at: datetime) -> bool:
    """Is there an order that this phone has not been given? It is given with the answer.

    Asked without signing in: whoever found the phone need not know an account. An unknown
    number has no order.
    """
    waiting = Phone.objects.filter(pk=phone_id, ordered_at__isnull=False, emptied_at__isnull=True)
    return bool(waiting.update(emptied_at=at))


@transaction.atomic
def order_to_forget(*, phone_id: UUID, by: Principal, at: datetime) -> None:
    """Order a phone to forget what it keeps, at its next contact.

    Raises:
        NothingToTell: it is neither ``by``'s own nor a worker's whom they supervise.
    """
    changed = _phones_for(by, at).filter(pk=phone_id).update(ordered_at=at, ordered_by=by, emptied_at=None)
    if not changed:
        raise NothingToTell(f"phone `{phone_id}` is not this principal's to order")


def phones_for(asker: Principal, at: datetime) -> list[Phone]:
    """One's own phones, and those of the workers whom one supervises; the last seen first."""
    rows = _phones_for(asker, at).select_related("principal", "ordered_by").order_by("-seen_at")
    return list(rows[:SHOWN])


def _phones_for(asker: Principal, at: datetime) -> QuerySet[Phone]:
    supervised = Membership.objects.held_by(asker, at).filter(role__name__in=SUPERVISORS).values("program")
    staff = Membership.objects.filter(program__in=supervised).values("principal")
    here = Phone.objects.filter(seen_at__gt=at - LISTED_FOR)
    return here.filter(Q(principal=asker) | Q(principal__in=staff))
