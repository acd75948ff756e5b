"""Own staff with the offices they hold, as the law sees them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consent.engine.facts import Actor
from consent.models import Membership, Principal, Program
from consent.roles import actor_role


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """A principal with the offices they hold at the instant of asking, read once.

    ``in_hiv_care``: of the client in question, as a supervisor said; nobody's who is not assigned.
    """

    principal: Principal
    offices: tuple[Membership, ...]
    in_hiv_care: bool = False

    @classmethod
    def of(cls, principal: Principal, at: datetime) -> "Colleague":
        """``principal`` with their offices at ``at``."""
        held = Membership.objects.held_by(principal, at).select_related("program", "role")
        return cls(principal=principal, offices=tuple(held))

    def holds_an_office_in(self, program: Program) -> bool:
        """Is there one?"""
        return any(office.program_id == program.pk for office in self.offices)

    def office_ends_at(self, program: Program) -> datetime | None:
        """When the last office in the program ends; ``None`` while one is open."""
        ends = [office.ends_at for office in self.offices if office.program_id == program.pk]
        return None if None in ends or not ends else max(end for end in ends if end)

    def actor(self, program: Program) -> Actor:
        """What the law calls them in ``program``; a role it has no word for is refused by the engine."""
        here = [office.role.name for office in self.offices if office.program_id == program.pk]
        everywhere = [office.role.name for office in self.offices]
        role = actor_role(here, program.known_as) or actor_role(everywhere, program.known_as)
        employer, kind = self.principal.employer, ""
        if employer:
            kind = "criminal_justice_agency" if employer.is_criminal_justice_agency else "civil"
        return Actor(id=str(self.principal.uid), role=role, unit=program.unit.slug, employer_class=kind)

    def facts(self, program: Program, *, assigned: bool, supervises: bool) -> dict[str, Any]:
        """What stands in rows about own staff, as facts shown (`law/rules.md` 4.4)."""
        facts = {
            "same_unit": any(office.program.unit_id == program.unit_id for office in self.offices),
            "same_program": self.holds_an_office_in(program),
            "assigned_to_subject": assigned,
            "supervises_program": supervises,
            "need_for_sud_duties": assigned or supervises,
            "involved_in_hiv_care": assigned and self.in_hiv_care,
        }
        return {name: value for name, value in facts.items() if value}


def actor_of(principal: Principal, program: Program, at: datetime) -> Actor:
    """What the law calls ``principal`` in ``program`` at ``at``."""
    return Colleague.of(principal, at).actor(program)
