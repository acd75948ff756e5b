"""The words of a question and of its answer: frozen values, and nothing that acts.

Whoever asks builds an `Asked`; `consent.engine.decide.decide` gives back a `Decision`.
A fact is a key of `consent.engine.vocabulary`; one that is absent is *not shown*.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

from consent.engine.vocabulary import CIVIL_EMPLOYERS, DOUBTFUL_ROLES, POLICE_EMPLOYERS, POLICE_ROLES

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
BREAK_GLASS_LASTS: Final = timedelta(minutes=60)


class Outcome(StrEnum):
    """Everything asked for goes out, a part of it, or nothing."""

    PERMIT = "permit"
    REDACT = "redact"
    DENY = "deny"


class Route(StrEnum):
    """Who decides where the law is unsettled."""

    NONE = "none"
    PRIVACY_OFFICER = "privacy_officer"
    COUNSEL = "counsel"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts: a role of `law/rules.md` 4.3, a unit, and what kind of employer pays them."""

    id: str
    role: str
    unit: str = ""
    employer_class: str = ""

    @property
    def is_police(self) -> bool:
        """Employed by a criminal justice agency, as far as role and employer show."""
        if self.role in POLICE_ROLES or self.employer_class in POLICE_EMPLOYERS:
            return True
        return self.role in DOUBTFUL_ROLES and self.employer_class not in CIVIL_EMPLOYERS

    @property
    def is_known_civilian(self) -> bool:
        """Known, and not merely unheard of, to be employed by somebody else."""
        return not self.is_police and self.employer_class in CIVIL_EMPLOYERS


@dataclass(frozen=True, kw_only=True)
class Source:
    """Whose record is asked for, with the determinations in force about that unit.

    ``is_police`` marks a unit that keeps its records in the police database;
    ``valid_until`` is when a determination ends, and from then on nothing is known.
    """

    program: str
    p2_status: str = "undetermined"
    hipaa_legal: str = "undetermined"
    mhpa_facility: str = "undetermined"
    vs_regime: str = "undetermined"
    hmis_cho: bool = False
    received_under: str = "own"
    is_police: bool = False
    valid_until: datetime | None = None

    @property
    def may_be_part2(self) -> bool:
        """A Part 2 program, or one nobody has determined: undetermined carries the burdens."""
        return self.p2_status in ("program", "undetermined")

    @property
    def may_be_covered(self) -> bool:
        """A covered component or business associate, or one nobody has determined."""
        return self.hipaa_legal != "not_covered"

    @property
    def is_covered_by_law(self) -> bool:
        """Covered by a signed determination; privileges need no less."""
        return self.hipaa_legal in ("covered_component", "covered", "business_associate")

    @property
    def may_be_facility(self) -> bool:
        """A mental-health facility, or one nobody has determined."""
        return self.mhpa_facility != "no"

    @property
    def serves_victims(self) -> bool:
        """Bound by a victim-service confidentiality condition, or not determined to be free of one."""
        return self.vs_regime != "none"


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """To whom it would go. ``id`` is what a form names them by, an organization's or a person's."""

    type: str
    id: str = ""
    organization: str = ""
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Consent:
    """A signed form as data; whether it is valid is computed, never ticked.

    Attributes:
        ends_at: The instant from which it holds no longer; with neither this nor
            ``end_event`` it names no end, which most forms may not.
        recipients: Types of recipient. ``recipient_ids`` narrows them to those organizations
            or persons; ``lines`` names pairs of both where types and ids don't cross.
        elements: The keys of the form that are there. Where they weren't listed,
            ``elements_missing`` lists those that aren't.
        sources: The programs that may disclose; none means none.
        version: What tells the form as it was signed from any other of that id; the law doesn't ask.
    """

    id: str
    form: str
    signed_at: datetime
    ends_at: datetime | None = None
    end_event: str | None = None
    revoked_at: datetime | None = None
    revoked_how: str | None = None
    recipients: tuple[str, ...] = ()
    recipient_ids: tuple[str, ...] = ()
    lines: tuple[tuple[str, str], ...] = ()
    segments: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    elements: frozenset[str] | None = None
    elements_missing: tuple[str, ...] = ()
    combined_with: tuple[str, ...] = ()
    signer: str = "patient"
    revocable_on: datetime | str | None = None
    conditioned_on_services: bool = False
    sources: tuple[str, ...] = ()
    version: str = ""


@dataclass(frozen=True, kw_only=True)
class BreakGlass:
    """An emergency opening: a fast way to supply facts, and never a legal basis."""

    by: str
    reason: str
    emergency: str
    opened_at: datetime
    subject: str = ""
    closed_at: datetime | None = None
    reviewer: str = ""

    @property
    def ends_at(self) -> datetime:
        """It lasts 60 minutes at most, less if it is closed."""
        latest = self.opened_at + BREAK_GLASS_LASTS
        return latest if self.closed_at is None else min(latest, self.closed_at)

    def is_open(self, asked: "Asked") -> bool:
        """Open at that instant, for this actor and this subject, with its reason written down."""
        complete = bool(self.by and self.reason.strip() and self.emergency.strip())
        own = self.by == asked.actor.id and self.subject == asked.subject and self.reviewer != self.by
        return complete and own and self.opened_at <= asked.at < self.ends_at


@dataclass(frozen=True, kw_only=True)
class Delegation:
    """What somebody may ask on another's behalf, a partner's token for one: never more than its scope."""

    segments: frozenset[str]
    purposes: frozenset[str]
    ends_at: datetime
    owner_is_active: bool = False

    def holds(self, asked: "Asked") -> bool:
        """Is it in force, for that purpose, and is its owner still active?"""
        return self.owner_is_active and asked.purpose in self.purposes and asked.at < self.ends_at


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The whole question. The only clock is ``at``.

    In a closed world, the command line's, an absent fact is false. In the product a
    negative condition counts as met only where a recorded "no" stands for it: the key in
    ``recorded_no``, or the fact with the value ``False``.
    """

    actor: Actor
    source: Source
    recipient: Recipient
    purpose: str
    segments: frozenset[str]
    at: datetime
    process: str = "none"
    facts: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    recorded_no: frozenset[str] = frozenset()
    consents: tuple[Consent, ...] = ()
    elements: frozenset[str] | tuple[str, ...] | None = None
    subject: str = ""
    break_glass: BreakGlass | None = None
    delegations: tuple[Delegation, ...] = ()  # a chain: every link limits what may be asked
    closed_world: bool = False
    unreadable: tuple[str, ...] = ()  # what whoever built the question could make nothing of

    @cached_property
    def actor_is_police(self) -> bool:
        """Derived, and can't be argued down: by role, by employer, or because it is shown."""
        return self.actor.is_police or self.facts.get("actor_le_employed") is True

    @cached_property
    def received_under(self) -> str:
        """How the holder came by the record."""
        return self.facts.get("received_under") or self.source.received_under

    @cached_property
    def elements_asked(self) -> frozenset[str]:
        """The data elements asked for; none means whatever the segments hold."""
        return frozenset(self.elements or ()) | frozenset(self.facts.get("elements") or ())

    @cached_property
    def may_be_minor(self) -> bool:
        """Under 18, or labelled so without an age."""
        age = self.facts.get("minor_age")
        return age < 18 if age is not None else "MINOR" in self.segments

    def value(self, key: str) -> Any:
        """The fact, or ``None``."""
        if key == "actor_le_employed":
            return True if self.actor_is_police else self.facts.get(key)
        return self.facts.get(key)

    def shows(self, *keys: str) -> bool:
        """Is each of these facts shown to be so?"""
        return all(self.value(key) is True for key in keys)

    def denies(self, key: str) -> bool:
        """Does a recorded "no" stand for it? In a closed world, is it not shown?"""
        value = self.value(key)
        if value is True:
            return False
        if self.closed_world or value is False or key in self.recorded_no:
            return True
        return key == "actor_le_employed" and self.actor.is_known_civilian

    @cached_property
    def within_delegations(self) -> frozenset[str]:
        """The segments that every delegation reaches; all of them where nobody delegates."""
        reached = self.segments
        for each in self.delegations:
            reached = reached & each.segments if each.holds(self) else frozenset()
        return reached

    def with_consents(self, consents: tuple[Consent, ...]) -> "Asked":
        """The same question with these forms on the table."""
        return replace(self, consents=consents)


@dataclass(frozen=True, kw_only=True, order=True)
class BasisLine:
    """A permit that supports the answer."""

    rule: str
    cite: str
    regime: str
    segment: str


@dataclass(frozen=True, kw_only=True, order=True)
class Redaction:
    """A segment that stays, the first reason and the regime that gives it."""

    segment: str
    reason: str
    regime: str = ""


@dataclass(frozen=True, kw_only=True)
class Obligation:
    """What whoever lets it out must do; one that can't be done means that nothing goes out."""

    code: str
    parameters: Mapping[str, Any] = field(default_factory=lambda: NOTHING)

    def as_json(self) -> dict[str, Any]:
        """``{"code": …}``, with its parameters if it has any."""
        return {"code": self.code} | ({"with": dict(self.parameters)} if self.parameters else {})


@dataclass(frozen=True, kw_only=True)
class VoidConsent:
    """A form that counts as absent, and why."""

    consent: str
    defects: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ElementLimit:
    """Which of the data elements go out, and which of those asked for stay."""

    allowed: tuple[str, ...]
    withheld: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one regime says of one segment: every rule that applied, and what was found wanting."""

    segment: str
    regime: str
    permits: tuple[str, ...] = ()  # that hold and that no bar stands over
    overruled: tuple[str, ...] = ()  # that hold, under a bar
    standing: tuple[str, ...] = ()
    lifted: tuple[str, ...] = ()
    wanting: tuple[str, ...] = ()  # permits for this recipient and purpose whose facts aren't shown
    routed: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def is_permitted(self) -> bool:
        """Some permit holds and no bar stands over it."""
        return bool(self.permits)


Text = Callable[[], Any]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The answer, with everything it rests on. Explanations are made when they are read."""

    outcome: Outcome
    permitted: tuple[str, ...]
    redacted: tuple[Redaction, ...] = ()
    elements: ElementLimit | None = None
    basis: tuple[BasisLine, ...] = ()
    bars_standing: tuple[str, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    consents_used: tuple[str, ...] = ()
    consents_void: tuple[VoidConsent, ...] = ()
    expires_at: datetime | None = None
    route: Route = Route.NONE
    findings: tuple[Finding, ...] = ()
    reasons: tuple[str, ...] = ()
    failure: str = ""
    law_as_of: str = ""
    ruleset_version: str = ""
    _texts: Mapping[str, Text] = field(default_factory=lambda: NOTHING, repr=False, compare=False)

    def _text(self, name: str) -> Any:
        return self._texts[name]() if name in self._texts else ""

    @property
    def explanation_is_part2(self) -> bool:
        """Is the internal explanation itself a Part 2 record?"""
        return any(each.regime == "P2" for each in self.findings)

    @cached_property
    def explanation_internal(self) -> str:
        """For supervisors, the privacy desk and auditors. Of a Part 2 decision it is itself `SUDP2`."""
        return str(self._text("internal"))

    @cached_property
    def explanation_outward(self) -> str:
        """For the recipient; the same words for no record, withheld and not allowed."""
        return str(self._text("outward"))

    @cached_property
    def explanation_subject(self) -> Mapping[str, str]:
        """For the person whom it is about: ``en``, and ``es`` as a draft for a translator to review."""
        return self._text("subject") or NOTHING

    @cached_property
    def would_change_it(self) -> tuple[Mapping[str, Any], ...]:
        """The smallest additions that would release what was withheld, each tried by deciding again."""
        return self._text("changes") or ()

    @cached_property
    def request_hash(self) -> str:
        """SHA-256 of the question's canonical JSON."""
        return str(self._text("hash"))
