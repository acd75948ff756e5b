"""What the stories of the police side begin with."""

from typing import Any

import pytest


@pytest.fixture
def city(db: None) -> Any:
    """Oduya, Lind, Varga and the analyst, in their units."""
    from tests.policecore import stage

    return stage.make_city()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What went into the post-box, before it was sealed."""
    from referrals.services import outbox

    values: list[Any] = []
    seal = outbox.envelopes.write

    def write(value: Any, **more: Any) -> bytes:
        values.append(value)
        return seal(value, **more)

    monkeypatch.setattr(outbox.envelopes, "write", write)
    return values


@pytest.fixture
def ledgered(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The ledger entries that were inserted; no role of this side may read them back."""
    from consent.models import LedgerEntry

    entries: list[Any] = []
    insert = LedgerEntry.objects.bulk_create

    def bulk_create(rows: Any, *args: Any, **more: Any) -> Any:
        entries.extend(rows)
        return insert(rows, *args, **more)

    monkeypatch.setattr(LedgerEntry.objects, "bulk_create", bulk_create)
    return entries
