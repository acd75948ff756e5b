"""Reading care teams and hand-overs for somebody."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from clinical.handover.models import HandOver
from consent import services
from consent.models import Assignment, Compartment, Membership, Principal, Program
from consent.roles import CARE_TEAM, CLINICAL_SUPERVISOR


def teams_of(subject_id: UUID) -> list[Assignment]:
    """Who is on the client's care teams now, as far as the asker may know: themselves, or whom they supervise."""
    at = timezone.now()
    rows = Assignment.objects.filter(subject_id=subject_id, begins_at__lte=at)
    still = rows.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))
    return list(
        still.select_related("principal", "program__unit", "by").order_by("program__slug", "begins_at")
    )


def team_of(subject_id: UUID, program: Program) -> list[Assignment]:
    """The same in one program."""
    return [each for each in teams_of(subject_id) if each.program_id == program.pk]


def supervised_by(asker: Principal) -> list[Program]:
    """The programs whose care teams ``asker`` says who is on."""
    held = Membership.objects.held_by(asker, timezone.now()).filter(role__name=CLINICAL_SUPERVISOR)
    return list(Program.objects.filter(pk__in=held.values("program")).select_related("unit"))


def may_be_put_on(program: Program) -> list[Principal]:
    """Who does care in the program now, by name."""
    held = Membership.objects.held_at(timezone.now()).filter(program=program, role__name__in=CARE_TEAM)
    return list(
        Principal.objects.filter(pk__in=held.values("principal"), is_active=True).order_by("full_name")
    )


def hand_overs_about(subject_id: UUID) -> QuerySet[HandOver]:
    """A client's hand-overs that the asker may see."""
    rows = HandOver.objects.about(subject_id)
    return rows.select_related("compartment__scope__program", "giver", "taker", "by")


def note_place(subject_id: UUID, program: Program) -> Compartment:
    """The compartment of what is usually written in the program."""
    return services.open_compartment(subject_id, program, services.profile(program).note)
