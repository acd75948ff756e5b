"""What happens in an encounter: it begins, roles are introduced, notes are written, somebody leaves."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clinical.clients.models import Client
from clinical.encounters.models import Encounter, InvoluntaryExamination, Note
from clinical.field import watch, windows
from clinical.responses.selectors import model_in_use
from clinical.units.selectors import shift_of
from clinical.writing import check_may, written_into
from consent import services
from consent.models import Principal, Program
from consent.services import lives


class ProgramClosed(Exception):
    """The program takes nobody new any more."""


TAKEN_BACK_WITHIN = timedelta(hours=12)


@transaction.atomic
def begin_encounter(
    *, subject_id: UUID, program: Program, by: Principal, at: datetime,
    client: Mapping[str, Any] | None, **filled: Any,
) -> Encounter:  # fmt: skip
    """Open an encounter, with ``by`` on the care team; a new person's client row is made with it.

    Args:
        client: What is known of a new person; ``None`` for somebody already in care.
        filled: The encounter's own fields that are known already. The shift, and the response model where the
            hours covered leave no doubt, are filled in by themselves.

    Raises:
        ProgramClosed: it has ended, or was split or merged into others.
    """
    if not lives.is_running(program, timezone.localdate(at)):
        raise ProgramClosed(f"program `{program.pk}` takes nobody new")
    profile = services.profile(program)
    identity = services.open_compartment(subject_id, program, profile.identity)
    services.open_compartment(subject_id, program, profile.enrolment)
    written = services.open_compartment(subject_id, program, profile.note)
    services.assign(subject_id=subject_id, program=program, principal=by, by=by)
    if client is not None:
        person = Client(compartment=identity, unit=program.unit, **client)
        person.save(force_insert=True)
    known = {
        "shift": shift_of(by, at),
        "response_model": model_in_use(program, at, zone=filled.get("zone", "")),
    }
    encounter = Encounter(compartment=written, by=by, opened_at=at, **(known | filled))
    encounter.save(force_insert=True)
    return encounter


@transaction.atomic
def arrive(*, encounter: Encounter, by: Principal, at: datetime) -> None:
    """Stamp the arrival, and watch over who arrived; the first stamp counts."""
    check_may(by, "change", encounter)
    if encounter.arrived_at is None:
        encounter.arrived_at = at
        encounter.save(update_fields=["arrived_at"])
        watch.begin(worker=by, program=encounter.compartment.scope.program, encounter_id=encounter.pk, at=at)


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

    A spoken answer opens nothing: what may leave needs a written form. *Cannot decide now* is asked
    again in 24 hours.
    """
    check_may(by, "change", encounter)
    encounter.answer, encounter.introduced_at = answer, at
    encounter.save(update_fields=["answer", "introduced_at"])
    windows.ask_again_unless(encounter=encounter, by=by, answer=answer, at=at)


@transaction.atomic
def write_note(*, encounter: Encounter, by: Principal, body: str, segments: Sequence[str]) -> Note:
    """Write a note into the compartment of ``segments``; they never fall below the program's own.

    Labels only go up by themselves (`law/rules.md` section 2), so what the author
    adds is added to the profile's and nothing is taken away.
    """
    check_may(by, "change", encounter)
    program = encounter.compartment.scope.program
    wanted = {*services.profile(program).note, *segments}
    compartment = services.compartment_for(encounter.compartment.subject_id, program, wanted)
    note = Note(compartment=compartment, encounter=encounter, author=by, body=body)
    with written_into(compartment, by):  # a label may be more than its author can open
        note.save(force_insert=True)
    return note


@transaction.atomic
def leave(*, encounter: Encounter, by: Principal, disposition: str, at: datetime) -> None:
    """Close the encounter with how it ended; nothing of it goes to the police side.

    The clocks that follow from how it ended begin, and nobody watches over the worker any longer. A later
    correction changes how it ended, and not when.
    """
    check_may(by, "change", encounter)
    encounter.disposition = disposition
    encounter.left_at = encounter.left_at or max(at, encounter.opened_at)
    encounter.save(update_fields=["disposition", "left_at"])
    windows.start_those_of_leaving(encounter=encounter, by=by, at=encounter.left_at)
    watch.sign_off(worker=by, at=at, encounter_id=encounter.pk)


@transaction.atomic
def take_back_leaving(*, encounter: Encounter, by: Principal, at: datetime) -> bool:
    """Open an encounter that its own worker closed by mistake, within twelve hours; was it still time?"""
    check_may(by, "change", encounter)
    if encounter.by != by or not may_be_taken_back(encounter, at):
        return False
    encounter.disposition, encounter.left_at = "", None
    encounter.save(update_fields=["disposition", "left_at"])
    windows.end_those_of_leaving(encounter=encounter, at=at)
    return True


def may_be_taken_back(encounter: Encounter, at: datetime) -> bool:
    """Was the encounter closed so lately that it can be opened again?"""
    return encounter.left_at is not None and at - encounter.left_at <= TAKEN_BACK_WITHIN


# What the two forms about the response may set; everything else of an encounter has a service of its own.
RESPONSE = frozenset(
    {
        "response_model", "called_by", "arrival_order", "units_before", "units_before_count", "responders",
        "spoke_first", "led", "officer_stepped_back", "reporter_warning_given", "disagreed", "decided_by",
        "backup_called_by",
    }
)  # fmt: skip
OUTCOME = frozenset(
    {
        "force",
        "force_by",
        "injury",
        "responder_injury",
        "responders_injured",
        "supplies",
        "officer_released_at",
    }
)


@transaction.atomic
def describe_response(*, encounter: Encounter, by: Principal, **facts: Any) -> None:
    """Keep how the response went (`RESPONSE`); also after the encounter, for what was forgotten at night."""
    _keep(encounter, by, facts, RESPONSE)


@transaction.atomic
def describe_outcome(*, encounter: Encounter, by: Principal, **facts: Any) -> None:
    """Keep force, injury, supplies and the officer's release (`OUTCOME`); also after the encounter."""
    _keep(encounter, by, facts, OUTCOME)


@transaction.atomic
def release_officer(*, encounter: Encounter, by: Principal, at: datetime) -> None:
    """Stamp that the officer could go; the first stamp counts."""
    check_may(by, "change", encounter)
    if encounter.officer_released_at is None:
        encounter.officer_released_at = at
        encounter.save(update_fields=["officer_released_at"])


@transaction.atomic
def keep_examination(
    *, encounter: Encounter, by: Principal, at: datetime, petitioned_by: str, facility: str, outcome: str,
    outcome_on: date | None,
) -> InvoluntaryExamination:  # fmt: skip
    """Keep what came of a 302, in the encounter's own compartment; what was known before is replaced."""
    check_may(by, "change", encounter)
    found = InvoluntaryExamination.objects.filter(encounter=encounter).first()
    kept = found or InvoluntaryExamination(compartment=encounter.compartment, encounter=encounter)
    kept.petitioned_by, kept.facility = petitioned_by, facility
    kept.outcome, kept.outcome_on = outcome, outcome_on
    kept.by, kept.changed_at = by, at
    kept.save(force_insert=found is None)
    return kept


def _keep(encounter: Encounter, by: Principal, facts: dict[str, Any], allowed: frozenset[str]) -> None:
    """Set the encounter's fields that were given."""
    if unknown := facts.keys() - allowed:
        raise TypeError(f"not to be set here: {', '.join(sorted(unknown))}")
    check_may(by, "change", encounter)
    for name, value in facts.items():
        setattr(encounter, name, value)
    encounter.save(update_fields=list(facts))
