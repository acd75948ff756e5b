"""What is new for a partner, page by page and without totals; and a client's referrals for the care team."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from consent.models import Principal
from consent.paging import Asked, Page, Place, page_of
from referrals.partners.models import PartnerAnswer, PartnerReferral, Release

PAGE = 50
NOT_LISTED = ("content", "notices", "consent_scope", "basis", "obligations")


class BadCursor(ValueError):
    """The cursor isn't one that this API gave."""


def releases_for(principal: Principal, *, since: datetime | None = None, cursor: str = "") -> Page:
    """The releases that ``principal`` may read, by last change, the oldest first.

    The grants say which; a release that may no longer be read isn't there.

    Raises:
        BadCursor: ``cursor`` isn't from here.
    """
    rows = Release.objects.filter(organization=principal.employer).defer(*NOT_LISTED)
    if since is not None:
        rows = rows.filter(changed_at__gte=since)
    place = Place.read(cursor)
    if cursor and place is None:
        raise BadCursor("not a cursor of this API")
    return page_of(rows, Asked(place=place, size=PAGE), by="changed_at", oldest_first=True)


def referrals_of(subject_id: UUID) -> QuerySet[PartnerReferral]:
    """The client's referrals to partners, as far as the asker may see them."""
    return PartnerReferral.objects.about(subject_id).select_related("organization", "program", "referred_by")


def referrals_in_sight(asked: Asked | None = None) -> Page:
    """The referrals that the asker may see, the newest first, a page at a time."""
    rows = PartnerReferral.objects.select_related("organization", "program", "referred_by", "compartment")
    return page_of(rows, asked)


def referral_in_sight(referral_id: UUID) -> PartnerReferral | None:
    """The referral, if the asker may see it."""
    rows = PartnerReferral.objects.select_related(
        "organization", "program", "referred_by", "compartment__scope"
    )
    return rows.filter(pk=referral_id).first()


def answers_to(referral: PartnerReferral) -> Sequence[PartnerAnswer]:
    """What the partner answered, in order."""
    return list(PartnerAnswer.objects.filter(referral=referral).order_by("created_at", "pk"))
