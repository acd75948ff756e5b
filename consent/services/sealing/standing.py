"""How it stands with the ledger, as the last check of it says; and when nobody checks any more."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from consent.verifier.findings import CHANGED, INTACT, NOT_RUN, read

OVERDUE = timedelta(minutes=15)  # the verifier looks each minute
WHOLE_OVERDUE = timedelta(hours=36)  # and at everything each day
UNKNOWN, LATE = "not checked yet", "overdue"
_STARTED = time.monotonic()


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the desk says of the ledger.

    ``word`` is ``intact``, ``changed``, ``not run``, ``overdue`` or ``not checked yet``.
    """

    word: str
    at: datetime | None = None
    size: int = 0
    checkpoint: int = 0
    found: int = 0
    findings: Sequence[Mapping[str, Any]] = ()

    @property
    def is_alarm(self) -> bool:
        """Must somebody look into it?"""
        return self.word in (CHANGED, NOT_RUN, LATE)


def standing() -> Standing:
    """The last verdict, unless it is too old to be one."""
    verdict = read(settings.LEDGER_FILES["verdict"]) if settings.LEDGER_FILES["verdict"] else None
    if verdict is None:
        is_late = time.monotonic() - _STARTED > OVERDUE.total_seconds()
        return Standing(word=LATE if is_late else UNKNOWN)
    at = datetime.fromisoformat(verdict["at"])
    return Standing(
        word=_word(verdict, at),
        at=at,
        size=int(verdict.get("size", 0)),
        checkpoint=int(verdict.get("checkpoint", 0)),
        found=int(verdict.get("found", 0)),
        findings=verdict.get("findings", []),
    )


def _word(verdict: Mapping[str, Any], at: datetime) -> str:
    now, word = datetime.now(UTC), str(verdict["verdict"])
    whole = datetime.fromisoformat(verdict["whole_at"]) if verdict.get("whole_at") else None
    is_old = not -OVERDUE <= now - at < OVERDUE or (whole is not None and now - whole > WHOLE_OVERDUE)
    return LATE if word == INTACT and is_old else word
