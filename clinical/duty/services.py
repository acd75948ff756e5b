"""The compartments of a duty team: one for the program itself, and one for each person who comes to it."""

from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings

from consent import services
from consent.models import Compartment, Program


def nobody_in(program: Program) -> UUID:
    """The id under which ``program`` keeps what is about no one person; no client ever has it."""
    return uuid5(NAMESPACE_URL, f"bulkhead:{settings.SIDE}:duty:{program.uid}")


def compartment_of_duty(program: Program, subject_id: UUID | None = None) -> Compartment:
    """The duty team's compartment about one person, or about nobody.

    It opens to whoever is on the program's care team by office (`clinical.intake.services.open_duty_unit`),
    and to nobody of another program, on whatever zone team they go out together.
    """
    return services.open_compartment(
        subject_id or nobody_in(program), program, services.profile(program).duty
    )
