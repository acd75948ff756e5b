"""Making a release, and deciding about it again whenever its recipient reads it."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from consent import access, services
from consent.engine.facts import Asked, Decision
from consent.models import Organization, Principal, Program
from consent.services import ledger
from referrals.partners import obligations
from referrals.partners.models import PartnerReferral, Release, TaskStatus

SYSTEM = "system:partners"
COORDINATION = "COC"  # what the partner API serves: its views declare it, and releases are decided for it
Content = Mapping[str, Mapping[str, Any]]


class ReferralRefused(Exception):
    """The referral can't be made: ``reason`` in words for the page, ``decision`` with what would change it.

    Its receipt is in the ledger all the same, if the request ends without a server error.
    """

    def __init__(self, reason: str, decision: Decision) -> None:
        super().__init__(reason)
        self.reason = reason
        self.decision = decision


def refer(
    *,
    subject_id: UUID,
    program: Program,
    organization: Organization,
    segments: Iterable[str],
    content: Content,
    by: Principal,
    purpose: str = COORDINATION,
    at: datetime | None = None,
) -> PartnerReferral:
    """Refer a client to ``organization``: decide, build the release from what is permitted, keep both.

    A referral tells that the client is one of the program's, so the program's own segment
    is always asked for, and without it nothing goes. Runs inside the context of ``by``, who
    must have the client's own compartment open for writing.

    Args:
        content: ``{segment: {field: value}}``; what belongs to a segment that isn't
            permitted stays out.
        purpose: Coordination of care, the only purpose of the partner API.

    Raises:
        ReferralRefused: not permitted, or an obligation can't be fulfilled.
    """
    if purpose != COORDINATION:
        raise ValueError("the partner API serves coordination of care only")
    profile, at = services.profile(program), at or timezone.now()
    wanted = {*segments, profile.parent}
    if not set(content) <= wanted:
        raise ValueError("content of a segment that is not asked for")
    asked, decision = services.decide_release(
        subject_id=subject_id, program=program, segments=wanted, recipient=organization,
        purpose=purpose, actor=by, at=at,
    )  # fmt: skip
    carried = _carried(asked, decision, profile.parent)
    permitted = sorted(decision.permitted)
    both: dict[str, Any] = {
        "id": uuid.uuid4(), "organization": organization, "program": program, "purpose": purpose,
        "segments": permitted, "created_at": at,
    }  # fmt: skip
    release = Release(
        compartment=services.open_compartment(subject_id, program, permitted, recipient=organization),
        content={segment: dict(content[segment]) for segment in permitted if segment in content},
        basis=_basis(decision), changed_at=at, **asdict(carried), **both,
    )  # fmt: skip
    referral = PartnerReferral(
        compartment=services.open_compartment(subject_id, program, profile.note),
        segments_withheld=sorted(wanted - set(permitted)), referred_by=by, status_at=at, **both,
    )  # fmt: skip
    _keep(release, referral, decision)
    return referral


def _carried(asked: Asked, decision: Decision, parent: str) -> obligations.Carried:
    """What the release has to carry; a refusal where it may not or can't go."""
    if parent not in decision.permitted or decision.elements is not None:
        raise ReferralRefused("no rule permits to tell this partner", decision)
    try:
        return obligations.fulfil(decision.obligations, asked.consents, decision.consents_used)
    except obligations.CannotFulfil as error:
        raise ReferralRefused(str(error), decision) from error


def _keep(release: Release, referral: PartnerReferral, decision: Decision) -> None:
    """Write both rows, each as who may write it, and open them to those who may see them."""
    subject_id = referral.compartment.subject_id
    services.recompute_grants(subject_id)
    referral.save(force_insert=True)
    with access.acting_as(SYSTEM):
        release.save(force_insert=True)
    ledger.note_disclosure(
        "refer",
        decision,
        subject_id=subject_id,
        recipient=str(release.organization.uid),
        purpose=release.purpose,
        segments=release.segments,
        resources={Release._meta.label_lower: [str(release.pk)]},
    )


def _basis(decision: Decision) -> list[dict[str, str]]:
    named = {(part.rule, part.cite) for part in decision.basis}
    return [{"rule": rule, "cite": cite} for rule, cite in sorted(named)]


def read(release_id: UUID, *, by: Principal, at: datetime | None = None) -> Release:
    """The release, if it may still be told to ``by``'s organization; decided anew, with what stands now.

    Whether a grant has ended, the decision has changed or there never was such a
    release: the answer is one and the same, and so are the questions to the database
    up to the grant.

    Raises:
        NothingToTell: there is nothing that may be told.
    """
    at = at or timezone.now()
    rows = Release.objects.select_related("compartment", "program", "organization")
    release = rows.filter(pk=release_id, organization=by.employer).first()
    if release is None:
        _note_refusal(release_id, by)
        raise access.NothingToTell("no release that may be told")
    _asked, decision = services.decide_release(
        subject_id=release.compartment.subject_id,
        program=release.program,
        segments=release.segments,
        recipient=release.organization,
        purpose=release.purpose,
        at=at,
    )
    if set(decision.permitted) != set(release.segments):
        _note_refusal(release_id, by)
        raise access.NothingToTell("no longer permitted")
    if release.first_read_at is None:
        _mark_received(release, at)
    return release


def _note_refusal(release_id: UUID, by: Principal) -> None:
    """The request's one refusal: which id was asked for, be there such a release or not, and no client.

    That there was one, the entry of its making tells, which names the same id.
    """
    access.current().note(
        action="refuse",
        outcome="deny",
        recipient=str(by.employer.uid),
        resources={Release._meta.label_lower: [str(release_id)]},
        reason="http 404",
    )


def _mark_received(release: Release, at: datetime) -> None:
    """The partner has read it for the first time: *received*, which needs no answer of theirs."""
    with access.acting_as(SYSTEM):
        release.first_read_at = at
        if release.status == TaskStatus.REQUESTED:
            release.status = TaskStatus.RECEIVED
            PartnerReferral.objects.filter(pk=release.pk, status=TaskStatus.REQUESTED).update(
                status=TaskStatus.RECEIVED, status_at=at
            )
        Release.objects.filter(pk=release.pk, first_read_at=None).update(
            first_read_at=at, status=release.status
        )
