"""How the newest synthetic calls were sorted, and what a few of them turned out to be."""

from datetime import datetime, timedelta
from random import Random

from consent import access
from consent.models import Principal
from policecore.models import Incident, Kind, Reclassification, Triage
from policecore.triage.routing import suggest
from policecore.triage.words import QUESTIONS, Answer

PURPOSE = "X-REFERRAL-IN"
SORTED = 60  # calls; the newest stay, so that somebody has something to sort
SORTED_KINDS = (Kind.CRISIS, Kind.WELFARE, Kind.OVERDOSE)
HOW_KNOWN = "officers told the desk afterwards that somebody was in distress"


def sort_calls(at: datetime, *, seed: int) -> None:
    """The triage clinician's last weeks, once."""
    triager = Principal.objects.select_related("employer").filter(username="triage-clinician").first()
    if triager is None:
        return
    with access.opened(triager, PURPOSE):
        if Triage.objects.exists():
            return
        older = Incident.objects.filter(occurred_at__lt=at - timedelta(hours=24)).select_related(
            "compartment"
        )
        sorted_ones = list(older.filter(kind__in=SORTED_KINDS).newest_first()[:SORTED])
        Triage.objects.bulk_create(_triage(each, triager, seed) for each in sorted_ones)
        for each in sorted_ones:
            each.save(update_fields=["route", "eligible"])
        hidden = list(older.filter(kind=Kind.DISTURBANCE).newest_first()[:5])
        Reclassification.objects.bulk_create(
            Reclassification(
                compartment=each.compartment, incident=each, kind_before=each.kind, kind=Kind.CRISIS,
                reason=HOW_KNOWN, by=triager, created_at=each.occurred_at + timedelta(hours=20),
            )
            for each in hidden
        )  # fmt: skip
        for each in hidden:
            each.reclassified_as = Kind.CRISIS
            each.save(update_fields=["reclassified_as"])


def _triage(incident: Incident, by: Principal, seed: int) -> Triage:
    """The answers, mostly no; the suggestion was taken."""
    rng = Random(f"{seed} triage {incident.external_id}")
    answers = {name: rng.choices(Answer.values, (12, 78, 10))[0] for name in QUESTIONS}
    said = suggest(answers)
    incident.route, incident.eligible = said.route, said.eligible
    return Triage(
        compartment=incident.compartment, incident=incident, suggested=said.route, route=said.route,
        eligible=said.eligible, rules_version=said.version, by=by,
        created_at=incident.occurred_at + timedelta(minutes=2), **answers,
    )  # fmt: skip
