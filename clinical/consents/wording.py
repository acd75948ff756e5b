"""What stands on a consent form and what is said when something is missing, in plain words."""

from dataclasses import dataclass

from consent import services
from consent.models import Program

FORM_NAMES = {
    "HIPAA-AUTH": "Permission to share health information (HIPAA authorization)",
    "HIPAA-PSY": "Permission to share psychotherapy notes",
    "P2-SPEC": "Permission to share substance use records (42 CFR Part 2)",
    "P2-TPO": "Permission to share substance use records for care and payment (42 CFR Part 2)",
    "P2-NOTES": "Permission to share counseling notes (42 CFR Part 2)",
    "P2-PROC": "Permission to share substance use records in a proceeding (42 CFR Part 2)",
    "P2-CJ35": "Permission to report to the court or monitor (42 CFR 2.35)",
    "VS-REL": "Permission to share victim services information",
    "PA-MH": "Permission to share mental health facility records (55 Pa. Code 5100.34)",
    "PA-HIV": "Permission to share HIV-related information (Act 148)",
    "MULTI-CONF": "Permission for a case conference",
}


@dataclass(frozen=True, kw_only=True)
class Tier:
    """One plain kind of information that a person can tick."""

    words: str
    detail: str  # what stands on the form: specific and meaningful
    segments: tuple[str, ...]


TELLS = {
    "SUDP2": ", which tells something about substance use",
    "MH": ", which tells something about my mental health",
    "VSP": ", which tells that something happened to me",
    "HMIS": ", which tells something about where I stay",
}


def tiers(program: Program) -> dict[str, Tier]:
    """The three plain kinds, with the segments they mean in ``program``.

    That somebody is a client of the program tells what the program is about, so each
    kind names the parent segment, and says so (42 CFR 2.12(a)(1); `eng.enroll.inherits`).
    """
    parent = services.profile(program).parent
    found = {
        "contact": Tier(
            words="Who I am and how to reach me",
            detail=f"my name, birth date, phone and address, and that I am with {program.name}{TELLS.get(parent, '')}",
            segments=("DEM", "ENROLL"),
        ),
        "needs": Tier(
            words="What I need",
            detail="my needs, goals, appointments, housing and benefits",
            segments=("CASE",),
        ),
        "care": Tier(
            words="My care with this program",
            detail="what we talked about, what was tried and what helps, as my worker wrote it down",
            segments=(parent,),
        ),
    }
    return {
        key: Tier(words=each.words, detail=each.detail, segments=tuple(sorted({*each.segments, parent})))
        for key, each in found.items()
    }


PURPOSES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "care": ("To treat me or help me", "treatment, and coordinating my care", ("TREAT", "COC", "CAREMGT")),
    "housing": ("To find a place to stay", "housing", ("X-HOUSING", "COC")),
    "benefits": ("To get benefits", "finding out whether I can get benefits", ("ELIGDTRM", "COC")),
}
VICTIM_PURPOSES = {
    "care": (
        "To help me after what happened",
        "help after what happened to me",
        ("X-VICTIMSVC", "COC", "CAREMGT", "TREAT"),
    ),
    "housing": ("To find a safe place", "a safe place to stay", ("X-HOUSING", "X-VICTIMSVC", "COC")),
}
DAYS = {"30": "30 days", "90": "90 days", "180": "6 months", "365": "1 year"}
VICTIM_DAYS = {"7": "7 days", "15": "15 days", "30": "30 days"}

TREATING = "treating"  # the choice that names a class instead of one organization
TREATING_WORDS = "My treating providers"
TREATING_DETAIL = "doctors, clinics and hospitals that treat me"

# Statements that stand on every form of their kind. None of them is ticked: what a form says is
# what was printed on it and read to the person.
REVOKE = (
    "I can take this back at any time, in writing, by saying so, or by phone to this program. "
    "What was already shared before then stays shared."
)
CONDITION = "My care with this program does not depend on signing. I can say no."
REDISCLOSE = (
    "Whoever receives this may share it further, and health privacy law may then no longer protect it."
)
COVERED = (
    "A covered entity or business associate that receives these records may share them further as HIPAA "
    "allows, but not in civil, criminal, administrative or legislative proceedings against me."
)
PART2_REDISCLOSE = (
    "Records that are shared further by whoever receives them may no longer be protected by 42 CFR Part 2."
)
NOTHING_AGAINST_ME = "Nothing shared under this form may be used against me in an investigation or a trial."
VICTIM_FREE = "Help does not depend on signing. I can say no, and still get every service."
VICTIM_HOW = "Shared over the partner's secure connection only; nothing by e-mail, text or voice message."

MISSING = {
    "info": "what may be shared",
    "from": "which program shares it",
    "to": "who may receive it",
    "purpose": "what it is for",
    "expiry": "when it ends",
    "sig": "the signature",
    "name": "the person's name (write it on the client's page first)",
    "revoke": "the right to take it back",
    "cond": "that care does not depend on signing",
    "redisc": "that it may be shared further",
    "plain": "that a copy was given or offered",
    "cestmt": "the statement about sharing under HIPAA",
    "refuse": "what happens if they refuse",
    "who": "whose information it is",
    "what": "what may be shared",
    "why": "what it is for, in their words",
    "end": "when it ends",
    "informed": "that you talked about benefits, risks and other ways",
    "how": "how it will be passed on",
    "noncond": "that help does not depend on signing",
}
DEFECTS = {
    "expired": "it has ended",
    "revoked": "it was taken back",
    "too_long": "it runs longer than the law or local policy allows",
}


def missing_words(defect: str) -> str:
    """A defect's key in plain words: ``h.expiry`` is *when it ends*."""
    key = defect.rsplit(":", 1)[-1].rsplit(".", 1)[-1]
    key = {"sigdate": "sig", "date": "sig"}.get(key, key)  # the date comes with the signature
    return MISSING.get(key) or DEFECTS.get(key) or defect.replace("_", " ").replace(".", " ")
