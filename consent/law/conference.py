"""Case conferences and diversion: decided once for each member and segment; local policy beside the law."""

from consent.engine.matter import Matter
from consent.engine.rules import bar, by_form, by_permit
from consent.engine.vocabulary import words

TOGETHER = words("case_conference")


@bar(
    "conf.no-notes",
    cite="42 CFR 2.31(b)(2); 45 CFR 164.508(b)(3)(ii)",
    regime="*",
    of=words("SUDP2N PSYNOTE"),
    to=TOGETHER,
)
def notes_are_not_for_a_conference(_asked: Matter) -> bool:
    """Counselling and psychotherapy notes never come into a conference."""
    return True


@bar("conf.no-vsp", cite="28 CFR 90.4(b), 94.115", regime="*", of=words("VSP PROTADDR"), to=TOGETHER)
def victims_are_not_for_a_conference(_asked: Matter) -> bool:
    """A victim's record needs a release to each agency by itself."""
    return True


@bar(
    "conf.no-proceedings", cite="42 CFR 2.31(d), 2.12(d)(1)", regime="*", of=None, to=TOGETHER,
    lifted_by=[by_form("P2-PROC", "P2-CJ35")],
)  # fmt: skip
def it_would_be_used_against_somebody(asked: Matter) -> bool:
    """Would what is said be used to investigate, charge or revoke?"""
    return asked.is_for(words("X-PROCEEDING X-LE-INVESTIGATE X-LE-PROCESS X-CJ-MONITOR")) or asked.shows(
        "use_against_patient"
    )


@bar(
    "lead.goldenrule", cite="LEAD participation agreement (local policy)", regime="*", of=None,
    to=words("law_enforcement le_co_response_partner prosecutor probation_parole"), is_local_policy=True,
    lifted_by=[
        by_form("P2-PROC", "P2-CJ35"),
        by_permit("p2.order.patient.2.65", "p2.order.program.2.66", "hipaa.512f1.order", "hipaa.512e.order"),
    ],
)  # fmt: skip
def a_participant_would_be_worse_off(asked: Matter) -> bool:
    """Would police or prosecution rest on what taking part in LEAD revealed?"""
    return asked.source.program == "LEAD" and asked.shows("use_against_patient")
