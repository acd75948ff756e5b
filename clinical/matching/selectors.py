"""Reading pairs for who works the matching desk: never one half of a pair without the other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from clinical.clients.models import Client
from clinical.matching.models import Pair
from consent.access import NothingToTell
from consent.models import Principal
from consent.paging import Asked, Page, page_of

SCOPED = "compartment__scope__program__unit"


@dataclass(frozen=True, kw_only=True)
class Two:
    """A pair with both records."""

    pair: Pair
    first: Client
    second: Client

    @property
    def both(self) -> tuple[Client, Client]:
        """The two records, the older one first."""
        return self.first, self.second


def pairs_for(
    desk: Principal, *, answered: bool = False, asked: Asked | None = None
) -> tuple[list[Two], Page]:
    """A page of the pairs whose records both open to ``desk``, newest first."""
    rows = Pair.objects.answered() if answered else Pair.objects.waiting()
    page = page_of(rows.select_related("compartment", "answered_by"), asked)
    return list(_with_records(page.rows)), page


def pair_for(desk: Principal, pair_id: UUID) -> Two:
    """The pair, if it and both records open to ``desk``; otherwise `NothingToTell`."""
    rows = Pair.objects.filter(pk=pair_id).exclude(answer=Pair.Answer.FORGOTTEN)
    for two in _with_records(rows.select_related("compartment", "answered_by")):
        if desk.has_perm("clinical.view_pair", two.pair):
            return two
    raise NothingToTell(f"pair `{pair_id}` is not there for `{desk.uid}`")


def record_for(desk: Principal, client_id: UUID | None) -> Client | None:
    """The record with that id, if it opens to ``desk``; ``None`` for no id.

    Raises:
        NothingToTell: there is none that opens.
    """
    if client_id is None:
        return None
    found = Client.objects.filter(pk=client_id).select_related(SCOPED).first()
    if found is None:
        raise NothingToTell(f"client `{client_id}` is not there for `{desk.uid}`")
    return found


def _with_records(given: Iterable[Pair]) -> Iterator[Two]:
    pairs = list(given)
    wanted = {client_id for pair in pairs for client_id in (pair.first_id, pair.second_id)}
    found = {each.pk: each for each in Client.objects.filter(pk__in=wanted).select_related(SCOPED)}
    for pair in pairs:
        if pair.first_id in found and pair.second_id in found:
            yield Two(pair=pair, first=found[pair.first_id], second=found[pair.second_id])
