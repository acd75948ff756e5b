"""A client's key: renewed, with everything written once more; or destroyed, and the record with it."""

from datetime import datetime
from itertools import islice
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from consent import access
from consent.keys import store
from consent.keys.columns import KEEPER
from consent.keys.errors import KeysUnavailable
from consent.models import Assignment, Compartment, Grant, Protected, Scope
from consent.models.encrypted import encrypted_fields
from consent.services import blind, ledger
from consent.services.locks import lock_client

__all__ = [
    "KeysUnavailable", "NobodyKnown", "destroy_again", "destroy_record", "renew_key", "retire_keys",
    "revived",
]  # fmt: skip
PURPOSES = {"clinical": "HOPERAT", "police": "X-REFERRAL-IN"}
AGAIN = "DESTROYED-BEFORE"  # the ground of what only puts right an older copy
GONE = "GONE"  # the segment of what was destroyed: no office opens it and no rule speaks of it
PIECE = 200  # rows encrypted anew at a time
# A request that took the old key along has ended by then.
KEEP_RETIRED_SECONDS = 3600


class NobodyKnown(LookupError):
    """There is no record about that subject, and no key."""


def destroy_record(subject_id: UUID, *, basis: str) -> int:
    """Destroy the keys of a client for good: every copy of what was written about them is unreadable.

    Their grants and assignments end, their index rows go, and no office finds their record any
    more. The ledger's entries stay as they are and still verify; accountings outlive the
    record. Running it again finishes what was interrupted. How many keys were destroyed.

    Args:
        basis: The code of the legal ground, for the ledger and the keys' audit.

    Raises:
        NobodyKnown: no record and no key; nothing was done.
    """
    with access.opened("system:grants", PURPOSES[settings.SIDE]):
        lock_client(subject_id)
        compartments = list(Compartment.objects.filter(subject_id=subject_id).select_related("scope"))
        if not compartments and not store.keys_about(subject_id):
            raise NobodyKnown(f"nothing is known of `{subject_id}`")
        blind.forget(subject_id)
        _close(subject_id, compartments, timezone.now())
        ledger.note_event("destroy", subject_id=subject_id, reason=basis)
        # The last act before COMMIT: if that fails, the keys are gone all the same, and a second run ends the rest.
        return store.destroy(subject_id, basis=basis)


def _close(subject_id: UUID, compartments: list[Compartment], at: datetime) -> None:
    """End what opens the record to somebody, and move it out of every office's sight."""
    team = Assignment.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at), subject_id=subject_id)
    team.filter(begins_at__lte=at).update(ends_at=at)
    team.filter(begins_at__gt=at).delete()
    grants = Grant.objects.filter(content_object__in=compartments, valid_until__gt=TransactionNow())
    grants.update(valid_until=Greatest(TransactionNow(), F("valid_from")))
    for compartment in compartments:
        if GONE not in compartment.scope.segments:
            segments = [*compartment.scope.segments, GONE]
            scope = Scope.objects.get_or_create(program_id=compartment.scope.program_id, segments=segments)[0]
            Compartment.objects.filter(pk=compartment.pk).update(scope=scope)  # its rows' scope_key follows


def revived() -> list[UUID]:
    """Subjects whose record was destroyed and whose keys are there again: an older copy was put back."""
    with access.opened("system:grants", PURPOSES[settings.SIDE]):
        gone = Compartment.objects.filter(scope__segments__contains=[GONE])
        subjects = sorted(set(gone.values_list("subject_id", flat=True)))
    return [each for each in subjects if set(store.keys_about(each).values()) - {"destroyed"}]


def destroy_again() -> int:
    """Destroy what was destroyed before an older copy of the keys was put back; of how many subjects."""
    subjects = revived()
    for subject_id in subjects:
        destroy_record(subject_id, basis=AGAIN)
    return len(subjects)


def renew_key(subject_id: UUID) -> int:
    """Give a client another key and write everything about them once more under it; how many rows.

    The old key stays for requests that have it already: `retire_keys` destroys it later.

    Raises:
        NobodyKnown, KeyDestroyed: there is no key to renew.
    """
    if "in use" not in store.keys_about(subject_id).values():
        raise NobodyKnown(f"`{subject_id}` has no key in use")
    store.renew(subject_id)
    return _write_anew(subject_id, _retired(subject_id))


def retire_keys(subject_id: UUID, *, seconds: int = KEEP_RETIRED_SECONDS) -> int:
    """Destroy a client's old keys that were retired ``seconds`` ago or more; how many.

    What somebody wrote meanwhile under one of them is written once more first.
    """
    retired = _retired(subject_id)
    _write_anew(subject_id, retired)
    return store.destroy_retired(subject_id, unused=retired, seconds=seconds) if retired else 0


def _retired(subject_id: UUID) -> set[UUID]:
    return {key for key, state in store.keys_about(subject_id).items() if state == "retired"}


def _write_anew(subject_id: UUID, old: set[UUID]) -> int:
    """Write the rows that stand under one of the ``old`` keys once more, in one transaction."""
    if not old:
        return 0
    written = 0
    with access.opened(KEEPER, PURPOSES[settings.SIDE]):
        for model in apps.get_models():
            if issubclass(model, Protected) and encrypted_fields(model):
                written += _write_rows_anew(model, subject_id)
    return written


def _write_rows_anew(model: type[Protected], subject_id: UUID) -> int:
    rows = model.objects.about(subject_id).order_by("pk").select_for_update(of=("self",))
    names = [field.name for field in encrypted_fields(model)]
    found, written = rows.iterator(PIECE), 0
    while piece := list(islice(found, PIECE)):
        written += model.objects.bulk_update(piece, names)
    return written
