"""Looking for clients for somebody: by equal tokens alone, among those that open to who asks.

An answer, its bytes and what it costs are the same whether or not somebody is there whom the asker
may not see; `clinical.search.looking` says how.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.utils import timezone

from clinical.clients.models import Client
from clinical.matching.comparing import FEWEST_WORDS, Known, alike
from clinical.search import index, looking, words
from consent import services
from consent.models import LegalUnit, Membership, Principal
from consent.services import BlindIndex

SHOWN = 25
SUGGESTED = 8
SCOPED = "compartment__scope__program__unit"
# How good a word's match is; what is written the same stands before what only sounds alike.
BY_SOUND, EXACT = 1, 3


@dataclass(frozen=True, kw_only=True)
class Found:
    """One page of clients, best first, and the cursor of the next one; ``""`` when there is none."""

    clients: list[Client] = field(default_factory=list)
    further: str = ""


def clients_found(
    asker: Principal, said: words.Said, *, cursor: str = "", size: int = SHOWN, unit: LegalUnit | None = None
) -> Found:
    """The clients open to ``asker`` who have all of what was said.

    Args:
        cursor: `Found.further` of the page before; one that can't be read is taken for none.
        unit: Only those of this legal unit.
    """
    if not said.is_enough:
        return Found()
    indexes = [services.blind_index(each) for each in ([unit] if unit else units_of(asker))]
    rows = looking.best_first(parts_of(said, indexes), size=size + 1, after=_read(cursor))
    shown = rows[:size]
    found = {
        client.pk: client
        for client in Client.objects.filter(pk__in=[row[0] for row in shown]).select_related(SCOPED)
    }
    clients = [found[client_id] for client_id, _score in shown if client_id in found]
    return Found(clients=clients, further=_write(*shown[-1]) if len(rows) > size else "")


def units_of(asker: Principal) -> list[LegalUnit]:
    """The legal units in which ``asker`` holds an office now."""
    held = Membership.objects.held_by(asker, timezone.now())
    return list(LegalUnit.objects.filter(programs__in=held.values("program")).distinct().order_by("slug"))


def parts_of(said: words.Said, indexes: Iterable[BlindIndex]) -> list[dict[int, int]]:
    """Each thing that was said, as the tokens that it may have been kept as."""
    indexes = list(indexes)
    parts = [_of_word(word, indexes) for word in said.words]
    if said.born_on:
        parts.append({index_.token(index.BORN, index.day(said.born_on)): EXACT for index_ in indexes})
    if said.phone:
        parts.append({index_.token(index.PHONE, said.phone): EXACT for index_ in indexes})
    return parts


def _of_word(word: str, indexes: Iterable[BlindIndex]) -> dict[int, int]:
    """The tokens that a word may have been kept as, with how good each is."""
    said = {(index.SOUND, sound): BY_SOUND for sound in words.sounds(word)}
    said |= dict.fromkeys(((index.NAME, word), (index.DESCRIBED, word)), EXACT)
    return {index_.token(*each): score for index_ in indexes for each, score in said.items()}


def _write(client_id: UUID, score: int) -> str:
    return f"{score}_{client_id}"


def _read(cursor: str) -> tuple[int, UUID] | None:
    score, _separator, last = cursor.partition("_")
    try:
        return (int(score), UUID(last)) if score.isascii() and len(score) <= 3 else None
    except ValueError:
        return None


def clients_alike(
    asker: Principal, known: Known, *, unit: LegalUnit, besides: UUID | None = None
) -> list[Client]:
    """Whom ``asker`` may see anyway and who may be the same person; what is hidden is the matching desk's.

    Args:
        besides: The client that is asked about, who is no duplicate of itself.
    """
    names = tuple(sorted(known.names))
    asked = [words.Said(phone=known.phone)] if known.phone else []
    if len(names) >= FEWEST_WORDS:
        asked.append(words.Said(words=names))
    if known.born_on:
        asked += [words.Said(words=(each,), born_on=known.born_on) for each in names]
    found: dict[UUID, Client] = {}
    for each in asked:
        for client in clients_found(asker, each, size=SUGGESTED, unit=unit).clients:
            if client.subject_id != besides and alike(known, Known.of(client)):
                found.setdefault(client.subject_id, client)
    return list(found.values())[:SUGGESTED]
