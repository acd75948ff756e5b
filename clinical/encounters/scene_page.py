"""What the encounter's page shows of the response, ready for its template."""

from typing import Any

from clinical.encounters import selectors
from clinical.encounters.models import Encounter, InvoluntaryExamination
from clinical.encounters.scene_forms import ExaminationForm, OutcomeForm, ResponseForm
from clinical.responses import words


def _roles(codes: list[str]) -> str:
    return ", ".join(words.Role(code).label for code in codes)


def _supplies(encounter: Encounter) -> str:
    given = encounter.supplies_given.items()
    return ", ".join(f"{words.Supply(word).label}: {number}" for word, number in given)


def facts(encounter: Encounter) -> list[tuple[str, str]]:
    """What is known of the response, in words; what was not recorded is left out."""
    yes_no = {True: "Yes", False: "No", None: ""}
    units = ", ".join(words.Unit(code).label for code in encounter.units_before)
    if encounter.units_before_count is not None:
        units = f"{encounter.units_before_count} ({units})" if units else str(encounter.units_before_count)
    minutes = {
        "On the scene": encounter.on_scene_minutes,
        "Freed of an officer": encounter.officer_minutes_released,
    }
    hurt = encounter.get_responder_injury_display()
    if encounter.responders_injured:
        hurt = f"{hurt}: {_roles(encounter.responders_injured)}"
    force = encounter.get_force_display()
    if encounter.force_by:
        force = f"{force}, by: {encounter.get_force_by_display()}"
    told = [
        ("Response model", encounter.response_model.name if encounter.response_model else ""),
        ("Shift of", encounter.shift.team.name if encounter.shift else ""),
        ("Called by", encounter.get_called_by_display()),
        ("Who went", _roles(encounter.responders)),
        ("When we came", encounter.get_arrival_order_display()),
        ("There before us", units),
        ("Spoke first", encounter.get_spoke_first_display()),
        ("Led", encounter.get_led_display()),
        ("Officer stepped back", yes_no[encounter.officer_stepped_back]),
        ("Told that we must report abuse", yes_no[encounter.reporter_warning_given]),
        ("Back-up called by", encounter.get_backup_called_by_display()),
        ("Clinician and officer disagreed", yes_no[encounter.disagreed]),
        ("Decided by", encounter.get_decided_by_display()),
        ("Force", force),
        ("The person", encounter.get_injury_display()),
        ("Responders", hurt),
        ("Given", _supplies(encounter)),
        *((label, f"{value} min" if value is not None else "") for label, value in minutes.items()),
    ]
    return [(label, value) for label, value in told if value]


def _examination_form(kept: InvoluntaryExamination | None) -> ExaminationForm:
    if kept is None:
        return ExaminationForm()
    return ExaminationForm(initial={name: getattr(kept, name) for name in ExaminationForm.base_fields})


def response_context(encounter: Encounter) -> dict[str, Any]:
    """The response's facts and forms; the 302's only where it came to one."""
    came_to_one = encounter.disposition == Encounter.Disposition.COMMITMENT
    kept = selectors.examination_of(encounter) if came_to_one else None
    return {
        "response_facts": facts(encounter),
        "response_form": ResponseForm.of(encounter),
        "outcome_form": OutcomeForm.of(encounter),
        "came_to_examination": came_to_one,
        "examined": kept,
        "examination_form": _examination_form(kept),
    }
