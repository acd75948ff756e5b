"""Keeping the safe-contact card."""

from collections.abc import Sequence

from django.db import transaction

from clinical.clients.models import Client
from clinical.clients.services import correct_client
from clinical.safecontact.models import SafeContact
from clinical.safecontact.words import Way
from clinical.writing import check_may
from consent.models import Principal


@transaction.atomic
def keep_card(
    *, client: Client, by: Principal, ways: Sequence[str], never: Sequence[str], **said: str
) -> SafeContact:
    """Write a new card, which counts from now on; the line beside the phone number says the same in short.

    Raises:
        ValueError: a way is wanted and ruled out at once.
    """
    check_may(by, "change", client)
    if set(ways) & set(never):
        raise ValueError("a way is wanted and ruled out at once")
    card = SafeContact(compartment=client.compartment, by=by, ways=list(ways), never=list(never), **said)
    card.save(force_insert=True)
    correct_client(client=client, by=by, contact_rule=_in_short(card))
    return card


def _in_short(card: SafeContact) -> str:
    words = dict(Way.choices)
    parts = [
        ", ".join(words[each] for each in card.ways),
        f"never: {', '.join(words[each] for each in card.never)}" if card.never else "",
        card.best_time,
        f"say: {card.say_as}" if card.say_as else "",
    ]
    return "; ".join(part for part in parts if part)[:300]
