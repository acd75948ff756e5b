"""Programs as counsel determined them, and the agreements between organizations."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from consent.models import Agreement, Determination, Organization, Program

# Partners keep their own determinations; their programs are no concern of this page.
OURS = (Organization.Kind.CITY, Organization.Kind.EMS)
# What a determination says, in words; the order is the page's.
ASPECTS = (
    ("p2_status", "42 CFR Part 2"),
    ("hipaa_legal", "HIPAA"),
    ("mhpa_facility", "Mental health facility (50 P.S. 7103)"),
    ("vs_regime", "Victim services law"),
)
WORDS = {
    "program": "Part 2 program", "lawful_holder": "Lawful holder", "none": "Does not apply",
    "undetermined": "Undetermined", "covered_component": "Covered component",
    "business_associate": "Business associate", "not_covered": "Not covered", "yes": "Yes", "no": "No",
    "vawa": "VAWA", "voca": "VOCA", "fvpsa": "FVPSA",
}  # fmt: skip


def programs(at: datetime) -> list[dict[str, Any]]:
    """Each program with its determination in force, its earlier and later ones, and what is undetermined."""
    found = []
    ours = Program.objects.filter(organization__kind__in=OURS).select_related("unit", "organization")
    for program in ours:
        every = list(Determination.objects.filter(programs=program).order_by("-begins_at"))
        statuses = Determination.of(program, at)
        aspects = [
            {
                "name": name,
                "word": WORDS.get(statuses[key], statuses[key]),
                "open": statuses[key] == "undetermined",
            }
            for key, name in ASPECTS
        ]
        found.append(
            {
                "program": program,
                "aspects": aspects,
                "undetermined": [each["name"] for each in aspects if each["open"]],
                "in_force": Determination.objects.in_force(program, at).first(),
                "all": every,
            }
        )
    return found


def agreements(at: datetime) -> list[Agreement]:
    """Those in force or to come, by party."""
    rows = Agreement.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))
    return list(rows.select_related("party_a", "party_b").order_by("party_a__name", "party_b__name", "kind"))
