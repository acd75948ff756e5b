"""What is new for a partner, page by page and without totals; and a client's referrals for the care team."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from consent.models import Principal
from referrals.partners.models import PartnerAnswer, PartnerReferral, Release

PAGE = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CURSOR = "[0-9]{16}-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"  # last change and id
NOT_LISTED = ("content", "notices", "consent_scope", "basis", "obligations")


class BadCursor(ValueError):
    """The cursor isn't one that this API gave."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of releases, and where the next one begins."""

    releases: Sequence[Release]
    next_cursor: str | None


def releases_for(principal: Principal, *, since: datetime | None = None, cursor: str = "") -> Page:
    """The releases that ``principal`` may read, by last change, the oldest first.

    The grants say which; a release that may no longer be read isn't there.

    Raises:
        BadCursor: ``cursor`` isn't from here.
    """
    rows = Release.objects.filter(organization=principal.employer).defer(*NOT_LISTED)
    if since is not None:
        rows = rows.filter(changed_at__gte=since)
    if cursor:
        changed_at, last_id = _position(cursor)
        rows = rows.filter(Q(changed_at__gt=changed_at) | Q(changed_at=changed_at, pk__gt=last_id))
    found = list(rows.order_by("changed_at", "pk")[: PAGE + 1])
    page = found[:PAGE]
    return Page(releases=page, next_cursor=_cursor(page[-1]) if len(found) > PAGE else None)


def _cursor(release: Release) -> str:
    microseconds = (release.changed_at - EPOCH) // timedelta(microseconds=1)
    return f"{microseconds:016d}-{release.pk}"


def _position(cursor: str) -> tuple[datetime, UUID]:
    if not re.fullmatch(CURSOR, cursor):
        raise BadCursor("not a cursor of this API")
    microseconds, release_id = cursor.split("-", 1)
    return EPOCH + timedelta(microseconds=int(microseconds)), UUID(release_id)


def referrals_of(subject_id: UUID) -> Sequence[PartnerReferral]:
    """The client's referrals to partners, the newest first, as far as the asker may see them."""
    rows = PartnerReferral.objects.about(subject_id).select_related("organization", "program", "referred_by")
    return list(rows.newest_first())


def referrals_in_sight(limit: int = 100) -> Sequence[PartnerReferral]:
    """The referrals that the asker may see, the newest first."""
    rows = PartnerReferral.objects.select_related("organization", "program", "referred_by", "compartment")
    return list(rows.newest_first()[:limit])


def referral_in_sight(referral_id: UUID) -> PartnerReferral | None:
    """The referral, if the asker may see it."""
    rows = PartnerReferral.objects.select_related(
        "organization", "program", "referred_by", "compartment__scope"
    )
    return rows.filter(pk=referral_id).first()


def answers_to(referral: PartnerReferral) -> Sequence[PartnerAnswer]:
    """What the partner answered, in order."""
    return list(PartnerAnswer.objects.filter(referral=referral).order_by("created_at", "pk"))
