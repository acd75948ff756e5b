"""Which page a screen is built on: the dark one of the field while its worker is with the client, else the desk's."""

from uuid import UUID

from clinical.encounters.models import Encounter
from consent.models import Principal

FIELD, DESK = "clinical/field/page.html", "clinical/page.html"


def page_for(worker: Principal, subject_id: UUID) -> str:
    """The dark page while ``worker`` has an encounter with the client that was not left."""
    with_them = Encounter.objects.about(subject_id).opened_by(worker).still_open().exists()
    return FIELD if with_them else DESK


def open_encounter_with(worker: Principal, subject_id: UUID) -> UUID | None:
    """The encounter to go back to: the newest with the client that ``worker`` has not left."""
    rows = Encounter.objects.about(subject_id).opened_by(worker).still_open().newest_first()
    return rows.values_list("pk", flat=True).first()
