"""Emergency access: opened by facts, ended by the clock or by hand, and looked at afterwards by somebody else.

Opening asks the engine about each compartment with the facts that were said, keeps each answer's
receipt, and lets `consent.services.grants` make the grants: for one principal and one client, to
read, for emergency treatment, until it ends. See `consent.services.emergency_use` for the law's part
and `consent.services.emergency_budget` for what it costs.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings

from consent import access
from consent.access import NothingToTell
from consent.engine.facts import BREAK_GLASS_LASTS, Asked, Decision
from consent.models import Compartment, EmergencyAccess, EmergencyAttempt, Principal, Program, Scope
from consent.roles import CARE_TEAM, CLINICAL_SUPERVISOR, SUPERVISES
from consent.services import decisions, emergency_use, ledger, receipts
from consent.services.business_days import review_due
from consent.services.colleagues import Colleague
from consent.services.compartments import profile
from consent.services.emergency_budget import Kind, Outcome, note_attempt, raise_alarm, spent_by
from consent.services.emergency_use import Emergency, Said, Treats
from consent.services.grants import recompute_grants
from consent.services.locks import lock_client, lock_clients
from consent.services.standing import Standing

TASK = "system:emergency"
OPENERS = CARE_TEAM | {CLINICAL_SUPERVISOR}
REVIEWERS = SUPERVISES
MOST_AT_ONCE = 4  # one person may be known to each legal unit as a client of its own
WORDS_AT_LEAST = 15  # characters: "checked" is no reason (Røstad & Edsberg, ACSAC 2006)


class NotReviewable(Exception):
    """The review can't be taken as it is; the message says why, for whoever wrote it."""


Opened = tuple[Compartment, Asked, Decision]  # what opens, and the question and answer that open it


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What came of an attempt; nobody there and not permitted are the same *nothing*."""

    outcome: EmergencyAttempt.Outcome
    accesses: tuple[EmergencyAccess, ...] = ()


def open_emergency(
    *, by: Principal, subjects: Iterable[UUID], said: Said, at: datetime | None = None
) -> Opening:
    """Open what the law lets ``by`` read about these clients in the emergency that they describe.

    The attempt is counted and ledgered whatever comes of it. Several ``subjects`` are one person whom
    several legal units know; each becomes an emergency access of its own. One that runs already
    is given back as it is and not prolonged.

    Args:
        at: When it was asked; the database's own clock, by which everything here ends.

    Raises:
        NothingToTell: the clinical side's care staff alone may ask, for themselves.
    """
    _check_may_open(by)
    locked_at = lock_client(by.uid)  # two attempts of one person, one after the other: they share a budget
    at = at or locked_at
    with access.acting_as(TASK):
        if spent_by(by, at).must_stop:
            note_attempt(by, Outcome.STOPPED, at)
            stopped = True
        else:
            stopped = False
    if stopped:
        return _ended_as(Outcome.STOPPED, said)
    colleague = Colleague.of(by, at)
    found, is_new = [], 0
    for subject_id in lock_clients(list(subjects)[:MOST_AT_ONCE]) or [None]:
        row, made = _open_one(subject_id, colleague, said, at)
        found += [row] if row else []
        is_new += made
    outcome = Outcome.OPENED if is_new else Outcome.RUNNING if found else Outcome.NOTHING
    with access.acting_as(TASK):
        note_attempt(by, outcome, at, opened=is_new)
    return _ended_as(outcome, said, found)


def _check_may_open(by: Principal) -> None:
    context = access.current()
    is_asking = context.principal is not None and context.principal.pk == by.pk
    if settings.SIDE != "clinical" or not is_asking or not access.roles_of(by) & OPENERS:
        raise NothingToTell("emergency access is for care staff, for themselves")


def _ended_as(
    outcome: EmergencyAttempt.Outcome, said: Said, found: Sequence[EmergencyAccess] = ()
) -> Opening:
    """The attempt's own entry: an opened client by pseudonym, a refusal about nobody."""
    if outcome in (Outcome.NOTHING, Outcome.STOPPED):
        ledger.note_event("emergency", outcome="deny", reason=f"{outcome} {said.nature}")
    for row in found:
        ledger.note_event(
            "emergency",
            subject_id=row.subject_id,
            resources={row._meta.label_lower: [str(row.pk)]},
            reason=f"{outcome} {said.nature} {said.without_consent} {said.treats}",
        )
    return Opening(outcome=outcome, accesses=tuple(found))


def _open_one(
    subject_id: UUID | None, colleague: Colleague, said: Said, at: datetime
) -> tuple[EmergencyAccess | None, bool]:
    """One client's emergency access, and whether it is new; nobody's takes the same way and opens nothing."""
    about = subject_id or lock_clients([uuid4()])[0]
    with access.acting_as(TASK):
        running = EmergencyAccess.objects.running_at(at).filter(
            principal=colleague.principal, subject_id=about
        )
        row = running.select_related("compartment__scope").first()
    if row is not None:
        return row, False
    asked_for = Emergency(
        colleague=colleague, subject_id=about, said=said, started_at=at, ends_at=at + BREAK_GLASS_LASTS
    )
    opening = _decide(asked_for, is_somebody=subject_id is not None)
    if not opening:
        return None, False
    with access.acting_as(TASK):
        row = _write(asked_for, _home_of([each for each, _asked, _decision in opening]))
    _note_what_goes_out(opening, row)
    recompute_grants(about)  # as of now: what is written down late, as a seed does, opens nothing
    return row, True


def _decide(emergency: Emergency, *, is_somebody: bool) -> list[Opened]:
    """Ask about every compartment, keep the receipts, and give back those that open.

    About nobody the same questions are asked of the compartments that some client might have, so
    that the time of the answer says nothing; there is nobody to keep a receipt about.
    """
    found = _compartments(emergency.subject_id) if is_somebody else _of_nobody()
    standing: dict[Program, Standing] = {}
    opening: dict[int, Opened] = {}
    for compartment in found:
        scope = compartment.scope
        if scope.program not in standing:
            standing[scope.program] = Standing.of(emergency.subject_id, scope.program, emergency.started_at)
        for purpose in emergency_use.PURPOSES:
            asked, decision = emergency_use.answer(standing[scope.program], scope, emergency, purpose)
            if is_somebody:
                _keep(asked, decision, emergency)
            else:
                _as_if_kept(asked, decision, emergency)
            if emergency_use.opens(decision, scope):
                opening.setdefault(compartment.pk, (compartment, asked, decision))
    if not is_somebody:
        return []
    if emergency.said.treats == Treats.MEDICS:
        for compartment, _asked, _decision in opening.values():
            _decide_telling(standing[compartment.scope.program], compartment.scope, emergency)
    return list(opening.values())


def _decide_telling(standing: Standing, scope: Scope, emergency: Emergency) -> None:
    """Whoever looks tells the medics whom they named: a disclosure of its own, decided and kept as one."""
    asked = emergency_use.telling_medics(standing, scope, emergency)
    decision = decisions.decide_and_record(asked, subject_id=emergency.subject_id)
    if emergency_use.opens(decision, scope):
        ledger.note_disclosure(
            "tell",
            decision,
            subject_id=emergency.subject_id,
            recipient="",
            segments=sorted(decision.permitted),
        )


def _keep(asked: Asked, decision: Decision, emergency: Emergency) -> None:
    ledger.note_decision(
        asked,
        decision,
        subject_id=emergency.subject_id,
        recipient=str(emergency.colleague.principal.uid),
        reason="emergency",
    )


def _as_if_kept(asked: Asked, decision: Decision, emergency: Emergency) -> None:
    """The work of a receipt, and no receipt: there is nobody whom it could be about."""
    receipts.answer_of(decision)
    receipts.question_of(asked, emergency.subject_id, packs=list(settings.LAW_PACKS))


def _note_what_goes_out(opening: Iterable[Opened], row: EmergencyAccess) -> None:
    """What opens to somebody outside the unit that keeps it is a disclosure; the accounting counts it."""
    for _compartment, asked, decision in opening:
        if asked.recipient.type != "own_workforce":
            ledger.note_disclosure(
                "disclose",
                decision,
                subject_id=row.subject_id,
                recipient=asked.recipient.id,
                segments=sorted(decision.permitted),
                resources={row._meta.label_lower: [str(row.pk)]},
                reason="emergency",
            )


def _compartments(subject_id: UUID) -> list[Compartment]:
    """The client's own; what was released to a partner is the partner's copy."""
    with access.acting_as("system:grants"):
        rows = Compartment.objects.filter(subject_id=subject_id, recipient__isnull=True)
        return list(
            rows.select_related("scope__program__unit", "scope__program__organization").order_by("pk")
        )


def _of_nobody() -> list[Compartment]:
    """Compartments as a client of some program would have them, which nobody has."""
    scopes = list(Scope.objects.select_related("program__unit", "program__organization"))
    if not scopes:
        return []
    program = secrets.choice(scopes).program
    return [Compartment(pk=-scope.pk, scope=scope) for scope in scopes if scope.program_id == program.pk][:3]


def _home_of(opening: Sequence[Compartment]) -> Compartment:
    """Where the row belongs: with who the client is, if that opens; its readers review it."""
    for compartment in opening:
        if tuple(compartment.scope.segments) == profile(compartment.scope.program).identity:
            return compartment
    return opening[0]


def _write(emergency: Emergency, compartment: Compartment) -> EmergencyAccess:
    row = EmergencyAccess(
        compartment=compartment,
        subject_id=emergency.subject_id,
        principal=emergency.colleague.principal,
        started_at=emergency.started_at,
        ends_at=emergency.ends_at,
        due_at=review_due(emergency.started_at),
        created_at=emergency.started_at,
        **vars(emergency.said),
    )
    row.save(force_insert=True)
    return row


def end_emergency(row: EmergencyAccess, *, by: Principal, at: datetime) -> bool:
    """Close it now; was it still open? What has ended is never opened again: a new one is a new row.

    Its principal may, and whoever may review it.

    Raises:
        NothingToTell: it is somebody else's to end.
    """
    if by.pk != row.principal_id and not access.roles_of(by) & REVIEWERS:
        raise NothingToTell(f"emergency access `{row.pk}` is not `{by.uid}`'s to end")
    lock_client(row.subject_id)
    with access.acting_as(TASK):
        fresh = EmergencyAccess.objects.select_for_update(of=("self",)).filter(pk=row.pk).first()
        is_open = fresh is not None and fresh.is_running(at)
        if fresh is not None and is_open:
            fresh.ended_at, fresh.ended_by = at, by
            fresh.save(update_fields=["ended_at", "ended_by"])
    if is_open:
        ledger.note_event(
            "emergency end", subject_id=row.subject_id, resources={row._meta.label_lower: [str(row.pk)]}
        )
        recompute_grants(row.subject_id)
    return is_open


def review_emergency(row: EmergencyAccess, *, by: Principal, verdict: str, note: str, at: datetime) -> None:
    """Say whether it was appropriate: one at a time, with reasons, by somebody else who is here to say so.

    Raises:
        NothingToTell: ``by`` may not review this one.
        NotReviewable: it runs still, was reviewed meanwhile, or the note says nothing.
    """
    _check_may_review(row, by)
    if verdict not in EmergencyAccess.Verdict.values:
        raise NotReviewable("Choose what you found.")
    fresh = _locked(row)
    if fresh.reviewed_at is not None:
        raise NotReviewable("Somebody has reviewed it meanwhile.")
    _check_can_be_judged(fresh, note, at)
    fresh.reviewer, fresh.verdict, fresh.note, fresh.reviewed_at = by, verdict, note, at
    _save(fresh, ["reviewer", "verdict", "note", "reviewed_at"], action="review", reason=verdict)


def answer_review(row: EmergencyAccess, *, by: Principal, words: str, at: datetime) -> None:
    """Dispute a verdict, once, in the words of whom it is about; somebody else decides then.

    Raises:
        NothingToTell: it is not ``by``'s own.
        NotReviewable: there is no verdict to dispute, or it was answered already.
    """
    if by.pk != row.principal_id or not by.is_active:
        raise NothingToTell(f"emergency access `{row.pk}` is not `{by.uid}`'s to answer for")
    fresh = _locked(row)
    if fresh.verdict != EmergencyAccess.Verdict.NOT_APPROPRIATE or fresh.answered_at is not None:
        raise NotReviewable("There is nothing to answer here, or you have answered.")
    _check_says_something(words)
    fresh.answer, fresh.answered_at = words, at
    _save(fresh, ["answer", "answered_at"], action="review answer")


def close_review(row: EmergencyAccess, *, by: Principal, verdict: str, note: str, at: datetime) -> None:
    """Decide a follow-up, or a dispute; a dispute is decided by none of the two.

    Raises:
        NothingToTell: ``by`` may not.
        NotReviewable: nothing is open about it, or the verdict is none that ends it.
    """
    _check_may_review(row, by)
    fresh = _locked(row)
    if fresh.answered_at is not None and fresh.reviewer_id == by.pk:
        raise NotReviewable("A dispute is decided by somebody who was not the reviewer.")
    is_open = fresh.verdict == EmergencyAccess.Verdict.FOLLOW_UP or fresh.answered_at is not None
    if not is_open or fresh.closed_at is not None:
        raise NotReviewable("Somebody has decided it meanwhile.")
    if verdict not in (EmergencyAccess.Verdict.APPROPRIATE, EmergencyAccess.Verdict.NOT_APPROPRIATE):
        raise NotReviewable("Choose what you found.")
    _check_can_be_judged(fresh, note, at)
    fresh.closed_by, fresh.closing_verdict, fresh.closing_note, fresh.closed_at = by, verdict, note, at
    _save(
        fresh,
        ["closed_by", "closing_verdict", "closing_note", "closed_at"],
        action="review closed",
        reason=verdict,
    )


def _check_may_review(row: EmergencyAccess, by: Principal) -> None:
    if not by.is_active or by.pk == row.principal_id or not access.roles_of(by) & REVIEWERS:
        raise NothingToTell(f"emergency access `{row.pk}` is not `{by.uid}`'s to review")


def _check_can_be_judged(row: EmergencyAccess, note: str, at: datetime) -> None:
    if row.is_running(at):
        raise NotReviewable("It is still open: end it first.")
    _check_says_something(note)


def _check_says_something(words: str) -> None:
    if len(words.strip()) < WORDS_AT_LEAST:
        raise NotReviewable(f"Write why, in {WORDS_AT_LEAST} characters or more.")


def _locked(row: EmergencyAccess) -> EmergencyAccess:
    """The row as it is now, held until the transaction ends."""
    with access.acting_as(TASK):
        return EmergencyAccess.objects.select_for_update(of=("self",)).get(pk=row.pk)


def _save(row: EmergencyAccess, fields: list[str], *, action: str, reason: str = "") -> None:
    with access.acting_as(TASK):
        row.save(update_fields=fields)
    ledger.note_event(
        action, subject_id=row.subject_id, resources={row._meta.label_lower: [str(row.pk)]}, reason=reason
    )


def alarm_overdue_reviews(at: datetime) -> int:
    """Raise an alarm, once, for each review that is overdue; how many were raised.

    Runs inside a context of ``system:emergency``. Runs that overlap skip each other's rows.
    """
    overdue = EmergencyAccess.objects.filter(
        due_at__lte=at, reviewed_at__isnull=True, alarmed_at__isnull=True
    )
    rows = list(overdue.select_for_update(skip_locked=True, of=("self",)).select_related("compartment"))
    for row in rows:
        row.alarmed_at = at
        row.save(update_fields=["alarmed_at"])
        raise_alarm(Kind.OVERDUE, at, emergency=row)
    return len(rows)
