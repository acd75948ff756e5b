"""Which program a referral goes to. Decided on this side; whoever referred can't tell afterwards."""

from collections.abc import Iterable

from consent.models import Program

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

    A program that this city doesn't run leaves the referral with the co-response unit.
    """
    said = " ".join(reasons).lower()
    wanted = [slug for word, slug in ROUTES if word in said]
    running = {program.slug: program for program in Program.objects.filter(slug__in=[*wanted, FIRST_PROGRAM])}
    for slug in wanted:
        if slug in running:
            return running[slug]
    return running[FIRST_PROGRAM]


def program_named(slug: str) -> Program | None:
    """The care program of that name, if the city runs one."""
    known = {FIRST_PROGRAM, *(program for _word, program in ROUTES)}
    wanted = slug.strip().upper()
    return Program.objects.filter(slug=wanted).first() if wanted in known else None
