"""Birth and death: dates that decide who may sign, and so what stays open."""

from datetime import date

from consent.models import Compartment, LifeDates
from consent.services import ledger
from consent.services.grants import lock_client, recompute_grants


def keep_life_dates(*, compartment: Compartment, born_on: date | None, died_on: date | None) -> None:
    """Keep when the client was born and died, as far as it is known; grants follow in the same transaction.

    Args:
        compartment: The one that says who the client is. Whoever asks must have it open for writing.

    Raises:
        ValueError: the death lies before the birth.

    Cites: 45 CFR 164.502(f), (g)(3); 42 CFR 2.14, 2.15.
    """
    if born_on and died_on and died_on < born_on:
        raise ValueError("nobody dies before being born")
    subject_id = compartment.subject_id
    lock_client(subject_id)
    known = LifeDates.objects.filter(compartment=compartment).first()
    if known is None:
        if born_on is None and died_on is None:
            return
        known = LifeDates(compartment=compartment, subject_id=subject_id)
    elif (known.born_on, known.died_on) == (born_on, died_on):
        return
    known.born_on, known.died_on = born_on, died_on
    known.save()
    ledger.note_event("life dates", subject_id=subject_id, resources={"consent.lifedates": [str(known.pk)]})
    recompute_grants(subject_id)


def died_on(compartment: Compartment) -> date | None:
    """When the client died, if that is known."""
    known = LifeDates.objects.filter(compartment=compartment).first()
    return known.died_on if known else None
