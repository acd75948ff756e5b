"""Who stands on the map: the person, the house, those who help, police and courts, and everybody else."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any, Final

from django.db.models import Q

from clinical.bench.words import RECIPIENTS
from consent import roles
from consent.models import Agreement, Consent, Organization, Program
from consent.services.mapping import Candidate

MOST_BY_NAME: Final = 10  # organizations shown though nobody named them and nothing was agreed with them
OFFICE, CARE, JUSTICE, OTHERS = "office", "care", "justice", "others"
GROUPS: Final[Mapping[str, str]] = {
    OFFICE: "The person and this office",
    CARE: "Care and help outside",
    JUSTICE: "Police and courts",
    OTHERS: "Everybody else",
}
# What a recipient of that type asks for in the ordinary course; the first names the question.
PURPOSES_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "individual": ("PATRQT",),
    "own_workforce": ("TREAT", "COC", "HOPERAT", "X-VICTIMSVC", "X-HOUSING"),
    "och_other_program": ("COC", "CAREMGT", "TREAT"),
    "treating_provider_ce": ("TREAT", "COC", "CAREMGT"),
    "treating_provider_nonce": ("TREAT", "COC", "CAREMGT"),
    "part2_program_other": ("TREAT", "COC", "CAREMGT"),
    "social_service_org": ("COC", "CAREMGT", "X-VICTIMSVC"),
    "landlord_housing": ("X-HOUSING", "COC"),
    "victim_service_provider": ("X-VICTIMSVC", "COC"),
    "ems_medical_personnel": ("TREAT", "COC"),
    "health_plan": ("HPAYMT",),
    "benefits_agency": ("ELIGDTRM",),
    "law_enforcement": ("X-LE-SAFETY", "X-LE-INVESTIGATE", "X-DIVERSION", "X-CASECONF"),
    "le_co_response_partner": ("X-LE-SAFETY", "X-LE-INVESTIGATE", "COC"),
    "prosecutor": ("X-CJ-MONITOR", "X-DIVERSION", "X-PROCEEDING", "X-CASECONF"),
    "court": ("X-PROCEEDING",),
    "probation_parole": ("X-CJ-MONITOR", "X-PROCEEDING"),
    "corrections": ("TREAT", "X-LE-CUSTODY"),
    "case_conference": ("X-CASECONF",),
    "family_involved": ("FAMRQT", "SUPNWK"),
    "employer": ("X-EMPLOY",),
    "media_public": ("X-MEDIA",),
}
ORDINARY: Final = ("TREAT", "COC", "CAREMGT")
JUSTICE_TYPES: Final = frozenset(
    {
        "law_enforcement", "le_co_response_partner", "prosecutor", "court", "probation_parole", "corrections",
        "police_app_user",
    }
)  # fmt: skip
# Kinds without a name, by group: what somebody of that kind may be told whom no form names.
KINDS: Final[tuple[tuple[str, str, str], ...]] = (
    (CARE, "treating_provider_ce", "Other clinics and hospitals that treat them"),
    (CARE, "social_service_org", "Other social services"),
    (CARE, "landlord_housing", "Other housing providers"),
    (CARE, "victim_service_provider", "Victim services elsewhere"),
    (CARE, "health_plan", "Their health plan"),
    (CARE, "benefits_agency", "Benefits offices"),
    (JUSTICE, "le_co_response_partner", "The officer who rides along"),
    (JUSTICE, "court", "Courts"),
    (JUSTICE, "probation_parole", "Probation and parole"),
    (OTHERS, "family_involved", "Family and friends who help"),
    (OTHERS, "employer", "Employers"),
    (OTHERS, "media_public", "Press and public"),
)
_ON_THE_TEAM: Final[Mapping[str, Any]] = {
    "same_unit": True, "same_program": True, "assigned_to_subject": True, "need_for_sud_duties": True,
}  # fmt: skip
_SUPERVISES: Final[Mapping[str, Any]] = {
    "same_unit": True, "same_program": True, "supervises_program": True, "need_for_sud_duties": True,
}  # fmt: skip
_BESIDE_THE_TEAM: Final[Mapping[str, Any]] = {"same_unit": True, "same_program": True}
_CARE = (roles.SOCIAL_WORKER, roles.CASE_MANAGER, roles.PEER)


@dataclass(frozen=True, kw_only=True)
class Person:
    """One line of the map, in words.

    Attributes:
        kind: What they are, where the name alone doesn't tell.
        granted: What is taken for granted of them.
    """

    group: str
    label: str
    candidate: Candidate
    kind: str = ""
    granted: str = ""

    @property
    def key(self) -> str:
        """What tells the line from the others."""
        return self.candidate.key

    @property
    def may_be_named(self) -> bool:
        """Can a form name them as who receives?"""
        return not self.candidate.acts_as and self.candidate.type != "individual"


@dataclass(frozen=True, kw_only=True)
class Named:
    """What forms name: types of recipient, and organizations by uid."""

    types: frozenset[str] = frozenset()
    organizations: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def on(cls, forms: Iterable[Consent]) -> "Named":
        """What stands on these forms."""
        lines = [line for form in forms for line in form.recipients]
        return cls(
            types=frozenset(line["type"] for line in lines if not line.get("organization")),
            organizations=frozenset(line["organization"] for line in lines if line.get("organization")),
        )


def organizations_shown(programs: Collection[Program], named: Named, at: datetime) -> list[Organization]:
    """Whom to show by name: who is named on a form or has an agreement, and some more by name."""
    everybody = Organization.objects.exclude(kind=Organization.Kind.CITY).order_by("name")
    ours = {each.organization_id for each in programs}
    agreed = Agreement.objects.filter(
        Q(party_a__in=ours) | Q(party_b__in=ours), Q(ends_at=None) | Q(ends_at__gt=at), begins_at__lte=at
    ).values_list("party_a", "party_b")
    wanted = everybody.filter(Q(uid__in=named.organizations) | Q(pk__in=set(chain.from_iterable(agreed))))
    return sorted({*wanted, *everybody[:MOST_BY_NAME]}, key=lambda each: each.name)


def people(organizations: Sequence[Organization], named: Named) -> list[Person]:
    """Everybody on the map, group by group."""
    shown = [*_of_this_office(), *map(_by_name, organizations), *_by_kind(organizations, named)]
    return [each for group in GROUPS for each in shown if each.group == group]


def _of_this_office() -> Iterator[Person]:
    yield Person(
        group=OFFICE, label="The person", granted="taken for granted: somebody has checked that it is them",
        candidate=_candidate("person", "individual", facts={"verified_identity": True}),
    )  # fmt: skip
    own = (
        ("team", "Their care team", _ON_THE_TEAM, _CARE),
        ("supervisors", "Supervisors of the program", _SUPERVISES, (roles.CLINICAL_SUPERVISOR,)),
        ("colleagues", "Colleagues who are not on the team", _BESIDE_THE_TEAM, _CARE),
    )
    for key, label, facts, acts_as in own:
        candidate = _candidate(key, "own_workforce", facts=facts, acts_as=acts_as)
        yield Person(group=OFFICE, label=label, candidate=candidate)
    other = _candidate("other-programs", "och_other_program")
    yield Person(group=OFFICE, label="Other programs of this office", candidate=other)


def _by_name(organization: Organization) -> Person:
    kind = str(organization.kind)
    is_justice = organization.is_criminal_justice_agency or kind in JUSTICE_TYPES
    return Person(
        group=JUSTICE if is_justice else CARE,
        label=organization.name,
        kind=RECIPIENTS.get(kind, kind),
        candidate=_candidate(str(organization.uid), kind, organization=organization),
    )


def _by_kind(organizations: Iterable[Organization], named: Named) -> Iterator[Person]:
    """The kinds without a name, and those that a form names beside them."""
    for group, kind, label in KINDS:
        yield Person(group=group, label=label, candidate=_candidate(kind, kind))
    known = {kind for _group, kind, _label in KINDS} | {"individual", "own_workforce", "och_other_program"}
    for kind in sorted(named.types - known):
        group = JUSTICE if kind in JUSTICE_TYPES else OTHERS
        yield Person(group=group, label=RECIPIENTS.get(kind, kind), candidate=_candidate(kind, kind))


def _candidate(key: str, kind: str, **more: Any) -> Candidate:
    return Candidate(key=key, type=kind, purposes=PURPOSES_OF.get(kind, ORDINARY), **more)
