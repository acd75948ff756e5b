"""Who the clients are, drawn from the seed before anything is written: the same seed, the same people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import cycle, islice
from random import Random
from uuid import UUID

from config.city import forms, names, stories
from config.city.people import CLINICAL, UNITS
from consent.roles import CARE_TEAM

# Of two hundred clients, so many are in each program; fewer clients keep the proportions.
SHARES = {
    "CO-RESPONSE": 52, "PINS": 34, "LEAD": 34, "POST": 30, "TSAP": 20, "ROOTS": 26, "ROOTS-DROPIN": 4,
}  # fmt: skip
MORE_FORMS = 0.3  # so many clients have one form more than those dealt out first
UNNAMED = 0.08
SHARED_CASE = 0.25  # a second worker is on the care team
AT_RISK = 0.15
# Programs of one legal unit in which somebody is known twice.
KNOWN_TWICE = (
    ("CO-RESPONSE", "CO-RESPONSE"), ("CO-RESPONSE", "PINS"), ("CO-RESPONSE", "CO-RESPONSE"), ("POST", "LEAD"),
    ("LEAD", "POST"),
)  # fmt: skip
RESTRICTED_EVERY = 25  # every so many clients, one asked for a restriction


@dataclass(frozen=True, kw_only=True)
class Contact:
    """An encounter and what was written in it."""

    id: UUID
    note_id: UUID
    opened_at: datetime
    left_at: datetime
    call_type: str
    location: str
    zone: str
    place: str
    present: tuple[str, ...]
    police: str
    answer: str
    disposition: str
    body: str
    at_risk: bool


@dataclass(frozen=True, kw_only=True)
class SignedForm:
    """A form of the client, in a state, with how much of its life is over."""

    id: UUID
    form: forms.Form
    state: str
    part: float


@dataclass(kw_only=True)
class ClientPlan:
    """A person in care: who they are, who works with them, what happened, what they signed."""

    id: UUID
    subject_id: UUID
    program: str
    workers: tuple[str, ...]  # usernames; the first writes
    given_name: str
    family_name: str
    described_as: str
    born_on: date | None
    phone: str
    contact_rule: str
    met_at: datetime
    contacts: list[Contact] = field(default_factory=list)
    signed: list[SignedForm] = field(default_factory=list)
    restricts: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """The name that stands on their forms."""
        return f"{self.given_name} {self.family_name}".strip() or self.described_as


def plan(*, how_many: int, seed: int, at: datetime) -> list[ClientPlan]:
    """``how_many`` clients as they are at ``at``."""
    rng = Random(f"{seed} clients")
    clients = [
        _client(rng, program, workers, at)
        for program, count in counts(how_many).items()
        for workers in islice(_teams(rng, program), count)
    ]
    _know_some_twice(Random(f"{seed} twice"), clients)
    _deal_forms(rng, clients)
    for client in clients:
        signed = [each.form.signed_at(at=at, state=each.state, part=each.part) for each in client.signed]
        client.met_at = min([client.met_at, *signed])
    for client in clients[::RESTRICTED_EVERY]:
        client.restricts = ("BILL", "MED")
    return clients


def counts(how_many: int) -> dict[str, int]:
    """Clients by program: at least one each, the rest in proportion."""
    whole = sum(SHARES.values())
    found = {program: max(1, share * how_many // whole) for program, share in SHARES.items()}
    for program in islice(cycle(SHARES), max(0, how_many - sum(found.values()))):
        found[program] += 1
    return found


def new_id(rng: Random) -> UUID:
    """An opaque id, drawn like everything else, so that a second run finds the first one's rows."""
    return UUID(int=rng.getrandbits(128), version=4)


def _teams(rng: Random, program: str) -> Iterator[tuple[str, ...]]:
    """Care teams for one client after another: the workers in turn, now and then two of them."""
    workers = [each.username for each in CLINICAL if each.role in CARE_TEAM and program in each.programs]
    for number, first in enumerate(cycle(workers)):
        second = workers[(number + 1) % len(workers)]
        yield (first, second) if second != first and rng.random() < SHARED_CASE else (first,)


def _client(rng: Random, program: str, workers: tuple[str, ...], at: datetime) -> ClientPlan:
    is_unnamed = rng.random() < UNNAMED
    given, family = ("", "") if is_unnamed else names.person_name(rng)
    age_in_days = rng.randrange(19 * 365, 78 * 365)
    contacts = sorted(rng.randrange(2, 365 * 24) for _ in range(rng.choice((1, 1, 2, 2, 3, 4))))
    client = ClientPlan(
        id=new_id(rng),
        subject_id=new_id(rng),
        program=program,
        workers=workers,
        given_name=given,
        family_name=family,
        described_as=names.description(rng) if is_unnamed else "",
        born_on=None if is_unnamed else (at - timedelta(days=age_in_days)).date(),
        phone=names.telephone(rng) if not is_unnamed and rng.random() < 0.8 else "",
        contact_rule=rng.choice(stories.CONTACT_RULES[program == "TSAP"]),
        met_at=at - timedelta(hours=contacts[-1]),
    )
    client.contacts = [_contact(rng, program, at - timedelta(hours=hours)) for hours in reversed(contacts)]
    return client


def _contact(rng: Random, program: str, opened_at: datetime) -> Contact:
    story = stories.of(program)
    at_risk = program == "CO-RESPONSE" and rng.random() < AT_RISK
    return Contact(
        id=new_id(rng),
        note_id=new_id(rng),
        opened_at=opened_at,
        left_at=opened_at + timedelta(minutes=rng.randrange(12, 95)),
        call_type=rng.choice(story.call_types),
        location=names.block(rng),
        zone=rng.choice(UNITS),
        place=rng.choice(story.places),
        present=tuple(sorted(rng.sample(story.present, rng.randrange(len(story.present) + 1)))),
        police=rng.choice(story.police),
        answer=rng.choices(stories.ANSWERS, (70, 15, 10, 5))[0],
        disposition=rng.choice(story.dispositions),
        body=stories.note(rng, program, at_risk=at_risk),
        at_risk=at_risk,
    )


def _know_some_twice(rng: Random, clients: Sequence[ClientPlan]) -> None:
    """Let a colleague have met a few clients before, and have written them down a little differently."""
    taken: list[ClientPlan] = []
    for earlier, later in KNOWN_TWICE:
        first, second = (
            [each for each in clients if each.program == program and each.given_name and each not in taken]
            for program in (earlier, later)
        )
        pairs = [
            (one, other) for one in first for other in second if not set(one.workers) & set(other.workers)
        ]
        if not pairs:
            continue
        one, other = rng.choice(pairs)
        taken += [one, other]
        other.given_name, other.family_name = one.given_name, names.misspelt(one.family_name)
        if rng.random() < 0.5:
            other.born_on = one.born_on
        else:
            other.born_on, other.phone = None, one.phone


def _deal_forms(rng: Random, clients: Sequence[ClientPlan]) -> None:
    """Each form in each state at least once, and some more; who is not named yet signs only if nobody else can."""
    for kind in forms.FORMS:
        able = [each for each in clients if each.program in kind.programs]
        named = [each for each in able if each.given_name] or able
        takers = islice(cycle(rng.sample(named, len(named))), len(forms.STATES))
        for state, client in zip(forms.STATES, takers, strict=True):
            client.signed.append(_signed(rng, kind, state))
    for client in clients:
        fitting = [each for each in forms.FORMS if client.program in each.programs]
        if fitting and client.given_name and rng.random() < MORE_FORMS:
            state = rng.choices(forms.STATES, (75, 10, 10, 5))[0]
            client.signed.append(_signed(rng, rng.choice(fitting), state))


def _signed(rng: Random, kind: forms.Form, state: str) -> SignedForm:
    return SignedForm(id=new_id(rng), form=kind, state=state, part=rng.uniform(0.1, 0.6))
