"""Opening what arrived: in order per subject, one transaction each, once.

An envelope is claimed first, in a transaction of its own that counts the attempt; then it
is opened, handled and marked in another. Whatever dies in between is tried again later,
and one that keeps failing goes into the quarantine, where it holds back later ones of its
subject and no others.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from consent import access
from consent.models import Principal
from consent.services import ledger
from consent.services.keys import KeysUnavailable
from referrals import envelopes, sealing
from referrals.envelopes import Envelope, Malformed
from referrals.models import InboxEnvelope

log = logging.getLogger("bulkhead.referrals")

Handler = Callable[[Envelope, UUID], None]
INTAKE, PURPOSE = "system:intake", "X-REFERRAL-IN"
MOST_ATTEMPTS = 8
WAIT_FOR_KEYS_SECONDS = 10
FIRST_PAUSE_SECONDS = 2  # doubled after each attempt: 8 attempts take 8.5 minutes
OWNERS = {"clinical": "privacy officer", "police": "police supervisor"}

State = InboxEnvelope.State
_handlers: dict[str, Handler] = {}


def register(kind: type[Envelope], handler: Handler) -> None:
    """Name who takes envelopes of ``kind`` on this side: ``handler(value, envelope_id)``.

    It runs as ``system:intake`` for ``X-REFERRAL-IN``, in the transaction that marks the
    envelope as opened: its rows and the mark stand or fall together.
    """
    _handlers[kind.__name__] = handler


def open_inbox(limit: int = 100) -> int:
    """Open up to ``limit`` envelopes that are due; how many were opened.

    Runs side by side with others of its kind: a row that somebody works on is skipped.
    """
    opened = 0
    for _each in range(limit):
        envelope_id = _claim()
        if envelope_id is None:
            break
        opened += _open(envelope_id)
    return opened


def _unsettled_before() -> "Exists":
    earlier = InboxEnvelope.objects.filter(
        subject_id=OuterRef("subject_id"),
        sequence__lt=OuterRef("sequence"),
        state__in=(State.WAITING, State.QUARANTINED),
    )
    return Exists(earlier)


def _due() -> "QuerySet[InboxEnvelope]":
    waiting = InboxEnvelope.objects.filter(state=State.WAITING, due_at__lte=timezone.now())
    return (
        waiting.filter(~_unsettled_before())
        .order_by("sequence")
        .select_for_update(skip_locked=True, of=("self",))
    )


def _claim() -> UUID | None:
    """The next envelope, its attempt counted and committed; one that was tried too often is quarantined."""
    with access.opened(INTAKE, PURPOSE):
        envelope = _due().first()
        while envelope is not None and envelope.attempts >= MOST_ATTEMPTS:
            _quarantine(envelope, envelope.reason or "tried too often")
            envelope = _due().first()
        if envelope is None:
            return None
        envelope.due_at = timezone.now() + timedelta(seconds=FIRST_PAUSE_SECONDS * 2**envelope.attempts)
        envelope.attempts += 1
        envelope.save(update_fields=["attempts", "due_at"])
        return envelope.pk


def _open(envelope_id: UUID) -> bool:
    """Open, handle and mark one claimed envelope; ``False`` when it has to wait or to be looked at."""
    try:
        with access.opened(INTAKE, PURPOSE):
            envelope = _waiting(envelope_id)
            if envelope is None:
                return False
            value = envelopes.read(
                sealing.unseal(bytes(envelope.sealed)),
                envelope_id=envelope.pk,
                subject_id=envelope.subject_id,
            )
            kind = type(value).__name__
            handler = _handlers.get(kind)
            if handler is None:
                raise Malformed("no handler for this kind on this side")
            handler(value, envelope.pk)
            envelope.state, envelope.kind, envelope.reason = State.OPENED, kind, ""
            envelope.settled_at = timezone.now()
            envelope.sealed = (
                b""  # what it held is a row under its person's own key, and no copy outlives that
            )
            envelope.save(update_fields=["state", "kind", "reason", "settled_at", "sealed"])
            _note(envelope, "done")
    except Malformed as error:
        _refuse(envelope_id, str(error))
        return False
    except KeysUnavailable as error:
        log.error("envelope %s waits for the keys: %s", envelope_id, type(error).__name__)
        _wait_for_keys(envelope_id)
        return False
    except Exception as error:  # whatever a handler raises must not stop the other subjects' envelopes
        log.error("envelope %s not handled: %s", envelope_id, type(error).__name__)
        _note_failure(envelope_id, type(error).__name__)
        return False
    return True


def _waiting(envelope_id: UUID) -> InboxEnvelope | None:
    rows = InboxEnvelope.objects.select_for_update(skip_locked=True)
    return rows.filter(pk=envelope_id, state=State.WAITING).first()


def _refuse(envelope_id: UUID, reason: str) -> None:
    """Into the quarantine at once: what is malformed stays so."""
    log.error("envelope %s refused: %s", envelope_id, reason)
    with access.opened(INTAKE, PURPOSE):
        envelope = _waiting(envelope_id)
        if envelope is not None:
            _quarantine(envelope, reason)


def _note_failure(envelope_id: UUID, reason: str) -> None:
    with access.opened(INTAKE, PURPOSE):
        envelope = _waiting(envelope_id)
        if envelope is not None:
            envelope.reason = reason[:100]
            envelope.save(update_fields=["reason"])


def _wait_for_keys(envelope_id: UUID) -> None:
    """Nothing is wrong with the envelope: the attempt does not count against it."""
    with access.opened(INTAKE, PURPOSE):
        envelope = _waiting(envelope_id)
        if envelope is not None:
            envelope.attempts, envelope.due_at = 0, timezone.now() + timedelta(seconds=WAIT_FOR_KEYS_SECONDS)
            envelope.save(update_fields=["attempts", "due_at"])


def _quarantine(envelope: InboxEnvelope, reason: str) -> None:
    envelope.state, envelope.reason = State.QUARANTINED, reason[:100]
    envelope.owner_role, envelope.quarantined_at = OWNERS[settings.SIDE], timezone.now()
    envelope.save(update_fields=["state", "reason", "owner_role", "quarantined_at"])
    _note(envelope, "failed")


def _note(envelope: InboxEnvelope, outcome: str) -> None:
    ledger.note_event(
        "receive",
        subject_id=envelope.subject_id,
        outcome=outcome,
        resources={"referrals.envelope": [str(envelope.pk)]},
        field_groups=[envelope.kind] if envelope.kind else [],
        reason=envelope.reason[:64],
    )


def retry_envelope(envelope_id: UUID, *, by: Principal) -> bool:
    """Put a quarantined envelope back to the waiting ones; ``False`` when it is no longer quarantined.

    Raises:
        NothingToTell: ``by`` does not own the quarantine.
    """
    return _settle_quarantine(
        envelope_id, by, "retry", state=State.WAITING, attempts=0, due_at=timezone.now()
    )


def set_envelope_aside(envelope_id: UUID, *, by: Principal) -> bool:
    """Leave a quarantined envelope unopened for good, and let the later ones of its subject pass.

    Raises:
        NothingToTell: ``by`` does not own the quarantine.
    """
    return _settle_quarantine(envelope_id, by, "set aside", state=State.SET_ASIDE, settled_at=timezone.now())


def _settle_quarantine(envelope_id: UUID, by: Principal, action: str, **values: object) -> bool:
    if OWNERS[settings.SIDE] not in access.roles_of(by):
        raise access.NothingToTell("the quarantine is not this principal's")
    with access.acting_as(INTAKE, PURPOSE):
        rows = InboxEnvelope.objects.filter(pk=envelope_id, state=State.QUARANTINED)
        changed = rows.update(**values)
    if changed:
        ledger.note_event(action, resources={"referrals.envelope": [str(envelope_id)]})
    return bool(changed)
