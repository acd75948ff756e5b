"""Which partners a client can be referred to, and what would go."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from clinical.clients.models import Client
from clinical.consents.selectors import consents_about, partners, standing
from consent import services
from consent.access import NothingToTell
from consent.models import Organization, Principal
from referrals.partners import selectors as referrals

SHOWN = 50  # referrals on a page
PURPOSE = "COC"  # what a referral to a partner is for; its API serves nothing else


def partners_for(subject_id: UUID, at: datetime) -> tuple[list[Organization], list[Organization]]:
    """The partners that a valid form of this client names, and the others."""
    valid = [each for each in consents_about(subject_id) if standing(each, at).holds]
    recipients = [recipient for each in valid for recipient in each.recipients]
    named = {each["organization"] for each in recipients if each.get("organization")}
    kinds = {each["type"] for each in recipients if not each.get("organization")}
    # whoever answers a crisis stands first: that is what is looked for at night
    every = sorted(partners(), key=lambda each: not each.crisis_service)
    with_form = [each for each in every if str(each.uid) in named or each.kind in kinds]
    return with_form, [each for each in every if each not in with_form]


def partner_named(partner_id: UUID) -> Organization:
    """The partner of that id; otherwise `NothingToTell`."""
    for each in partners():
        if each.uid == partner_id:
            return each
    raise NothingToTell(f"`{partner_id}` is no partner")


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What would go to a partner now, and what would stay."""

    may_go: tuple[str, ...]
    stays: tuple[str, ...]
    permits: bool  # without the program's own segment nothing goes: a referral tells that they are its client


def outlook(*, client: Client, partner: Organization, by: Principal, at: datetime) -> Outlook:
    """Decide what may go to ``partner`` for coordination; the ledger keeps it as a preview, not as a release."""
    program = client.compartment.scope.program
    parent = services.profile(program).parent
    wanted = {"DEM", "CASE", parent}
    _asked, decision = services.decide_release(
        subject_id=client.subject_id, program=program, segments=wanted, recipient=partner,
        purpose=PURPOSE, actor=by, at=at, is_preview=True,
    )  # fmt: skip
    permitted = set(decision.permitted)
    permits = parent in permitted
    may_go = permitted if permits else set()
    return Outlook(may_go=tuple(sorted(may_go)), stays=tuple(sorted(wanted - may_go)), permits=permits)


def referral_seen_by(asker: Principal, referral_id: UUID) -> Any:
    """The referral, if ``asker`` may see it; otherwise `NothingToTell`."""
    found = referrals.referral_in_sight(referral_id)
    if found is None:
        raise NothingToTell(f"referral `{referral_id}` is not there for `{asker.uid}`")
    return found


answers_to = referrals.answers_to
referrals_in_sight = referrals.referrals_in_sight
