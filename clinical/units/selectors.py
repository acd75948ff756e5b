"""Which programs somebody works for, and the shift they are on."""

from datetime import datetime

from django.utils import timezone

from clinical.roles import CARE_TEAM, SUPERVISORS
from clinical.units.models import Shift, Zone
from consent.models import Membership, Principal, Program
from consent.services import lives


def programs_of(principal: Principal, at: datetime) -> list[Program]:
    """The programs that take somebody new in which ``principal`` is on the care side now."""
    held = Membership.objects.held_by(principal, at).filter(role__name__in=CARE_TEAM)
    programs = list(Program.objects.filter(pk__in=held.values("program")).select_related("unit"))
    return lives.running(programs, timezone.localdate(at))


def shift_of(principal: Principal, at: datetime) -> Shift | None:
    """The shift that ``principal`` is on at ``at``."""
    return Shift.objects.of_worker(principal, at).select_related("team__program").first()


def zone_words(slug: str) -> str:
    """A zone's name as people say it; what the call wrote, where we know no such zone."""
    zone = Zone.objects.filter(slug__iexact=slug.replace(" ", "")).first() if slug else None
    return zone.name if zone else slug


def programs_supervised_by(principal: Principal) -> list[Program]:
    """The programs in which ``principal`` is a clinical supervisor now."""
    held = Membership.objects.held_by(principal, timezone.now()).filter(role__name__in=SUPERVISORS)
    return list(Program.objects.filter(pk__in=held.values("program")).select_related("unit").order_by("slug"))
