"""Looking for clients for somebody: by equal tokens alone, among those that open to who asks.

The one statement that looks goes by row-level security and nothing else: its plan touches the
asker's compartments and scopes, however many others have the same name. So an answer, its
bytes and what it costs are the same whether or not somebody is there whom the asker may not see.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Case, F, IntegerField, Max, Q, QuerySet, Value, When
from django.utils import timezone

from clinical.clients.models import Client
from clinical.matching.comparing import FEWEST_WORDS, Known, alike
from clinical.search import index, words
from clinical.search.models import SearchToken
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
    ranked = _page_of(_ranked(said, indexes), cursor)
    rows = list(ranked[: size + 1])
    shown = rows[:size]
    found = {
        client.pk: client
        for client in Client.objects.filter(pk__in=[row["client_id"] for row in shown]).select_related(SCOPED)
    }
    clients = [found[row["client_id"]] for row in shown if row["client_id"] in found]
    return Found(clients=clients, further=_write(shown[-1]) if len(rows) > size else "")


def units_of(asker: Principal) -> list[LegalUnit]:
    """The legal units in which ``asker`` holds an office now."""
    held = Membership.objects.held_by(asker, timezone.now())
    return list(LegalUnit.objects.filter(programs__in=held.values("program")).distinct().order_by("slug"))


def _ranked(said: words.Said, indexes: Iterable[BlindIndex]) -> QuerySet[SearchToken]:
    """``client_id`` and ``score`` of everybody who has a token of each thing that was said."""
    indexes = list(indexes)
    asked = [_of_word(word, indexes) for word in said.words]
    if said.born_on:
        asked.append({index_.token(index.BORN, index.day(said.born_on)): EXACT for index_ in indexes})
    if said.phone:
        asked.append({index_.token(index.PHONE, said.phone): EXACT for index_ in indexes})
    any_of_them = {token for scores in asked for token in scores}
    found = SearchToken.objects.filter(token__in=any_of_them).values("client_id")
    for number, scores in enumerate(asked):
        found = found.annotate(**{f"by_{number}": Max(_score(scores), default=0)})
    every = Q(**{f"by_{number}__gt": 0 for number in range(len(asked))})
    return found.filter(every).annotate(score=sum((F(f"by_{n}") for n in range(1, len(asked))), F("by_0")))


def _of_word(word: str, indexes: Iterable[BlindIndex]) -> dict[int, int]:
    """The tokens that a word may have been kept as, with how good each is."""
    said = {(index.SOUND, sound): BY_SOUND for sound in words.sounds(word)}
    said |= dict.fromkeys(((index.NAME, word), (index.DESCRIBED, word)), EXACT)
    return {index_.token(*each): score for index_ in indexes for each, score in said.items()}


def _score(scores: dict[int, int]) -> Case:
    by_score: dict[int, list[int]] = {}
    for token, score in sorted(scores.items()):
        by_score.setdefault(score, []).append(token)
    return Case(
        *(
            When(token__in=tokens, then=Value(score))
            for score, tokens in sorted(by_score.items(), reverse=True)
        ),
        default=Value(0),
        output_field=IntegerField(),
    )


def _page_of(ranked: QuerySet[SearchToken], cursor: str) -> QuerySet[SearchToken]:
    after = _read(cursor)
    if after is not None:
        score, last = after
        ranked = ranked.filter(Q(score__lt=score) | Q(score=score, client_id__gt=last))
    return ranked.order_by("-score", "client_id")


def _write(row: dict[str, object]) -> str:
    return f"{row['score']}_{row['client_id']}"


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
