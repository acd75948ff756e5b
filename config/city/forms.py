"""What a signed form of each legal kind says, element by element (`law/rules.md` section 3).

The texts are short and plain on purpose. A form with a defect is the same form with one
element left blank, as it happens on a bad night.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from config.city.people import BUREAU, OFFICE
from config.city.programs import HOUSING, PROSECUTOR, SERVICES, TREATMENT

VALID, EXPIRED, REVOKED, DEFECTIVE = "valid", "expired", "revoked", "with a defect"
STATES = (VALID, EXPIRED, REVOKED, DEFECTIVE)
CARE = ("CAREMGT", "COC", "TREAT")
TPO = ("CAREMGT", "COC", "HOPERAT", "HPAYMT", "TREAT")


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Who may receive: a kind of recipient, an organization by name, a unit of it."""

    type: str
    organization: str = ""
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Form:
    """One kind of form as the city's programs use it."""

    form: str
    programs: tuple[str, ...]
    recipient: Recipient
    segments: tuple[str, ...]
    purposes: tuple[str, ...]
    days: int
    families: tuple[str, ...]  # which families of element keys stand on the sheet
    left_blank: str  # the element that is missing on a form with a defect
    end_event: str = ""
    combined_with: tuple[str, ...] = ()
    revoked_how: str = "written"

    def elements(self, *, name: str, until: datetime, state: str) -> dict[str, Any]:
        """What stands on the sheet that ``name`` signed."""
        said = {
            "name": name,
            "from": OFFICE,
            "to": self.recipient.organization or self.recipient.type.replace("_", " "),
            "info": INFORMATION[self.form],
            "until": f"{until:%Y-%m-%d}",
            "event": self.end_event,
        }
        found: dict[str, Any] = {}
        for family in self.families:
            for key, text in FAMILIES[family].items():
                found[key] = text.format(**said) if isinstance(text, str) else text
        if state == DEFECTIVE:
            found[self.left_blank] = ""
        return found

    def signed_at(self, *, at: datetime, state: str, part: float) -> datetime:
        """When it was signed: ``part`` of its life ago, or so long ago that it has ended."""
        life = timedelta(days=self.days)
        return at - life * (part if state != EXPIRED else 1.1 + part)


INFORMATION: Mapping[str, str] = {
    "HIPAA-AUTH": "Name, contact, that I am in the program, needs, plan and progress",
    "P2-TPO": "My record of the program, without counseling notes",
    "P2-SPEC": "Name, contact, that I am in the program, needs and attendance",
    "P2-NOTES": "Counseling notes of the last six months",
    "P2-PROC": "Attendance and completion, for the docket named below",
    "P2-CJ35": "Attendance, engagement and progress",
    "VS-REL": "That I need housing away from my address, and a telephone number",
    "PA-MH": "Assessment and crisis plan of this month",
    "PA-HIV": "HIV-related information: that I take part in HIV care, and appointments",
    "MULTI-CONF": "Name, that I am in the program, engagement, barriers",
}
FAMILIES: Mapping[str, Mapping[str, str | bool]] = {
    "hipaa": {
        "h.info": "{info}",
        "h.from": "{from}",
        "h.to": "{to}",
        "h.purpose": "So that my care is coordinated",
        "h.expiry": "{until}",
        "h.sig": "signed",
        "h.sigdate": "dated on the day of signing",
        "h.revoke": "I can revoke this in writing at any time; what was told stays told",
        "h.cond": "Services do not depend on this",
        "h.redisc": "Who receives it may pass it on, and it may lose its protection",
        "h.plain": "Plain language; I have a copy",
    },
    "part2": {
        "p.name": "{name}",
        "p.from": "{from}",
        "p.info": "{info}",
        "p.to": "{to}",
        "p.purpose": "So that my care is coordinated",
        "p.revoke": "I can revoke this in writing at any time, but for what was done in reliance on it",
        "p.expiry": "{until}",
        "p.sig": "signed",
        "p.date": "dated on the day of signing",
    },
    "tpo": {
        "p.purpose": "For treatment, payment, and health care operations",
        "p.cestmt": "Covered entities may redisclose under HIPAA, but not in proceedings against me",
        "p.redisc": "It may be redisclosed and is then no longer protected by Part 2",
        "p.refuse": "If I refuse, I still get services",
    },
    "notes": {"p.notes_only": True},
    "proceeding": {
        "p.purpose": "For the proceeding named here",
        "p.proceeding": "Court of Common Pleas, docket CP-00-0000000; I am the defendant; no testimony",
        "p.standalone": True,
    },
    "monitor": {
        "p.purpose": "So that the office can see that I keep the diversion agreement",
        "cj35.condition": "Signed diversion agreement; taking part is its condition",
        "cj35.monitors": "Diversion desk of the prosecutor",
        "cj35.period": "Six months",
        "cj35.revocable_on": "{event}",
        "cj35.use": "Only for this diversion agreement",
    },
    "victims": {
        "v.who": "{name}",
        "v.to": "{to}",
        "v.what": "{info}",
        "v.why": "I want a place he does not know",
        "v.end": "{until}",
        "v.informed": "Benefits, risks, alternatives and not sharing were talked about",
        "v.how": "By telephone, never by post",
        "v.sig": "signed",
        "v.date": "dated on the day of signing",
        "v.noncond": "Services do not depend on this",
    },
    "pa-mh": {
        "m.start": "the day of signing",
        "m.end": "{until}",
        "m.to": "{to}",
        "m.purpose": "So that my care is coordinated",
        "m.info": "{info}",
        "m.sig": "signed, understood",
        "m.staffsig": "signed by the worker",
        "m.verbal": "not needed: signed by hand",
        "m.revoke": "I can revoke this in writing or by saying so",
    },
    "pa-hiv": {
        "v7.from": "{from}",
        "v7.to": "{to}",
        "v7.subject": "{name}",
        "v7.purpose": "So that my care is coordinated",
        "v7.info": "{info}",
        "v7.hivnamed": "HIV-related information",
        "v7.sig": "signed",
        "v7.date": "dated on the day of signing",
        "v7.revoke": "I can revoke this, but for what was done in reliance on it",
        "v7.expiry": "{until}",
    },
    "line": {
        "c.to": "{to}",
        "c.segments": "{info}",
        "c.purpose": "Care coordination",
        "c.expiry": "{until}",
        "c.initials": "initialed",
        "c.2way": "May answer back",
        "c.exclusions": "Nothing about anybody else",
    },
}
_TREATMENT = Recipient(type="treating_provider_ce", organization=TREATMENT)
_SERVICES = Recipient(type="social_service_org", organization=SERVICES)
_HOUSING = Recipient(type="landlord_housing", organization=HOUSING)
FORMS = (
    Form(
        form="HIPAA-AUTH", programs=("CO-RESPONSE", "PINS"), recipient=_TREATMENT, purposes=CARE, days=365,
        segments=("CASE", "DEM", "ENROLL", "MH"), families=("hipaa",), left_blank="h.expiry",
    ),
    Form(
        form="HIPAA-AUTH", programs=("ROOTS",), recipient=_HOUSING, purposes=("CAREMGT", "COC", "X-HOUSING"),
        days=180, segments=("DEM", "ENROLL", "HMIS"), families=("hipaa",), left_blank="h.sig",
    ),
    Form(
        form="P2-TPO", programs=("POST", "LEAD"), recipient=Recipient(type="treating_provider_ce"), purposes=TPO,
        days=365, segments=("DEM", "ENROLL", "SUDP2"), families=("part2", "tpo", "hipaa"), left_blank="p.info",
    ),
    Form(
        form="P2-SPEC", programs=("POST", "LEAD"), recipient=_TREATMENT, purposes=CARE, days=365,
        segments=("DEM", "ENROLL", "SUDP2"), families=("part2", "tpo", "hipaa"), left_blank="p.to",
    ),
    Form(
        form="P2-SPEC", programs=("LEAD",), recipient=_HOUSING, purposes=("COC", "X-HOUSING"), days=180,
        segments=("DEM", "ENROLL", "SUDP2"), families=("part2", "tpo", "hipaa"), left_blank="p.expiry",
    ),
    Form(
        form="P2-NOTES", programs=("POST",), recipient=_TREATMENT, purposes=("TREAT",), days=180,
        segments=("SUDP2N",), families=("part2", "notes", "hipaa"), left_blank="p.notes_only",
    ),
    Form(
        form="P2-PROC", programs=("LEAD",), recipient=Recipient(type="court", unit="Criminal division"),
        purposes=("X-PROCEEDING",), days=120, segments=("ENROLL", "SUDP2"),
        families=("part2", "proceeding", "hipaa"), left_blank="p.proceeding",
    ),
    Form(
        form="P2-CJ35", programs=("LEAD",), purposes=("X-CJ-MONITOR",), days=180,
        recipient=Recipient(type="prosecutor", organization=PROSECUTOR, unit="Diversion desk"),
        segments=("ENROLL", "SUDP2"), families=("part2", "monitor", "hipaa"), left_blank="cj35.revocable_on",
        end_event="final_disposition",
    ),
    Form(
        form="VS-REL", programs=("TSAP",), recipient=_SERVICES, purposes=("X-VICTIMSVC",), days=15,
        segments=("VSP",), families=("victims",), left_blank="v.informed", revoked_how="phone",
    ),
    Form(
        form="PA-MH", programs=("CO-RESPONSE",), recipient=_TREATMENT, purposes=CARE, days=90,
        segments=("DEM", "ENROLL", "MH"), families=("pa-mh", "hipaa"), left_blank="m.staffsig",
        revoked_how="oral",
    ),
    Form(
        form="PA-HIV", programs=("PINS", "POST"), recipient=_TREATMENT, purposes=CARE, days=180,
        segments=("HIV",), families=("pa-hiv", "hipaa"), left_blank="v7.hivnamed",
    ),
    Form(
        form="MULTI-CONF", programs=("LEAD", "PINS"), recipient=_SERVICES, purposes=("COC", "X-CASECONF"),
        days=180, segments=("CASE", "DEM", "ENROLL"), families=("line", "part2", "tpo", "hipaa"),
        left_blank="c.initials", revoked_how="oral",
    ),
    Form(
        form="MULTI-CONF", programs=("LEAD",), purposes=("X-CASECONF", "X-DIVERSION"), days=90,
        recipient=Recipient(type="law_enforcement", organization=BUREAU, unit="Zone 2 diversion officers"),
        segments=("DEM", "ENROLL"), families=("line", "part2", "tpo", "hipaa"), left_blank="c.to",
        revoked_how="oral",
    ),
)  # fmt: skip
