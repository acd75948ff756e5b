"""Reading coded facts for somebody."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from clinical.health.models import HealthFact
from consent.access import NothingToTell
from consent.models import Principal

SCOPED = "compartment__scope__program__unit"
SHOWN_FIRST = (HealthFact.What.CONDITION, HealthFact.What.MEDICINE, HealthFact.What.ALLERGY)
SHOWN = 50  # facts on a page
NEWEST = 6  # current facts on the client's first page


def facts_about(subject_id: UUID) -> QuerySet[HealthFact]:
    """A client's facts that the asker may see."""
    return HealthFact.objects.about(subject_id).select_related(
        "compartment__scope__program", "by", "struck_by"
    )


def written_about(subject_id: UUID) -> QuerySet[HealthFact]:
    """Those that somebody wrote by hand: a file brings hundreds at one instant, which are no news of a day."""
    return facts_about(subject_id).filter(source=HealthFact.Source.ENTERED)


def current_facts(subject_id: UUID) -> list[HealthFact]:
    """The newest conditions, medicines and allergies that go on."""
    rows = facts_about(subject_id).standing().of_kinds(*SHOWN_FIRST).filter(status=HealthFact.Status.CURRENT)
    return list(rows.newest_first()[:NEWEST])


def fact_seen_by(asker: Principal, fact_id: UUID) -> HealthFact:
    """The fact, if ``asker`` may see it; otherwise `NothingToTell`."""
    found = HealthFact.objects.filter(pk=fact_id).select_related(SCOPED, "by", "struck_by").first()
    if found is None:
        raise NothingToTell(f"health fact `{fact_id}` is not there for `{asker.uid}`")
    return found


def day_in_words(when: str) -> str:
    """``2019-05-03T…`` as ``May 3, 2019``; ``2019-05`` and ``2019`` as they are known."""
    try:
        if len(when) == 7:
            return f"{datetime.strptime(when, '%Y-%m').date():%B %Y}"  # noqa: DTZ007 — a month has no zone
        day = date.fromisoformat(when[:10])
    except ValueError:
        return when
    return f"{day:%b} {day.day}, {day.year}"


def times_of(fact: HealthFact) -> str:
    """From when to when, in words; nothing where nobody knows."""
    since, until = day_in_words(fact.since), day_in_words(fact.until)
    if fact.what in (HealthFact.What.RESULT, HealthFact.What.PROCEDURE):
        return since
    if since and until:
        return f"{since} to {until}"
    return f"since {since}" if since else f"until {until}" if until else ""


WHO_BROUGHT: Mapping[str, str] = {
    "program": "the program", "code": "its code or words", "author": "its author", "sender": "whoever sent it",
    "supervisor": "a supervisor",
}  # fmt: skip


def reasons_of(fact: HealthFact) -> list[tuple[str, str]]:
    """Each segment that it is kept as, and who brought that: ``[("HIV", "its code or words")]``."""
    known = fact.because or {}
    return [
        (segment, " and ".join(WHO_BROUGHT.get(each, each) for each in known.get(segment, ())))
        for segment in fact.compartment.scope.segments
    ]
