"""In which programs somebody may do the work of a duty team."""

from collections.abc import Iterable

from django.utils import timezone

from clinical.roles import CARE_TEAM, IN_CARE
from consent.access import NothingToTell
from consent.models import Membership, OfficeGrant, Principal, Program
from consent.services import profile


def programs_with(
    principal: Principal, slugs: Iterable[str], *, roles: Iterable[str] = IN_CARE
) -> list[Program]:
    """Those of the programs ``slugs`` whose duty team's records open to ``principal`` in one of ``roles`` now.

    A desk belongs to its program. What counsel has not determined opens to nobody, and has no desk either.
    """
    now = timezone.now()
    held = set(
        Membership.objects.held_by(principal, now)
        .filter(role__name__in=list(roles))
        .values_list("program_id", "role_id")
    )
    wanted = [name for slug in slugs for name in (slug, f"{slug}-DROPIN")]
    found = Program.objects.filter(pk__in={program for program, _role in held}, slug__in=wanted)
    open_now = OfficeGrant.objects.filter(
        content_object__program__in=found, valid_from__lte=now, valid_until__gt=now
    ).select_related("content_object")
    opened = {
        (each.content_object.program_id, each.group_id, tuple(each.content_object.segments))
        for each in open_now
    }
    return [
        program
        for program in found.select_related("unit").order_by("slug")
        if any(
            (program.pk, role, profile(program).duty) in opened for where, role in held if where == program.pk
        )
    ]


def program_of(principal: Principal, slug: str, among: Iterable[str], *, writes: bool) -> Program:
    """The program ``slug``, where ``principal`` works in it; otherwise `NothingToTell`.

    Args:
        among: The programs that do this kind of work.
        writes: Only for who is on its care team.
    """
    roles = CARE_TEAM if writes else IN_CARE
    for program in programs_with(principal, among, roles=roles):
        if program.slug == slug:
            return program
    raise NothingToTell("no such desk for this principal")
