"""Reading encounters and notes for somebody."""

from uuid import UUID

from django.utils import timezone

from clinical.encounters.models import Encounter, InvoluntaryExamination, Note
from consent import services
from consent.access import NothingToTell
from consent.labels.kinds import Kind
from consent.models import Principal, Program

# What an author may add to the program's own segments, most protective wins; each a kind of `consent.labels`.
MORE_PROTECTIVE = (Kind.RISK, Kind.SUBSTANCE, Kind.MENTAL, Kind.HIV, Kind.STI, Kind.REPRODUCTIVE, Kind.VICTIM)


def encounter_seen_by(asker: Principal, encounter_id: UUID) -> Encounter:
    """The encounter, if ``asker`` may see it; otherwise `NothingToTell`."""
    found = (
        Encounter.objects.filter(pk=encounter_id)
        .select_related("compartment__scope__program__unit", "by", "response_model", "shift__team")
        .first()
    )
    if found is None:
        raise NothingToTell(f"encounter `{encounter_id}` is not there for `{asker.uid}`")
    return found


def open_encounters_of(worker: Principal) -> list[Encounter]:
    """The encounters that ``worker`` opened and has not left, newest first."""
    rows = Encounter.objects.opened_by(worker).still_open().newest_first()
    return list(rows.select_related("compartment__scope__program"))


def notes_of(encounter: Encounter) -> list[Note]:
    """The encounter's notes that the asker may see, newest first."""
    rows = Note.objects.filter(encounter=encounter).newest_first()
    return list(rows.select_related("compartment__scope", "author"))


def examination_of(encounter: Encounter) -> InvoluntaryExamination | None:
    """What came of the encounter's 302, if the asker may see it and somebody wrote it down."""
    return InvoluntaryExamination.objects.filter(encounter=encounter).select_related("by").first()


def note_choices(program: Program) -> dict[str, tuple[str, ...]]:
    """The compartments that a note of ``program`` can go into, by a word for each; ``usual`` and ``risk`` first."""
    own = services.profile(program).note
    segments = services.segments_of_kinds(program, MORE_PROTECTIVE, timezone.now())
    more = {kind.name.lower(): segment for kind, segment in segments.items() if segment not in own}
    return {"usual": own} | {word: tuple(sorted({*own, segment})) for word, segment in more.items()}
