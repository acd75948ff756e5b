"""Who is meant: exactly that name, and that birth date or phone, in whichever legal unit knows the person.

Looked for by a system task, because nothing about the person is open to whoever asks yet. The
statements are the same whether or not somebody is there, and what is found is told to
`consent.services.emergency` alone.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from clinical.clients.models import Client
from clinical.search import index, words
from clinical.search.models import SearchToken
from consent import access, services
from consent.models import LegalUnit, Scope

TASK = "system:emergency"
NEWEST = 4  # of several who fit exactly; more are looked at by nobody


@dataclass(frozen=True, kw_only=True)
class Sought:
    """What was typed of a person: the whole name, and a birth date or a phone number."""

    given_name: str
    family_name: str
    born_on: date | None = None
    phone: str = ""

    @property
    def is_enough(self) -> bool:
        """Is there a name, and something besides that namesakes don't share?"""
        return bool(_whole(self.given_name) and _whole(self.family_name)) and bool(
            self.born_on or words.phone(self.phone)
        )

    def fits(self, client: Client) -> bool:
        """Is it exactly this person? Case, accents, hyphens and spaces are no difference; another letter is."""
        if self.born_on and client.born_on != self.born_on:
            return False
        if words.phone(self.phone) and words.phone(client.phone) != words.phone(self.phone):
            return False
        return all(
            _whole(mine) == _whole(theirs)
            for mine, theirs in (
                (self.given_name, client.given_name),
                (self.family_name, client.family_name),
            )
        )


def _whole(name: str) -> str:
    """A name as one word, as the index keeps it beside its parts."""
    return "".join(words.pieces(name))


def subjects_called(sought: Sought) -> list[UUID]:
    """The clients that are exactly this person, the newest first; one in each legal unit that knows them."""
    if not sought.is_enough:
        return []
    with access.acting_as(TASK):
        rare: set[int] = set()
        names: set[int] = set()
        for unit in LegalUnit.objects.order_by("pk"):
            key = services.blind_index(unit)
            rare.add(_rare(sought, key))
            names |= {key.token(index.NAME, _whole(name)) for name in (sought.given_name, sought.family_name)}
        every = list(Scope.objects.values_list("pk", flat=True))
        near = SearchToken.objects.filter(scope_key__in=every, token__in=rare)
        ids = set(near.values_list("client_id", flat=True)) or {uuid4()}  # nobody: asked for all the same
        named = SearchToken.objects.filter(client_id__in=ids, token__in=names)
        ids = set(named.values_list("client_id", flat=True)) or {uuid4()}
        rows = Client.objects.filter(pk__in=ids).select_related("compartment").order_by("-created_at", "pk")
        return [client.subject_id for client in rows if sought.fits(client)][:NEWEST]


def _rare(sought: Sought, key: services.BlindIndex) -> int:
    if sought.born_on:
        return key.token(index.BORN, index.day(sought.born_on))
    return key.token(index.PHONE, words.phone(sought.phone))
