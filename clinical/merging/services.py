"""Joining a nameless record to a known one, and undoing it."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.postgres.functions import TransactionNow
from django.db import DatabaseError, transaction
from django.db.models import Q

from clinical.clients.models import Client
from clinical.clients.services import correct_client
from clinical.merging.models import Joined
from clinical.writing import check_may
from consent import access, services
from consent.models import Assignment, Consent, Principal, Protected
from consent.services import ledger
from referrals.partners import selectors as referrals

JOINED = "Joined to another record"
# Who somebody is stays where it is, and so do pairs of the matching desk; answers that stand once in a
# compartment would meet those of the other record.
STAYS = frozenset({"Client", "Joined", "Pair", "Demographics"})
# What was signed or refused was so under the record in which it stands.
SIGNED = ("SignedPaper", "UnsignedForm")


class NotJoined(ValueError):
    """The two can't become one record here; the message is a sentence for the worker."""


def is_nameless(client: Client) -> bool:
    """Is nothing known of them but what they look like, or what they are called in the street?"""
    return not (client.given_name or client.family_name)


@transaction.atomic
def join(*, nameless: Client, known: Client, by: Principal, at: datetime) -> Joined:
    """Let what was written of somebody nameless belong to who they turned out to be.

    Every row keeps its program and its segments, so that nothing opens to anybody who works for neither
    program. The team of the nameless record leaves it; who of them belongs with the known one is that
    one's team to say.

    Raises:
        NotJoined: one has a name, they are of two legal units, or something was signed or sent.
    """
    check_may(by, "change", nameless)
    check_may(by, "change", known)
    _refuse_what_cannot_be(nameless, known)
    subject, target = nameless.subject_id, known.subject_id
    ledger.note_event(
        "match", subject_id=target, reason="joined", resources={"clinical.client": [str(nameless.pk)]}
    )
    moved = _move(list(_rows(subject)), target, by)
    gave_description = not known.described_as
    joined = Joined(
        compartment=known.compartment, from_id=subject, was_called=nameless.described_as, by=by, moved=moved,
        off_team=_team(subject), gave_description=gave_description,
    )  # fmt: skip
    if gave_description:
        correct_client(client=known, by=by, described_as=nameless.described_as)
    correct_client(client=nameless, by=by, described_as=JOINED)
    joined.save(force_insert=True)
    _leave(subject)
    return joined


def _refuse_what_cannot_be(nameless: Client, known: Client) -> None:
    subject = nameless.subject_id
    if subject == known.subject_id or not is_nameless(nameless):
        raise NotJoined(
            "Only a record without a name becomes part of another one. Two with names go to the matching desk."
        )
    if nameless.unit_id != known.unit_id:
        raise NotJoined("The two records are of different legal units, and stay apart.")
    signed = Consent.objects.about(subject).exists() or referrals.referrals_of(subject).exists()
    if signed or any(apps.get_model("clinical", name).objects.about(subject).exists() for name in SIGNED):
        raise NotJoined(
            "Something was signed or sent under this record. It stays; the matching desk links the two."
        )


def _rows(subject: Any) -> Iterator[Protected]:
    """Every row about the client that may move, as far as the asker sees it."""
    for model in apps.get_app_config("clinical").get_models():
        if issubclass(model, Protected) and model.__name__ not in STAYS:
            yield from model.objects.about(subject).select_related("compartment__scope__program__unit")


def _move(rows: list[Protected], target: Any, by: Principal) -> dict[str, list[str]]:
    """Move the rows to the same programs and segments of ``target``; which they were."""
    for program in {row.compartment.scope.program for row in rows}:
        services.assign(subject_id=target, program=program, principal=by, by=by)
    places = {}
    for scope in {row.compartment.scope for row in rows}:
        places[scope.pk] = services.open_compartment(target, scope.program, scope.segments)
    services.recompute_grants(target)  # the compartments may be new, and whoever moves needs the grants
    moved: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        row.compartment = places[row.compartment.scope_id]
        try:
            with transaction.atomic():
                row.save(update_fields=["compartment"])
        except DatabaseError:
            raise NotJoined(
                "Something in one of the two records stands against it: an episode that is open in both, or a part that is not yours to move."
            ) from None
        moved[row._meta.label].append(str(row.pk))
    return dict(moved)


def _open_assignments(subject: Any) -> list[Assignment]:
    still = Q(ends_at__isnull=True) | Q(ends_at__gt=TransactionNow())
    return list(Assignment.objects.filter(still, subject_id=subject).select_related("principal", "program"))


def _team(subject: Any) -> list[list[str]]:
    with access.acting_as("system:grants"):
        return [[str(each.principal.uid), each.program.slug] for each in _open_assignments(subject)]


def _leave(subject: Any) -> None:
    with access.acting_as("system:grants"):
        assignments = _open_assignments(subject)
    for each in assignments:
        services.end_assignment(each)


@transaction.atomic
def undo(*, joined: Joined, known: Client, by: Principal, at: datetime) -> None:
    """Take apart again what was joined: each row goes back, and so does the team.

    Raises:
        NotJoined: it was undone already.
    """
    check_may(by, "change", joined)
    check_may(by, "change", known)
    if joined.undone_at is not None:
        raise NotJoined("The two records were taken apart already.")
    from consent.models import Program

    programs = {each.slug: each for each in Program.objects.select_related("unit")}
    people = {
        str(each.uid): each for each in Principal.objects.filter(uid__in=[uid for uid, _ in joined.off_team])
    }
    for uid, slug in joined.off_team:
        if uid in people and people[uid].is_active:
            services.assign(subject_id=joined.from_id, program=programs[slug], principal=people[uid], by=by)
    services.assign(subject_id=joined.from_id, program=known.compartment.scope.program, principal=by, by=by)
    rows = [
        row
        for label, ids in joined.moved.items()
        for row in apps.get_model(label)
        .objects.filter(pk__in=ids)
        .select_related("compartment__scope__program__unit")
    ]
    _move([row for row in rows if row.compartment.subject_id == known.subject_id], joined.from_id, by)
    nameless = (
        Client.objects.about(joined.from_id)
        .select_related("compartment__scope__program__unit", "unit")
        .first()
    )
    if nameless is not None:
        correct_client(client=nameless, by=by, described_as=joined.was_called)
    if joined.gave_description and known.described_as == joined.was_called:
        correct_client(client=known, by=by, described_as="")
    joined.undone_at, joined.undone_by = at, by
    joined.save(update_fields=["undone_at", "undone_by"])
    ledger.note_event("match", subject_id=known.subject_id, reason="taken apart")
