"""Keeping what was answered, or why nothing was; taking back what was a mistake."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from clinical.encounters.models import Encounter
from clinical.instruments.definitions import Instrument
from clinical.instruments.models import Screening
from clinical.instruments.running import Run
from clinical.writing import check_may, place_for
from consent.access import NothingToTell
from consent.models import Principal, Program


@transaction.atomic
def keep_screening(
    *,
    subject_id: UUID,
    program: Program,
    by: Principal,
    instrument: Instrument,
    answers: Mapping[str, str],
    skipped: str = "",
    language: str = Screening.Language.ENGLISH,
    remark: str = "",
    encounter: Encounter | None = None,
    screening_id: UUID | None = None,
) -> Screening:
    """Keep a run of ``instrument``, in the compartment of the program's segments and the instrument's own.

    Args:
        answers: Question id -> key of the answer, as far as it came.
        skipped: Why it was not run, or not to its end.
        screening_id: The id that its sender chose, for one that may be sent twice: the first counts.

    Raises:
        NothingToTell: ``by`` writes nothing about the client in the program.
        NoSuchAnswer: an answer is none of the question's.
    """
    if encounter is not None and encounter.compartment.subject_id != subject_id:
        raise NothingToTell(f"encounter `{encounter.pk}` is not about `{subject_id}`")
    run = Run.of(instrument, answers)
    compartment = place_for(subject_id, program, by, instrument.kinds)
    kept = (
        Screening.objects.filter(pk=screening_id, compartment=compartment).first() if screening_id else None
    )
    if kept is not None:
        return kept
    screening = Screening(
        compartment=compartment,
        encounter=encounter,
        by=by,
        instrument=instrument.slug,
        version=instrument.version,
        language=language,
        answers=dict(run.given),
        outcome=outcome_of(run) if run.given else {},
        remark=remark,
        level=run.outcome().level if run.given else "",
        skipped=skipped,
    )
    if screening_id is not None:
        screening.pk = screening_id
    check_may(by, "add", screening)
    screening.save(force_insert=True)
    return screening


def outcome_of(run: Run) -> dict[str, Any]:
    """What the answers mean, as it is kept and shown (`Screening`)."""
    outcome = run.outcome()
    return {
        "words": outcome.words,
        "say": outcome.say,
        "actions": list(outcome.actions),
        "next": list(outcome.next),
        "score": run.score,
        "most": run.instrument.most_points if run.instrument.is_scored else None,
        "alerts": [{"say": each.say, "run": each.run} for each in run.alerts()],
        "provisional": run.is_provisional,
    }


@transaction.atomic
def strike(*, screening: Screening, by: Principal, because: str, at: datetime) -> None:
    """Take back one that was kept by mistake; it stays in the record, struck through, and counts for nothing."""
    check_may(by, "change", screening)
    if screening.struck_at is None:
        screening.struck_at, screening.struck_by, screening.struck_because = at, by, because
        screening.save(update_fields=["struck_at", "struck_by", "struck_because"])
