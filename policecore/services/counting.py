"""Calls before and after each referral, counted here and sent as numbers, whatever became of the referral."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from consent import access
from policecore.models import Incident, Kind, OfficerReferral
from policecore.places import Places
from policecore.services.crossing import require_permit
from referrals import services as post_box
from referrals.services import CallCounts

TASK, PURPOSE = "system:counts", "X-REFERRAL-IN"
SPANS = (30, 60, 90, 180)  # days, each counted before and after
BEFORE_ALONE, SPAN_BEFORE = 0, 90  # at first, the calls of so many days before
AT_ONCE = 200  # referrals, or calls without a token, in one run


def send_call_counts(at: datetime) -> int:
    """Send what is due; how many numbers went. What was sent once is not sent again."""
    with access.opened(TASK, PURPOSE):
        _find_places()
    sent = 0
    for referral_id in _due(at):
        with access.opened(TASK, PURPOSE), transaction.atomic():
            sent += _send(referral_id, at)
    return sent


def _find_places() -> None:
    """Give calls and referrals that were kept before there was an index their token."""
    places = Places()
    for model in (Incident, OfficerReferral):
        rows = list(model.objects.filter(place_token__isnull=True, location__isnull=False)[:AT_ONCE])
        for row in rows:
            row.place_token = places.token(row.location) or 0  # a place of marks alone is looked at once
        if rows:
            model.objects.bulk_update(rows, ["place_token"])


def _due(at: datetime) -> list[UUID]:
    """The referrals for which a span is over and was not counted; none of them is opened for that."""
    with access.opened(TASK, PURPOSE):
        rows = OfficerReferral.objects.filter(counts_due_at__lte=at).order_by("counts_due_at", "id")
        return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def _spans_to_come(referral: OfficerReferral) -> list[tuple[datetime, int]]:
    """When which span is over, of those that were not counted, the shortest first."""
    spans = (span for span in (BEFORE_ALONE, *SPANS) if span not in referral.counted_for)
    return [(referral.seen_at + timedelta(days=span), span) for span in spans]


def _send(referral_id: UUID, at: datetime) -> int:
    rows = OfficerReferral.objects.select_for_update(of=("self",)).select_related(
        "compartment__scope__program__unit"
    )
    referral = rows.filter(pk=referral_id).first()
    if referral is None:
        return 0
    due = [span for over_at, span in _spans_to_come(referral) if over_at <= at]
    if due and not _stays_with_the_police(referral):
        unit = referral.compartment.scope.program
        require_permit("CAD", ["cad"], subject_id=referral.pk, unit=unit, by=None, at=at)
        for span in due:
            post_box.send(_counted(referral, span, at), subject_id=referral.pk)
    referral.counted_for = [*referral.counted_for, *due]
    referral.counts_due_at = min((over_at for over_at, _span in _spans_to_come(referral)), default=None)
    referral.save(update_fields=["counted_for", "counts_due_at"])
    return len(due)


def _stays_with_the_police(referral: OfficerReferral) -> bool:
    """Was its call marked as one for the police alone since? Then no number of it goes either."""
    return Incident.objects.filter(pk=referral.incident_id).exclude(police_only="").exists()


def _counted(referral: OfficerReferral, span: int, at: datetime) -> CallCounts:
    days = span or SPAN_BEFORE
    met, length = referral.seen_at, timedelta(days=days)
    return CallCounts(
        referral_id=referral.pk,
        days=days,
        before=_calls(referral, met - length, met),
        after=_calls(referral, met, met + length) if span else None,
        counted_at=at,
    )


def _calls(referral: OfficerReferral, begin: datetime, end: datetime) -> int | None:
    """Calls from the referral's place in ``[begin, end)``, without victims' and those that stay with the police."""
    if not referral.place_token:
        return None
    rows = Incident.objects.filter(
        place_token=referral.place_token, occurred_at__gte=begin, occurred_at__lt=end, police_only=""
    )
    return rows.exclude(kind=Kind.VICTIM).exclude(pk=referral.incident_id).count()
