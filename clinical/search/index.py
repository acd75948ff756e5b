"""Writing the blind index: what stands in it about a client, and when it goes.

A client's tokens are written in the transaction that saves the client, under the key of the
client's legal unit: the same name in another unit is another token.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from clinical.search import words
from clinical.search.models import SearchToken, Unmatched
from consent import access, services
from consent.models import LegalUnit
from consent.services import BlindIndex

if TYPE_CHECKING:
    from clinical.clients.models import Client

# What a client is found by; a change of anything else leaves the index alone.
INDEXED = frozenset({"given_name", "family_name", "described_as", "born_on", "phone"})
NAME, DESCRIBED, SOUND, BORN, PHONE, WHOSE = "name", "described", "sound", "born", "phone", "whose"
INDEX_TASK = "system:index"


def tokens_of(client: "Client", index: BlindIndex) -> set[int]:
    """Everything by which ``client`` is found, and the mark that says under which key it was written."""
    said = names_of(client) | {(DESCRIBED, each) for each in words.spellings(client.described_as)}
    said |= {
        (SOUND, sound)
        for kind, word in said
        if kind == NAME or _may_name(word)
        for sound in words.sounds(word)
    }
    if client.born_on:
        said.add((BORN, day(client.born_on)))
    if number := words.phone(client.phone):
        said.add((PHONE, number))
    return {index.token(*each) for each in said} | {mark(client.pk, index)}


def names_of(client: "Client") -> set[tuple[str, str]]:
    """The client's given and family name as the words they are found by."""
    return {
        (NAME, word) for name in (client.given_name, client.family_name) for word in words.spellings(name)
    }


def _may_name(word: str) -> bool:
    return word not in words.DESCRIBING


def day(born_on: date | str) -> str:
    """A birth date as it is hashed; a form's date may still be a text."""
    return born_on if isinstance(born_on, str) else born_on.isoformat()


def mark(client_id: UUID, index: BlindIndex) -> int:
    """A token that is in the index when ``client_id`` was indexed under the key that is in use."""
    return index.token(WHOSE, str(client_id))


def write(clients: Collection["Client"], *, is_new: bool) -> None:
    """Put ``clients`` into the index, and on the list of those to be compared with their legal unit.

    The statements are the same whatever is known of the client and of anybody else.
    """
    if not clients:
        return
    if not is_new:
        _take_out(clients)
    _put_in(clients)
    Unmatched.objects.bulk_create(
        Unmatched(client_id=each.pk, compartment=each.compartment, scope_key=each.compartment.scope_id)
        for each in clients
    )


def write_again(clients: Collection["Client"]) -> None:
    """Index ``clients`` anew, after the index key was changed; what was compared stays so."""
    _take_out(clients)
    _put_in(clients)


def _take_out(clients: Iterable["Client"]) -> None:
    wanted = {each.pk: each.compartment_id for each in clients}
    SearchToken.objects.filter(client_id__in=wanted.keys(), compartment_id__in=set(wanted.values())).delete()


def _put_in(clients: Iterable["Client"]) -> None:
    index_of: dict[int, BlindIndex] = {}
    rows = []
    for client in clients:
        if client.unit_id not in index_of:
            index_of[client.unit_id] = services.blind_index(client.unit)
        rows += [
            SearchToken(
                client_id=client.pk,
                token=token,
                compartment=client.compartment,
                scope_key=client.compartment.scope_id,
            )
            for token in sorted(tokens_of(client, index_of[client.unit_id]))
        ]
    SearchToken.objects.bulk_create(rows)


def not_indexed(client_ids: Collection[UUID], unit: LegalUnit) -> set[UUID]:
    """Those of ``client_ids`` that are not in the index under the unit's key."""
    index = services.blind_index(unit)
    marks = {mark(each, index): each for each in client_ids}
    found = SearchToken.objects.filter(client_id__in=client_ids, token__in=marks.keys())
    return set(client_ids) - set(found.values_list("client_id", flat=True))


def forget(subject_id: UUID) -> None:
    """Take everything about a client out of the index; called when the client's key is destroyed."""
    with access.acting_as(INDEX_TASK):
        SearchToken.objects.filter(compartment__subject_id=subject_id).delete()
        Unmatched.objects.filter(compartment__subject_id=subject_id).delete()
