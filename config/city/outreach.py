"""What the city's outreach keeps besides its clients' records: desk, group, community event, slips, safe contact.

Each worker writes what is theirs as one transaction and looks first whether it is there already.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from clinical.clients.models import Client
from clinical.dropin.models import AnonymousVisit, DeskCard, Service, Visit
from clinical.dropin.services import make_card
from clinical.groups.models import GroupSession
from clinical.groups.services import add_member, hold_session
from clinical.safecontact.models import SafeContact
from clinical.trauma.models import CommunityEvent, EventAction, Slip
from clinical.trauma.services import open_event, take_slip
from config.city.clients import PURPOSE, City
from config.city.plans import ClientPlan, new_id
from config.city.stories import CONTACT_RULES
from consent import access

AT_DESK, WITH_GROUP, WITH_VICTIMS = "outreach-worker", "peer", "tsap-social-worker"
# nickname, the number on the card that they carry
KNOWN_AT_DESK: Final = (
    ("Captain", "1041"), ("Left-Hand Lou", "1042"), ("Birdie", ""), ("The Professor", "1044"), ("Two Dogs", "1045"),
    ("Miss Tea", ""), ("Sarge", "1047"), ("Mo", ""),
)  # fmt: skip
DESK_DAYS, NAMED_A_DAY, NAMELESS_A_DAY = 14, 6, 9
MEMBERS: Final = 3
# kind, hours after the event, minutes, of us, people, what was handed out
DONE: Final[tuple[tuple[str, int, int, int, int, Mapping[str, int]], ...]] = (
    ("canvass", 3, 120, 4, 65, {"leaflet": 50, "card": 40, "slip": 20}),
    ("vigil", 27, 90, 3, 140, {"card": 60, "food": 80}),
    ("circle", 74, 75, 2, 14, {"compensation": 6}),
    ("debrief", 98, 60, 5, 0, {}),
)
SLIPS: Final = (
    {
        "name": "Thora Keelson", "reach": "412-555-0121", "ways": ["voice"], "best_time": "After four o'clock",
        "say_as": "The school office", "wishes": "Somebody for the children to talk to", "agreed": "signed",
    },
    {
        "name": "Mr. Ballast", "reach": "The barber on the corner knows where", "ways": ["street", "other"],
        "language": "Spanish", "wishes": "Help with the burial", "agreed": "spoken",
    },
)  # fmt: skip
# What the line beside a phone number means, as a card; the line itself stands in the client's plan.
CARDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "Text only, never a voice message": {
        "ways": ["text"], "never": ["voice"], "code_word": "umbrella", "never_tell": "The man downstairs",
    },
    "Call weekdays 10 to 12": {
        "ways": ["call"], "never": ["mail"], "best_time": "Weekdays 10 to 12",
        "no_police_because": "His cousin works at the station.",
    },
    "Ask for the book club": {"ways": ["call", "text"], "never": ["visit"], "say_as": "The book club"},
}  # fmt: skip
assert CARDS.keys() == set(CONTACT_RULES[True])


def reach_out(clients: Sequence[ClientPlan], city: City, *, seed: int, at: datetime) -> None:
    """Write what is missing."""
    rng = Random(f"{seed} outreach")
    with access.opened(city.principals[AT_DESK], PURPOSE):
        _work_the_desk(city, rng, at)
    with access.opened(city.principals[WITH_GROUP], PURPOSE):
        _hold_a_group(clients, city, at)
    with access.opened(city.principals[WITH_VICTIMS], PURPOSE):
        _answer_an_event(city, at)
    _keep_safe(clients, city, seed=seed)


def _work_the_desk(city: City, rng: Random, at: datetime) -> None:
    """Two weeks at the desk: some are known by a nickname, more are nobody's business."""
    if DeskCard.objects.exists():
        return
    program, by = city.programs["ROOTS"], city.principals[AT_DESK]
    cards = [
        make_card(program=program, nickname=nickname, number=number, by=by, at=at - timedelta(days=DESK_DAYS))
        for nickname, number in KNOWN_AT_DESK
    ]
    named, nameless = [], []
    for day in range(DESK_DAYS):
        for _ in range(NAMED_A_DAY):
            when, card = _in_the_day(rng, day, at), rng.choice(cards)
            named.append(
                Visit(
                    id=new_id(rng), compartment=card.compartment, card=card, service=rng.choice(Service.values),
                    by=by, created_at=when,
                )
            )  # fmt: skip
            card.last_seen_at = max(card.last_seen_at, when)
        nameless += [
            AnonymousVisit(
                program=program, service=rng.choice(Service.values), by=by, at=_in_the_day(rng, day, at)
            )
            for _ in range(NAMELESS_A_DAY)
        ]
    Visit.objects.bulk_create(named)
    AnonymousVisit.objects.bulk_create(nameless)
    DeskCard.objects.bulk_update(cards, ["last_seen_at"])


def _in_the_day(rng: Random, days_ago: int, at: datetime) -> datetime:
    """A minute of the last eight hours of the day that ended so many days before ``at``."""
    return at - timedelta(days=days_ago, minutes=rng.randrange(1, 8 * 60))


def _hold_a_group(clients: Sequence[ClientPlan], city: City, at: datetime) -> None:
    """Peers met; some with a record, each in their own, and two who are counted."""
    if GroupSession.objects.exists():
        return
    by = city.principals[WITH_GROUP]
    session = hold_session(
        program=city.programs["POST"], by=by, kind=GroupSession.Kind.PEER, name="Tuesday circle",
        place="Back room of the library", begins_at=at - timedelta(days=1, hours=3), minutes=75, guests=2,
    )  # fmt: skip
    theirs = [each.id for each in clients if each.program == "POST" and each.workers[0] == WITH_GROUP]
    known = Client.objects.filter(pk__in=theirs[:MEMBERS]).select_related("compartment__scope__program__unit")
    for client in known:
        add_member(session=session, client=client, by=by)


def _answer_an_event(city: City, at: datetime) -> None:
    """A shooting nine days ago, what was done about it, and who asks to be called."""
    if CommunityEvent.objects.exists():
        return
    program, by = city.programs["TSAP"], city.principals[WITH_VICTIMS]
    happened_at = at - timedelta(days=9)
    event = open_event(
        program=program, by=by, kind=CommunityEvent.Kind.SHOOTING, happened_at=happened_at,
        place="Figure Eight Alley and Carrick St", summary="Lights in the alley, and a place where the young can go.",
    )  # fmt: skip
    EventAction.objects.bulk_create(
        EventAction(
            compartment=event.compartment, event=event, by=by, kind=kind, minutes=minutes, staff=staff,
            people=people, handouts=dict(handouts), done_at=happened_at + timedelta(hours=after),
        )
        for kind, after, minutes, staff, people, handouts in DONE
    )  # fmt: skip
    if not Slip.objects.exists():
        for hours, filled in enumerate(SLIPS, start=5):
            take_slip(program=program, by=by, at=at - timedelta(hours=hours), **filled)


def _keep_safe(clients: Sequence[ClientPlan], city: City, *, seed: int) -> None:
    """A card for each client of victim services, saying what the line beside their number says."""
    by_worker: dict[str, list[ClientPlan]] = defaultdict(list)
    for client in clients:
        if client.program == "TSAP" and client.contact_rule in CARDS:
            by_worker[client.workers[0]].append(client)
    for username, theirs in by_worker.items():
        worker = city.principals[username]
        with access.opened(worker, PURPOSE):
            if SafeContact.objects.exists():
                continue
            known = Client.objects.filter(pk__in=[each.id for each in theirs]).select_related("compartment")
            people = {each.pk: each for each in known}
            SafeContact.objects.bulk_create(
                SafeContact(
                    id=new_id(Random(f"{seed} card {client.id}")), compartment=people[client.id].compartment,
                    by=worker, created_at=client.met_at, **CARDS[client.contact_rule],
                )
                for client in theirs
                if client.id in people
            )  # fmt: skip
