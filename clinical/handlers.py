"""What this side does with an envelope that arrives: it becomes a card, and one word goes back."""

from uuid import UUID

from clinical.intake.models import Card
from clinical.intake.routing import program_for, program_named
from clinical.intake.services import take_in, take_in_counts
from consent.models import Program
from referrals import services as post_box
from referrals.services import CallCounts, IncidentHanded, Received, ReferralMade

AGREED = {"yes": Card.Agreed.YES, "no": Card.Agreed.NO, "not asked": Card.Agreed.NOT_ASKED}


def register() -> None:
    """Name the handler of each kind; called once when the site starts."""
    post_box.register(ReferralMade, referral_made)
    post_box.register(IncidentHanded, incident_handed)
    post_box.register(CallCounts, calls_counted)


def referral_made(value: ReferralMade, envelope_id: UUID) -> None:
    """An officer's referral becomes a card; *Received* goes back, whatever the program, and nothing else."""
    take_in(
        kind=Card.Kind.REFERRAL,
        origin_id=value.referral_id,
        program=_program_of(value),
        call_type=value.call_type,
        location=value.location,
        zone=value.zone,
        occurred_at=value.seen_at,
        reasons=list(value.reasons),
        person=value.person_as_known,
        contact=value.contact,
        agreed=AGREED[value.agreed],
        safety_note=value.safety_note,
    )
    post_box.send(Received(referral_id=value.referral_id), subject_id=value.referral_id)


def incident_handed(value: IncidentHanded, envelope_id: UUID) -> None:
    """A 911 call handed to the co-response unit becomes a card; the same one word goes back."""
    take_in(
        kind=Card.Kind.INCIDENT,
        origin_id=value.incident_id,
        program=program_for(()),
        call_type=value.call_type,
        location=value.location,
        zone=value.zone,
        occurred_at=value.occurred_at,
        description=value.description,
    )
    post_box.send(Received(referral_id=value.incident_id), subject_id=value.incident_id)


def calls_counted(value: CallCounts, envelope_id: UUID) -> None:
    """Numbers of calls are kept beside the referral's card; nothing goes back."""
    take_in_counts(
        referral_id=value.referral_id,
        days=value.days,
        before=value.before,
        after=value.after,
        counted_at=value.counted_at,
    )


def _program_of(value: ReferralMade) -> Program:
    """The program suggested, where the city runs it; otherwise the one that the reasons lead to."""
    return program_named(value.suggested_program) or program_for(value.reasons)
