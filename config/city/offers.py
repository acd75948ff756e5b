"""Forms that were offered in the city and not signed: a no is a part of the record like a yes."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import NAMESPACE_OID, uuid5

from clinical.consents.draft import form_of
from clinical.consents.models import UnsignedForm
from clinical.consents.services import ASK_AGAIN
from config.city.clients import PURPOSE, City
from config.city.plans import ClientPlan
from config.city.programs import HOUSING, SERVICES, TREATMENT
from consent import access, services
from consent.models import Compartment

Answer = UnsignedForm.Answer
ONE_IN: Final = 5  # clients, to one of whom a form was offered in vain
# answer, whom it would have named, what they said; one after the other
OFFERED: Final = (
    (Answer.DECLINES, SERVICES, "I don't want one more office to know."),
    (Answer.LATER, TREATMENT, ""),
    (Answer.DECLINES, HOUSING, "My landlord is his cousin."),
    (Answer.UNSAFE, TREATMENT, ""),
    (Answer.LATER, SERVICES, "Let me sleep on it."),
)


def offer_in_vain(clients: Sequence[ClientPlan], city: City, *, at: datetime) -> None:
    """Each worker's own, as one transaction of theirs; done once."""
    by_worker: dict[str, list[tuple[int, ClientPlan]]] = defaultdict(list)
    for number, client in enumerate(clients[::ONE_IN]):
        by_worker[client.workers[0]].append((number, client))
    for username, theirs in by_worker.items():
        with access.opened(city.principals[username], PURPOSE):
            found = Compartment.objects.filter(subject_id__in=[client.subject_id for _, client in theirs])
            open_ones = {(each.subject_id, each.scope_id): each for each in found.select_related("scope")}
            rows = [_row(number, client, city, open_ones, at=at) for number, client in theirs]
            new = [each for each in rows if each is not None]
            if new and not UnsignedForm.objects.filter(pk__in=[each.pk for each in new]).exists():
                UnsignedForm.objects.bulk_create(new)


def _row(
    number: int,
    client: ClientPlan,
    city: City,
    open_ones: dict[tuple[object, int], Compartment],
    *,
    at: datetime,
) -> UnsignedForm | None:
    """The offer, if the client's compartment opens to the worker: what is undetermined may open to nobody."""
    program = city.programs[client.program]
    scope = city.scope(client.program, services.profile(program).enrolment)
    compartment = open_ones.get((client.subject_id, scope.pk))
    if compartment is None:
        return None
    answer, whom, words = OFFERED[number % len(OFFERED)]
    then = min(client.met_at + timedelta(hours=1), at)
    again = then + ASK_AGAIN if answer == Answer.LATER else None
    return UnsignedForm(
        id=uuid5(NAMESPACE_OID, f"offer-{client.subject_id}"), compartment=compartment,
        form=form_of(program, at), answer=answer, words=words, offered={"to": whom},
        by=city.principals[client.workers[0]], at=then, created_at=then, ask_again_at=again,
        settled_at=again if again and again < at - timedelta(days=2) else None,
    )  # fmt: skip
