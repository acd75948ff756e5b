"""Comparing who is new with the rest of the legal unit, and keeping what the matching desk says."""

from collections.abc import Iterable
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from clinical.clients.models import Client
from clinical.matching.comparing import Known, alike
from clinical.matching.models import Pair
from clinical.search import index
from clinical.search.models import SearchToken, Unmatched
from consent import access, services
from consent.models import Compartment, Determination, LegalUnit, Principal
from consent.services import ledger

MATCHING, PURPOSE = "system:matching", "HOPERAT"
AT_ONCE = 50  # clients compared in one transaction
MOST_COMPARED = 200  # others who share a token with one client; a shelter's phone is many people's
SCOPED = "compartment__scope__program__unit"
Answer = Pair.Answer


class NotLinked(ValueError):
    """The two can't be put together; the message is a sentence for the desk."""


def match_waiting() -> int:
    """Compare the clients that wait, in transactions of `AT_ONCE`; how many there were.

    Runs as ``system:matching``. Whoever else does the same takes others; a run that is
    killed leaves its clients waiting.
    """
    done = 0
    while True:
        with access.opened(MATCHING, PURPOSE):
            waiting = list(Unmatched.objects.select_for_update(skip_locked=True).order_by("since")[:AT_ONCE])
            for client in Client.objects.filter(pk__in={each.client_id for each in waiting}).select_related(
                SCOPED
            ):
                _match(client)
            Unmatched.objects.filter(pk__in=[each.pk for each in waiting]).delete()
        done += len(waiting)
        if len(waiting) < AT_ONCE:
            return done


def _match(client: Client) -> None:
    """Keep each other client of the unit who may be the same person as a pair, once."""
    blind = services.blind_index(client.compartment.scope.program.unit)
    tokens = index.tokens_of(client, blind) - {index.mark(client.pk, blind)}
    sharing = SearchToken.objects.filter(token__in=tokens).exclude(client_id=client.pk)
    others = sharing.values_list("client_id", flat=True).distinct()[:MOST_COMPARED]
    known = Known.of(client)
    for other in Client.objects.filter(pk__in=list(others)).select_related(SCOPED):
        if reasons := alike(known, Known.of(other)):
            first, second = sorted((client, other), key=lambda each: (each.created_at, each.pk))
            _keep(first, second, reasons)


def _keep(first: Client, second: Client, reasons: list[str]) -> Pair:
    """The pair, made or brought up to date; what somebody has said of it stays said."""
    compartment = _desk_of(first)
    found = Pair.objects.filter(compartment=compartment, first_id=first.pk, second_id=second.pk).first()
    if found is None:
        found = Pair(
            compartment=compartment, first_id=first.pk, second_id=second.pk, unit=_unit(first),
            other_unit=_unit(second), other_scope_key=_desk_of(second).scope_id, alike=reasons,
        )  # fmt: skip
        found.save(force_insert=True)
    elif found.answer == Answer.OPEN and found.alike != reasons:
        found.alike = reasons
        found.save(update_fields=["alike"])
    return found


def _unit(client: Client) -> LegalUnit:
    return client.compartment.scope.program.unit


def _desk_of(client: Client) -> Compartment:
    """The compartment of the desk of the client's program; about no one client, so no care team opens it."""
    program = client.compartment.scope.program
    return services.open_compartment(
        uuid5(NAMESPACE_URL, f"bulkhead:{settings.SIDE}:matching:{program.uid}"),
        program,
        services.profile(program).matching,
    )


@transaction.atomic
def answer_pair(
    *, pair: Pair, clients: Iterable[Client], by: Principal, answer: str, because: str, at: datetime
) -> None:
    """Keep what the desk says of a pair, and that it was said; both records stay as they are.

    *Same person* is a link and nothing more: each record keeps its compartments, so that
    nobody sees through it what they did not see before, and undoing it leaves no trace in either.

    Args:
        clients: Both records, which the desk has seen.
    """
    _say(pair, clients, by=by, answer=answer, because=because, at=at)


@transaction.atomic
def take_back_answer(*, pair: Pair, clients: Iterable[Client], by: Principal) -> None:
    """Put a pair back among those that wait."""
    _say(pair, clients, by=None, answer=Answer.OPEN, because="", at=None)


def _say(
    pair: Pair,
    clients: Iterable[Client],
    *,
    by: Principal | None,
    answer: str,
    because: str,
    at: datetime | None,
) -> None:
    clients = list(clients)
    with access.acting_as(MATCHING):
        pair.answer, pair.because, pair.answered_by, pair.answered_at = answer, because, by, at
        pair.save(update_fields=["answer", "because", "answered_by", "answered_at"])
    for client in clients:
        ledger.note_event(
            "match",
            subject_id=client.subject_id,
            reason=f"{answer} {because}".strip(),
            resources={"clinical.pair": [str(pair.pk)]},
        )


@transaction.atomic
def link_across(*, one: Client, other: Client, by: Principal, because: str, at: datetime) -> Pair:
    """Say that two clients of two legal units are one person; the rows of the desk are all that knows.

    Nothing looks for such pairs: comparing two units' clients is a disclosure about everybody
    compared (`cj.idmatch`, 45 CFR 164.502(a), 42 CFR 2.13). Somebody who works both desks, and sees
    both records by that, may put two together.

    Raises:
        NotLinked: they are of one unit, or one of the units is one for victims or undetermined.
    """
    if _unit(one).pk == _unit(other).pk:
        raise NotLinked("Both records are of the same legal unit.")
    if not (may_be_linked(_unit(one), at) and may_be_linked(_unit(other), at)):
        raise NotLinked("Records of victim services are never linked to another unit's.")
    first, second = sorted((one, other), key=lambda each: (each.created_at, each.pk))
    with access.acting_as(MATCHING):
        pair = _keep(first, second, [Pair.Alike.BY_HAND])
    _say(pair, (one, other), by=by, answer=Answer.SAME, because=because, at=at)
    return pair


def may_be_linked(unit: LegalUnit, at: datetime) -> bool:
    """Is no program of the unit one for victims, and none undetermined? The database asks the same."""
    return all(Determination.of(each, at)["vs_regime"] == "none" for each in unit.programs.all())


def forget(subject_id: UUID) -> None:
    """Leave nothing of a client in any pair but that there was one; called when the client's key is destroyed."""
    with access.acting_as(index.INDEX_TASK):
        clients = Client.objects.filter(compartment__subject_id=subject_id).values_list("pk", flat=True)
        about = list(clients)
        Pair.objects.filter(Q(first_id__in=about) | Q(second_id__in=about)).update(
            answer=Answer.FORGOTTEN, alike=[], because="", answered_by=None, answered_at=None
        )
