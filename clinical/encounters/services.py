"""What happens in an encounter: it begins, roles are introduced, notes are written, somebody leaves."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from clinical.clients.models import Client
from clinical.encounters.models import Encounter, Note
from clinical.writing import check_may
from consent import services
from consent.models import Principal, Program


@transaction.atomic
def begin_encounter(
    *, subject_id: UUID, program: Program, by: Principal, at: datetime,
    client: Mapping[str, Any] | None, **filled: Any,
) -> Encounter:  # fmt: skip
    """Open an encounter, with ``by`` on the care team; a new person's client row is made with it.

    Args:
        client: What is known of a new person; ``None`` for somebody already in care.
        filled: The encounter's own fields that are known already.
    """
    profile = services.profile(program)
    identity = services.open_compartment(subject_id, program, profile.identity)
    services.open_compartment(subject_id, program, profile.enrolment)
    written = services.open_compartment(subject_id, program, profile.note)
    services.assign(subject_id=subject_id, program=program, principal=by, by=by)
    if client is not None:
        person = Client(compartment=identity, unit=program.unit, **client)
        person.save(force_insert=True)
    encounter = Encounter(compartment=written, by=by, opened_at=at, **filled)
    encounter.save(force_insert=True)
    return encounter


@transaction.atomic
def arrive(*, encounter: Encounter, by: Principal, at: datetime) -> None:
    """Stamp the arrival; the first stamp counts."""
    check_may(by, "change", encounter)
    if encounter.arrived_at is None:
        encounter.arrived_at = at
        encounter.save(update_fields=["arrived_at"])


@transaction.atomic
def describe_scene(
    *, encounter: Encounter, by: Principal, place: str, present: Sequence[str], police: str
) -> None:
    """Keep what kind of place it is and who was there."""
    check_may(by, "change", encounter)
    encounter.place, encounter.present, encounter.police = place, list(present), police
    encounter.save(update_fields=["place", "present", "police"])


@transaction.atomic
def record_introduction(*, encounter: Encounter, by: Principal, answer: str, at: datetime) -> None:
    """Keep what the person answered when roles were introduced; a later answer replaces it.

    A spoken answer opens nothing: what may leave needs a written form.
    """
    check_may(by, "change", encounter)
    encounter.answer, encounter.introduced_at = answer, at
    encounter.save(update_fields=["answer", "introduced_at"])


@transaction.atomic
def write_note(*, encounter: Encounter, by: Principal, body: str, segments: Sequence[str]) -> Note:
    """Write a note into the compartment of ``segments``; they never fall below the program's own.

    Labels only go up by themselves (`law/rules.md` section 2), so what the author
    adds is added to the profile's and nothing is taken away.
    """
    check_may(by, "change", encounter)
    subject_id = encounter.compartment.subject_id
    program = encounter.compartment.scope.program
    wanted = {*services.profile(program).note, *segments}
    compartment = services.open_compartment(subject_id, program, wanted)
    services.recompute_grants(subject_id)  # the compartment may be new, and its writer needs the grant
    note = Note(compartment=compartment, encounter=encounter, author=by, body=body)
    note.save(force_insert=True)
    return note


@transaction.atomic
def leave(*, encounter: Encounter, by: Principal, disposition: str, at: datetime) -> None:
    """Close the encounter with how it ended; nothing of it goes to the police side."""
    check_may(by, "change", encounter)
    encounter.disposition, encounter.left_at = disposition, max(at, encounter.opened_at)
    encounter.save(update_fields=["disposition", "left_at"])
