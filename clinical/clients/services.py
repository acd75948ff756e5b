"""Changing what is known of a client."""

from typing import Any

from django.db import transaction

from clinical.clients.models import Client
from clinical.writing import check_may
from consent import services
from consent.models import Principal

FIELDS = ("given_name", "family_name", "described_as", "born_on", "phone", "contact_rule")


@transaction.atomic
def correct_client(*, client: Client, by: Principal, **known: Any) -> None:
    """Keep what is now known of the person; who may sign for them follows from birth and death."""
    check_may(by, "change", client)
    for name in FIELDS:
        if name in known:
            setattr(client, name, known[name])
    client.save(update_fields=[name for name in FIELDS if name in known])
    if {"born_on", "died_on"} & set(known):
        died_on = known.get("died_on", services.died_on(client.compartment))
        services.keep_life_dates(compartment=client.compartment, born_on=client.born_on, died_on=died_on)
