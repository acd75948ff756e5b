"""Which program a referral goes to. Decided on this side; whoever referred can't tell afterwards."""

from collections.abc import Iterable

from django.utils import timezone

from consent.models import Program
from consent.services import lives

FIRST_PROGRAM = "CO-RESPONSE"
MEDICS_REASONS = [
    ("basic_needs", "Basic needs"),
    ("frequent_calls", "Calls 911 often"),
    ("fall_risk", "Falls, lift assists"),
    ("distress", "Distress"),
    ("overdose", "Overdose"),
    ("victim", "Hurt by somebody"),
    ("housing", "No place to stay"),
]
# The first reason that matches decides; the more protective program stands first.
ROUTES = (
    ("victim", "TSAP"),
    ("overdose", "POST"),
    ("diversion", "LEAD"),
    ("frequent", "PINS"),
    ("fall", "PINS"),
    ("housing", "ROOTS"),
    ("homeless", "ROOTS"),
)


def program_for(reasons: Iterable[str]) -> Program:
    """The program that takes somebody referred for ``reasons``.

    A program that this city doesn't run leaves the referral with the co-response unit; one that
    went into another leaves it with that one.
    """
    said = " ".join(reasons).lower()
    wanted = [slug for word, slug in ROUTES if word in said]
    found = {program.slug: program for program in Program.objects.filter(slug__in=[*wanted, FIRST_PROGRAM])}
    today = timezone.localdate()
    for slug in (*wanted, FIRST_PROGRAM):
        if slug in found and (going_on := lives.goes_on_as(found[slug], today)):
            return going_on[0]
    # nobody goes on with it: the card waits where it would have, in its supervisor's sight, and is not lost
    return found[FIRST_PROGRAM]


def program_named(slug: str) -> Program | None:
    """The care program of that name, if the city runs one."""
    known = {FIRST_PROGRAM, *(program for _word, program in ROUTES)}
    wanted = slug.strip().upper()
    program = Program.objects.filter(slug=wanted).first() if wanted in known else None
    return next(iter(lives.goes_on_as(program, timezone.localdate())), None) if program else None
