"""Do the parts of a file fit together, and fit what is there? Asked before anything is written."""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from typing import Any

from django.conf import settings

from config.founding.living import problems_of_changes
from config.founding.reading import place
from config.founding.tables import Account, Agreed, City, Department, Determined, Office, Program
from consent.models import LegalUnit, Organization, Principal
from consent.models import Program as ProgramRow
from consent.roles import ROLES_OF_SIDE, actor_role


class Known:
    """What a file may name: its own rows and those of the database."""

    def __init__(self, said: City | Department, zones: Iterable[str]) -> None:
        self.organizations = dict(Organization.objects.values_list("name", "is_criminal_justice_agency"))
        self.organizations |= {each.name: each.is_criminal_justice_agency for each in said.organizations}
        self.programs = set(ProgramRow.objects.values_list("slug", flat=True))
        self.known_as = dict(ProgramRow.objects.exclude(kept_like="").values_list("slug", "kept_like"))
        self.units = set(LegalUnit.objects.values_list("slug", flat=True))
        self.zones = {each.slug for each in said.zones} | set(zones)


def problems_of_city(said: City, *, zones: Iterable[str]) -> list[str]:
    """Everything in the clinical side's file that doesn't fit; ``zones`` are those that are there."""
    known = Known(said, zones)
    known.units |= {each.slug for each in said.legal_units}
    known.programs |= {each.slug for each in said.programs}
    known.known_as |= {each.slug: each.kept_like for each in said.programs if each.kept_like}
    return [
        *_twice("organizations", [each.name for each in said.organizations]),
        *_twice("legal_units", [each.slug for each in said.legal_units]),
        *_twice("programs", [each.slug for each in said.programs]),
        *_twice("zones", [each.slug for each in said.zones]),
        *_twice("teams", [(each.program, each.name) for each in said.teams]),
        *_each("programs", said.programs, _program, known),
        *_twice(
            "agreements",
            [(each.kind, each.party_a, each.party_b, each.begins_at) for each in said.agreements],
        ),
        *_each("determinations", said.determinations, _determined, known),
        *_determined_twice(said.determinations),
        *_each("agreements", said.agreements, _agreed, known),
        *problems_of_changes(said, known.programs),
        *_each("teams", said.teams, _team, known),
        *_each("offices", said.offices, _office, known),
        *_accounts(said.accounts, known),
    ]


def problems_of_department(said: Department, *, zones: Iterable[str]) -> list[str]:
    """Everything in the police side's file that doesn't fit; ``zones`` are those that are there."""
    known = Known(said, zones)
    known.programs |= known.zones | {DISPATCH}
    found = [
        *_twice("organizations", [each.name for each in said.organizations]),
        *_twice("zones", [each.slug for each in said.zones]),
        *_twice("teams", [(each.zone, each.name) for each in said.teams]),
        *_each("teams", said.teams, lambda car, known: _unknown("zone", [car.zone], known.zones), known),
        *_accounts(said.accounts, known),
    ]
    if said.bureau.organization not in known.organizations:
        found.append("[bureau]: `organization` names nothing that is known")
    if any(each.slug == DISPATCH for each in said.zones):
        found.append(f"[[zones]]: `{DISPATCH}` is the dispatch feed's unit")
    return found


DISPATCH = "CAD"  # policecore.cad.services has it; this module is read on the clinical side as well


def _each(table: str, rows: Iterable[Any], check: Any, known: Known) -> Iterator[str]:
    for number, row in enumerate(rows):
        for problem in check(row, known):
            yield place(table, number) + problem


def _unknown(key: str, names: Iterable[str], known: Collection[str]) -> Iterator[str]:
    if not set(names) <= set(known):
        yield f"`{key}` names something that is neither in this file nor there already"


def _begins_first(row: Any) -> Iterator[str]:
    if row.begins_at and row.ends_at and row.ends_at <= row.begins_at:
        yield "`ends_on` must be later than `begins_on`"


def _twice(table: str, names: Sequence[Hashable]) -> Iterator[str]:
    counted = Counter(names)
    for number, name in enumerate(names):
        if counted[name] > 1 and names.index(name) < number:
            yield f"{place(table, number)}is the same as number {names.index(name) + 1}"


def _program(row: Program, known: Known) -> Iterator[str]:
    yield from _unknown("legal_unit", [row.unit], known.units)
    yield from _unknown("organization", [row.organization], known.organizations)
    if row.begins_on and row.ends_on and row.ends_on < row.begins_on:
        yield "`ends_on` is earlier than `begins_on`"
    there = ProgramRow.objects.filter(slug=row.slug).select_related("unit", "organization").first()
    if there and (there.unit.slug, there.organization.name) != (row.unit, row.organization):
        yield "`legal_unit` and `organization` of a program that is there don't change: its clients are theirs"


def _determined(row: Determined, known: Known) -> Iterator[str]:
    yield from _unknown("programs", row.programs, known.programs)
    yield from _begins_first(row)


def _determined_twice(rows: Sequence[Determined]) -> Iterator[str]:
    counted = Counter((slug, row.begins_at) for row in rows for slug in row.programs)
    for number, row in enumerate(rows):
        if any(counted[(slug, row.begins_at)] > 1 for slug in row.programs):
            yield f"{place('determinations', number)}another one speaks of one of its programs from the same day"


def _agreed(row: Agreed, known: Known) -> Iterator[str]:
    yield from _unknown("party_a", [row.party_a], known.organizations)
    yield from _unknown("party_b", [row.party_b], known.organizations)
    yield from _begins_first(row)
    if row.party_a == row.party_b:
        yield "`party_a` and `party_b` are the same"


def _team(row: Any, known: Known) -> Iterator[str]:
    yield from _unknown("program", [row.program], known.programs)
    yield from _unknown("zones", row.zones, known.zones)


def _office(row: Office, known: Known) -> Iterator[str]:
    yield from _unknown("programs", row.programs, known.programs)
    if bool(row.opens) == bool(row.segments):
        yield "needs either `opens` or `segments`"


def _accounts(rows: Sequence[Account], known: Known) -> Iterator[str]:
    yield from _twice("accounts", [each.username.casefold() for each in rows])
    there = {each.username.casefold(): each for each in Principal.objects.all()}
    for number, row in enumerate(rows):
        for problem in (
            *_account(row, known),
            *_same_account(row, there.get(row.username.casefold())),
        ):
            yield place("accounts", number) + problem


def _account(row: Account, known: Known) -> Iterator[str]:
    yield from _unknown("employer", [row.employer], known.organizations)
    if settings.SIDE == "clinical" and row.offices and known.organizations.get(row.employer):
        yield "`employer` is a criminal justice agency: its people hold no office on the clinical side"
    for number, held in enumerate(row.offices):
        where = place("accounts.offices", number)
        yield from (where + problem for problem in _unknown("programs", held.programs, known.programs))
        yield from (where + problem for problem in _begins_first(held))
        if held.role not in ROLES_OF_SIDE[settings.SIDE]:
            yield f"{where}`role` is one of the other side"
        elif not all(actor_role([held.role], known.known_as.get(slug, slug)) for slug in held.programs):
            yield f"{where}the law has no word for this `role` in one of these `programs` (consent/roles.py)"
    offices = [(held.role, slug, held.begins_at) for held in row.offices for slug in held.programs]
    if len(set(offices)) != len(offices):
        yield "`offices` names a role in a program twice"


def _same_account(row: Account, there: Principal | None) -> Iterator[str]:
    if there is None:
        return
    if there.username != row.username:
        yield "`username` is there already in other capitals"
    if there.kind != Principal.Kind.PERSON:
        yield "`username` is a machine's"
