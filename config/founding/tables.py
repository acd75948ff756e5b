"""What a city's file may say: the clinical side's city, and the police side's department."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from config.founding.reading import (
    Table,
    Tables,
    Wrong,
    day,
    key,
    one_of,
    several,
    short_name,
    start_of,
    text,
    truth,
)
from consent.engine.vocabulary import SEGMENTS
from consent.models import Agreement, Determination, ProgramChange
from consent.models import Organization as OrganizationRow
from consent.roles import PARTNER_MACHINE, ROLES_OF_SIDE, SUPERVISES

KINDS_OF_COMPARTMENT = (
    "identity",
    "enrolment",
    "note",
    "matching",
    "duty",
    "complaint",
)  # the fields of `services.Profile` that an office may open
ROLES = tuple(role for roles in ROLES_OF_SIDE.values() for role in roles if role != PARTNER_MACHINE)


def sign_in_name(said: Any) -> str:
    """A check: a name to sign in with."""
    found: str = text(150)(said)
    try:
        UnicodeUsernameValidator()(found)
    except ValidationError:
        raise Wrong("may have letters, digits and @ . + - _ only") from None
    return found


def mail_address(said: Any) -> str:
    """A check: an address, or nothing."""
    found: str = text(254, may_be_empty=True)(said)
    try:
        if found:
            validate_email(found)
    except ValidationError:
        raise Wrong("must be an e-mail address") from None
    return found


@dataclass(frozen=True, kw_only=True)
class Organization:
    """A body that employs people here, or that things are released to."""

    name: str = field(metadata=key(text(200)))
    kind: str = field(metadata=key(one_of(OrganizationRow.Kind.values)))
    is_criminal_justice_agency: bool = field(
        metadata=key(truth, name="criminal_justice_agency"), default=False
    )
    crisis_service: str = field(metadata=key(one_of(["", *OrganizationRow.CrisisService.values])), default="")


@dataclass(frozen=True, kw_only=True)
class LegalUnit:
    """Programs that keep one record of a client."""

    slug: str = field(metadata=key(short_name()))
    name: str = field(metadata=key(text(200)))


@dataclass(frozen=True, kw_only=True)
class Program:
    """A service with staff; one with a duty unit gets cards."""

    slug: str = field(metadata=key(short_name()))
    name: str = field(metadata=key(text(200)))
    unit: str = field(metadata=key(short_name(), name="legal_unit"))
    organization: str = field(metadata=key(text(200)))
    begins_on: date | None = field(metadata=key(day), default=None)
    ends_on: date | None = field(metadata=key(day), default=None)
    kept_like: str = field(metadata=key(short_name(may_be_empty=True)), default="")
    has_duty_unit: bool = field(metadata=key(truth, name="duty_unit"), default=False)


@dataclass(frozen=True, kw_only=True)
class Changed:
    """What became of a program on a day: renamed, ended, split, merged or restarted."""

    program: str = field(metadata=key(short_name()))
    kind: str = field(metadata=key(one_of(ProgramChange.Kind.values)))
    on: date = field(metadata=key(day))
    name_before: str = field(metadata=key(text(200, may_be_empty=True)), default="")
    name_after: str = field(metadata=key(text(200, may_be_empty=True)), default="")
    into: tuple[str, ...] = field(metadata=key(several(short_name(), at_least=0)), default=())
    decided_by: str = field(metadata=key(text(200)))
    reason: str = field(metadata=key(text(500, may_be_empty=True)), default="")
    is_same_program: bool = field(metadata=key(truth, name="same_part2_program"), default=False)
    custodian: str = field(metadata=key(text(200, may_be_empty=True)), default="")
    kept_under: str = field(metadata=key(text(200, may_be_empty=True)), default="")
    kept_until: date | None = field(metadata=key(day), default=None)


@dataclass(frozen=True, kw_only=True)
class Determined:
    """What counsel signed about a set of programs; what isn't said is undetermined."""

    programs: tuple[str, ...] = field(metadata=key(several(short_name())))
    signed_by: str = field(metadata=key(text(200)))
    begins_at: datetime = field(metadata=key(start_of, name="begins_on"))
    ends_at: datetime | None = field(metadata=key(start_of, name="ends_on"), default=None)
    p2_status: str = field(metadata=key(one_of(Determination.Part2.values)), default="undetermined")
    hipaa_legal: str = field(metadata=key(one_of(Determination.Hipaa.values)), default="undetermined")
    mhpa_facility: str = field(metadata=key(one_of(Determination.Facility.values)), default="undetermined")
    vs_regime: str = field(metadata=key(one_of(Determination.Victims.values)), default="undetermined")
    hmis_cho: bool = field(metadata=key(truth), default=False)
    in_privacy_notice: bool = field(metadata=key(truth), default=False)


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """A written agreement between two organizations."""

    kind: str = field(metadata=key(one_of(Agreement.Kind.values)))
    party_a: str = field(metadata=key(text(200)))
    party_b: str = field(metadata=key(text(200)))
    direction: str = field(metadata=key(one_of(Agreement.Direction.values)))
    services: str = field(metadata=key(text(500, may_be_empty=True)), default="")
    begins_at: datetime = field(metadata=key(start_of, name="begins_on"))
    ends_at: datetime | None = field(metadata=key(start_of, name="ends_on"), default=None)


@dataclass(frozen=True, kw_only=True)
class Zone:
    """A part of the city, as the calls name it."""

    slug: str = field(metadata=key(short_name(16)))
    name: str = field(metadata=key(text(60)))


@dataclass(frozen=True, kw_only=True)
class Closed:
    """A day on which the City's offices are closed; no review is due on it."""

    on: date = field(metadata=key(day))
    name: str = field(metadata=key(text(80)))


@dataclass(frozen=True, kw_only=True)
class Team:
    """Who goes out together in a program, and the zones they cover."""

    name: str = field(metadata=key(text(80)))
    program: str = field(metadata=key(short_name()))
    zones: tuple[str, ...] = field(metadata=key(several(short_name(16), at_least=0)), default=())


@dataclass(frozen=True, kw_only=True)
class Car:
    """Officers who ride together, on the police side."""

    name: str = field(metadata=key(text(60)))
    zone: str = field(metadata=key(short_name(16)))
    vehicle: str = field(metadata=key(text(20, may_be_empty=True)), default="")


@dataclass(frozen=True, kw_only=True)
class Held:
    """A role that somebody holds, and where; from the day of the first run unless said otherwise."""

    role: str = field(metadata=key(one_of(ROLES)))
    programs: tuple[str, ...] = field(metadata=key(several(short_name())))
    begins_at: datetime | None = field(metadata=key(start_of, name="begins_on"), default=None)
    ends_at: datetime | None = field(metadata=key(start_of, name="ends_on"), default=None)


@dataclass(frozen=True, kw_only=True)
class Account:
    """Somebody who can sign in, and the offices they hold. A password never stands in the file."""

    username: str = field(metadata=key(sign_in_name))
    full_name: str = field(metadata=key(text(150)))
    email: str = field(metadata=key(mail_address), default="")
    employer: str = field(metadata=key(text(200)))
    is_active: bool = field(metadata=key(truth, name="active"), default=True)
    offices: tuple[Held, ...] = field(metadata=key(Tables(Held, "accounts.offices")), default=())


@dataclass(frozen=True, kw_only=True)
class Office:
    """What holders of a role open by their office in a program, without being assigned to a client."""

    role: str = field(
        metadata=key(one_of(sorted(SUPERVISES)))
    )  # the care team opens what it is assigned to, one by one
    programs: tuple[str, ...] = field(metadata=key(several(short_name())))
    opens: tuple[str, ...] = field(
        metadata=key(several(one_of(KINDS_OF_COMPARTMENT), at_least=0)), default=()
    )
    segments: tuple[str, ...] = field(metadata=key(several(one_of(sorted(SEGMENTS)), at_least=0)), default=())


@dataclass(frozen=True, kw_only=True)
class City:
    """The clinical side's file."""

    organizations: tuple[Organization, ...] = field(
        metadata=key(Tables(Organization, "organizations")), default=()
    )
    legal_units: tuple[LegalUnit, ...] = field(metadata=key(Tables(LegalUnit, "legal_units")), default=())
    programs: tuple[Program, ...] = field(metadata=key(Tables(Program, "programs")), default=())
    program_changes: tuple[Changed, ...] = field(metadata=key(Tables(Changed, "program_changes")), default=())
    determinations: tuple[Determined, ...] = field(
        metadata=key(Tables(Determined, "determinations")), default=()
    )
    agreements: tuple[Agreed, ...] = field(metadata=key(Tables(Agreed, "agreements")), default=())
    zones: tuple[Zone, ...] = field(metadata=key(Tables(Zone, "zones")), default=())
    holidays: tuple[Closed, ...] = field(metadata=key(Tables(Closed, "holidays")), default=())
    teams: tuple[Team, ...] = field(metadata=key(Tables(Team, "teams")), default=())
    offices: tuple[Office, ...] = field(metadata=key(Tables(Office, "offices")), default=())
    accounts: tuple[Account, ...] = field(metadata=key(Tables(Account, "accounts")), default=())


@dataclass(frozen=True, kw_only=True)
class Bureau:
    """The police department itself, and who determined that no health law covers it."""

    organization: str = field(metadata=key(text(200)))
    signed_by: str = field(metadata=key(text(200, may_be_empty=True)), default="")


@dataclass(frozen=True, kw_only=True)
class Department:
    """The police side's file. Each zone has a unit of the same name; units are what accounts call programs."""

    bureau: Bureau = field(metadata=key(Table(Bureau, "bureau")))
    organizations: tuple[Organization, ...] = field(
        metadata=key(Tables(Organization, "organizations")), default=()
    )
    zones: tuple[Zone, ...] = field(metadata=key(Tables(Zone, "zones")), default=())
    teams: tuple[Car, ...] = field(metadata=key(Tables(Car, "teams")), default=())
    accounts: tuple[Account, ...] = field(metadata=key(Tables(Account, "accounts")), default=())
