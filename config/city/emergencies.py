"""Some emergency accesses of the last weeks: looked at, disputed, waiting, overdue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.city.clients import City
from config.city.plans import ClientPlan
from consent import access
from consent.models import EmergencyAccess
from consent.services import emergency
from consent.services.emergency_use import Said

AFTER = timedelta(hours=20)  # when the review was, and what came of it


@dataclass(frozen=True, kw_only=True)
class Broken:
    """Who broke the glass on a client of a program, how long ago, and what a reviewer found."""

    by: str
    program: str
    hours_ago: int
    said: Said
    verdict: str = ""
    note: str = ""
    answer: str = ""
    reviewer: str = "clinical-supervisor"


_OVERDOSE = {"nature": "overdose", "without_consent": "unconscious"}
ACCESSES = (
    Broken(
        by="night-social-worker", program="CO-RESPONSE", hours_ago=24 * 15, verdict="appropriate",
        said=Said(
            **_OVERDOSE, treats="medics", told_name="Medic 7", told_facility="City EMS",
            words="Found in a stairwell, not breathing. Medics ask what they take and any allergies.",
        ),
        note="Read the last two notes, told the medics about the blood thinner. What it is for.",
    ),
    Broken(
        by="night-social-worker", program="PINS", hours_ago=24 * 6, verdict="not_appropriate",
        said=Said(
            nature="illness", without_consent="out_of_reach", treats="self",
            words="A neighbor says they have been ill for days and nobody opens the door.",
        ),
        note="Nobody was in danger that night; the door could have been knocked at first.",
        answer="The neighbor had heard a fall and no answer for an hour. I wrote that in my note.",
    ),
    Broken(
        by="post-case-manager", program="POST", hours_ago=24 * 4, verdict="follow_up", reviewer="privacy-officer",
        said=Said(
            **_OVERDOSE, treats="medical",
            words="Second overdose this week, second dose given, breathing slows again.",
        ),
        note="Clear what happened; unclear whether the nurse on duty was told. Ask both.",
    ),
    Broken(
        by="pins-case-manager", program="CO-RESPONSE", hours_ago=24 * 5,
        said=Said(
            nature="self_harm", without_consent="not_able", treats="self",
            words="Bleeding, does not answer. Who is their emergency contact, do they carry a blade?",
        ),
    ),
    Broken(
        by="social-worker", program="CO-RESPONSE", hours_ago=9,
        said=Said(
            nature="unresponsive", without_consent="unconscious", treats="medics", told_name="Dr. Adeyemi",
            told_facility="Emergency department, Mercy Street",
            words="Collapsed at the bus station. The emergency department asks for medication and next of kin.",
        ),
    ),
)  # fmt: skip


def break_glass(clients: Sequence[ClientPlan], city: City, *, at: datetime) -> None:
    """Write them down, each as its own person, with the reviews there were. Twice is once."""
    with access.opened("system:emergency", "HCOMPL"):
        if EmergencyAccess.objects.exists():
            return
    for number, each in enumerate(ACCESSES):
        theirs = [
            c for c in clients if c.program == each.program and each.by not in c.workers and c.given_name
        ]
        if theirs:
            _break(each, theirs[number % len(theirs)], city, at=at - timedelta(hours=each.hours_ago))


def _break(broken: Broken, client: ClientPlan, city: City, *, at: datetime) -> None:
    worker = city.principals[broken.by]
    with access.opened(worker, "ETREAT"):
        opening = emergency.open_emergency(by=worker, subjects=[client.subject_id], said=broken.said, at=at)
    if not opening.accesses or not broken.verdict:
        return
    row, reviewer = opening.accesses[0], city.principals[broken.reviewer]
    with access.opened(reviewer, "HCOMPL"):
        emergency.review_emergency(row, by=reviewer, verdict=broken.verdict, note=broken.note, at=at + AFTER)
    if broken.answer:
        with access.opened(worker, "HCOMPL"):
            emergency.answer_review(row, by=worker, words=broken.answer, at=at + 2 * AFTER)
