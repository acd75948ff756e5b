"""A hand-off with both present, stamped on its referral."""

from datetime import datetime
from typing import Any

from django.db import transaction

from clinical.field.models import BothPresent
from clinical.writing import check_may
from consent.models import Principal


@transaction.atomic
def stamp(
    *, referral: Any, by: Principal, how: BothPresent.How, with_person: str, at: datetime
) -> BothPresent:
    """Note that the partner's person and ``by`` were both present, now. Once: a second press changes nothing."""
    check_may(by, "change", referral, of="encounter")
    found = stamp_of(referral)
    if found is not None:
        return found
    made = BothPresent(
        compartment=referral.compartment, referral=referral, by=by, how=how, with_person=with_person, at=at
    )
    made.save(force_insert=True)
    return made


@transaction.atomic
def strike(*, referral: Any, by: Principal, at: datetime) -> None:
    """The stamp was a mistake: it is struck, and stays as what it was."""
    check_may(by, "change", referral, of="encounter")
    found = stamp_of(referral)
    if found is not None:
        found.struck_at = at
        found.save(update_fields=["struck_at"])


def stamp_of(referral: Any) -> BothPresent | None:
    """The referral's stamp, if it has one that was not struck."""
    rows = BothPresent.objects.filter(referral=referral, struck_at__isnull=True)
    return rows.select_related("by").newest_first().first()
