"""Needs, plans, safety plans, screeners, people and papers of the synthetic clients, drawn from the seed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from random import Random
from typing import Any

from pypdf import PdfWriter

from clinical.clients.models import Client
from clinical.contacts.models import Contact, Household
from clinical.documents.models import Document
from clinical.instruments.definitions import instrument
from clinical.instruments.models import Screening
from clinical.instruments.running import Run
from clinical.instruments.services import outcome_of
from clinical.plans.models import Goal, Need, Plan, Review, Step
from clinical.safety.models import SafetyPlan
from config.city import names
from config.city.clients import City
from config.city.plans import ClientPlan, new_id
from consent import access, services
from consent.models import Compartment, Principal

PURPOSE = "CAREMGT"
PLANNED_EVERY, PAPERS_EVERY = 3, 12  # so many clients: one with a plan; one with a document
# area, urgency, what they say, the goal they make of it, the step toward it
WISHES = (
    (
        "housing",
        "urgent",
        "I can't go back to the shelter",
        "a door that locks",
        "Call the housing line together",
    ),
    (
        "documents",
        "help",
        "my ID was in the bag they took",
        "to have my ID again",
        "Ask for the birth certificate",
    ),
    ("health", "help", "my foot won't heal", "to walk without pain", "Clinic on Thursday, go along"),
    (
        "legal",
        "urgent",
        "there is a warrant, I think",
        "to stop looking over my shoulder",
        "Ask the court liaison",
    ),
    ("family", "later", "I want to see my girl", "Sundays with my daughter", "Write the letter first"),
    (
        "money",
        "help",
        "the check stopped in May",
        "money that comes every month",
        "Take the letter to benefits",
    ),
    ("work", "later", "I used to lay tile", "three days of work a week", "Visit the training center"),
)
STRENGTHS = ("Knows everybody on the block", "Comes when it is agreed", "Cooks for the whole floor")
HELPS = ("Short visits, always the same day", "A cigarette before we talk", "Speak slowly, no sirens")
SIGNS = ("I stop answering the phone", "The nights get loud", "I give my things away")
ALONE = ("Walk to the river and back", "Headphones, the blue playlist", "Clean the bathroom")
PEOPLE = ("My sister, after four o'clock", "Ray from the second floor", "Pastor on the corner")
PAPERS = (
    ("id", "Birth certificate, copy"),
    ("benefits", "Letter about benefits"),
    ("court", "Notice of a hearing"),
)
SCREENED = (
    {"wish": "yes", "thoughts": "yes", "method": "yes", "intent": "no", "plan": "no", "behavior": "no"},
    {"wish": "yes", "thoughts": "no", "behavior": "no"},
    {"wish": "yes", "thoughts": "yes", "method": "yes", "intent": "yes", "plan": "no", "behavior": "no"},
)


def write_plans(clients: Iterable[ClientPlan], city: City, *, seed: int, at: datetime) -> None:
    """Each worker writes for the clients they were the first to meet; twice is once."""
    by_worker: dict[str, list[tuple[int, ClientPlan]]] = defaultdict(list)
    for number, client in enumerate(clients):
        by_worker[client.workers[0]].append((number, client))
    for username, theirs in by_worker.items():
        with access.opened(city.principals[username], PURPOSE):
            _Desk(city, city.principals[username], seed, at).write(theirs)


class _Desk:
    """One worker's writing, gathered by model and inserted at once."""

    def __init__(self, city: City, worker: Principal, seed: int, at: datetime) -> None:
        self.city, self.worker, self.seed, self.at = city, worker, seed, at
        self.rows: dict[Any, list[Any]] = defaultdict(list)

    def write(self, theirs: Sequence[tuple[int, ClientPlan]]) -> None:
        """What the worker keeps about these clients."""
        found = Compartment.objects.filter(subject_id__in=[client.subject_id for _number, client in theirs])
        self.compartments = {(each.subject_id, each.scope_id): each for each in found.select_related("scope")}
        rows = Client.objects.filter(pk__in=[client.id for _number, client in theirs])
        known = set(rows.values_list("pk", flat=True))
        for number, client in theirs:
            rng = Random(f"{self.seed} record {client.id}")
            usual = self._compartment(client, ())
            if client.id not in known or usual is None:
                continue  # what opens to nobody is written by nobody
            if number % PLANNED_EVERY == 0:
                self._plan(rng, client, usual)
                self._people(rng, client, usual)
            if number % PAPERS_EVERY == 0:
                self._paper(rng, usual)
            if any(contact.at_risk for contact in client.contacts):
                self._risk(rng, client)
        first = next(iter(self.rows.get(Need, ())), None)
        if first is not None and Need.objects.filter(pk=first.pk).exists():
            return
        for model in (Need, Plan, Goal, Step, Review, Screening, SafetyPlan, Household, Contact, Document):
            model.objects.bulk_create(self.rows[model])

    def _compartment(self, client: ClientPlan, more: Iterable[str]) -> Compartment | None:
        own = services.profile(self.city.programs[client.program]).note
        return self.compartments.get((client.subject_id, self.city.scope(client.program, {*own, *more}).pk))

    def _add(self, model: Any, rng: Random, compartment: Compartment, ago: float, **values: Any) -> Any:
        row = model(
            id=new_id(rng), compartment=compartment, by=self.worker, created_at=self.at - timedelta(days=ago),
            **values,
        )  # fmt: skip
        self.rows[model].append(row)
        return row

    def _plan(self, rng: Random, client: ClientPlan, here: Compartment) -> None:
        """Two needs, a plan with a goal for each, a step of which some are overdue, and a review now and then."""
        begun = min((self.at - client.met_at).total_seconds() / 86_400, 80) * 0.9
        today, every = self.at.date(), rng.choice(list(Plan.Every.values))
        plan = self._add(
            Plan, rng, here, begun, hopes=rng.choice(WISHES)[2], strengths=rng.choice(STRENGTHS),
            helps=rng.choice(HELPS), agreed=rng.choice(("yes", "yes", "partly", "not_asked")), review_every=every,
            next_review_on=today + timedelta(days=rng.randrange(-6, every)),
        )  # fmt: skip
        goals = []
        for area, urgency, words, goal, step in rng.sample(WISHES, 2):
            need = self._add(Need, rng, here, begun, area=area, urgency=urgency, words=words)
            kept = self._add(Goal, rng, here, begun * 0.9, plan=plan, need=need, words=goal)
            goals.append(kept)
            self._add(
                Step, rng, here, begun * 0.9, goal=kept, words=step,
                who=rng.choice(("client", "worker", "together")),
                due_on=today + timedelta(days=rng.randrange(-4, 20)),
            )  # fmt: skip
        if begun > 20:
            progress = [
                {"id": str(goal.pk), "words": goal.words, "state": "open", "progress": word}
                for goal, word in zip(goals, ("better", "same"), strict=True)
            ]
            self._add(
                Review, rng, here, begun / 3, plan=plan, together="present", goals=progress,
                words="Comes to every visit; the waiting is what wears them out.",
                next_review_on=plan.next_review_on,
            )  # fmt: skip

    def _people(self, rng: Random, client: ClientPlan, here: Compartment) -> None:
        home = self._add(Household, rng, here, 10, kind=rng.choice(("alone", "family", "shared", "facility")))
        name, other = (" ".join(names.person_name(rng)) for _ in range(2))
        self._add(
            Contact, rng, here, 10, name=name, relation="sibling", phone=names.telephone(rng), household=home,
            is_for_emergencies=True, may_know="looking",
        )  # fmt: skip
        if client.program == "TSAP":
            self._add(Contact, rng, here, 9, name=other, relation="partner", is_danger=True)

    def _paper(self, rng: Random, here: Compartment) -> None:
        kind, title = rng.choice(PAPERS)
        writer, made = PdfWriter(), BytesIO()
        writer.add_blank_page(width=612, height=792)
        writer.write(made)
        content = made.getvalue()
        self._add(
            Document, rng, here, 5, title=title, kind=kind, media="application/pdf", content=content,
            size=len(content),
        )  # fmt: skip

    def _risk(self, rng: Random, client: ClientPlan) -> None:
        here, screener = self._compartment(client, ("RISK",)), instrument("cssrs")
        if here is None or screener is None:
            return
        run = Run.of(screener, rng.choice(SCREENED))
        self._add(
            Screening, rng, here, 2, instrument=screener.slug, version=screener.version, answers=dict(run.given),
            outcome=outcome_of(run), level=run.outcome().level,
        )  # fmt: skip
        parts = {
            "signs": rng.choice(SIGNS), "alone": rng.choice(ALONE), "people": rng.choice(PEOPLE),
            "on_scene": rng.choice(HELPS),
        }  # fmt: skip
        self._add(SafetyPlan, rng, here, 2, parts=parts, copy="paper", is_theirs=True)
