"""Asking before anything leaves: each part of what crosses is decided under its own segment.

What crosses is built up from what was permitted: OBL-SCRUB-CJ is fulfilled by naming the
parts that go (18 Pa.C.S. 9102, 9106; `cj.referral.in`, `cj.cad`), never by trimming a row.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from consent import services
from consent.engine.facts import Outcome, Recipient
from consent.models import Principal, Program
from consent.services import decisions

PURPOSE = "X-REFERRAL-IN"
# What this side fulfils by building up; an answer that asks for anything else is refused.
FULFILLED = frozenset({"OBL-SCRUB-CJ"})


class NotPermitted(PermissionError):
    """The engine does not let this part go, or asks for something that this side can't do."""


class StaysWithThePolice(NotPermitted):
    """The call is one for the police alone: nothing of it crosses."""


def require_permit(
    segment: str, parts: Iterable[str], *, subject_id: UUID, unit: Program, by: Principal | None, at: datetime
) -> None:
    """Ask whether ``parts`` of ``segment`` may go to the clinical side; the ledger keeps the answer.

    Args:
        parts: What kinds of information: ``observed_need contact safety_observed cad``.
        by: Who sends it; nobody where a task of this side does.

    Raises:
        NotPermitted: no, or not all of it.
    """
    asked = decisions.question(
        decisions.Standing.of(subject_id, unit, at),
        segments=(segment,),
        recipient=Recipient(type="clinical_app_user"),
        purpose=PURPOSE,
        actor=decisions.actor_of(by, unit, at) if by else decisions.ENGINE_JOB,
        facts={"cj_info": tuple(sorted(set(parts)))},
    )
    decision = services.decide_and_record(asked, subject_id=subject_id, recipient="clinical side")
    open_obligations = {each.code for each in decision.obligations} - FULFILLED
    if decision.outcome != Outcome.PERMIT or open_obligations:
        raise NotPermitted(f"`{segment}` may not cross")
