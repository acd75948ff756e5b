"""That an emergency access is open, kept in the session: ids and an end, for a line on every page, without a query."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from consent.models import EmergencyAccess

KEY = "emergencies"


def remember(request: HttpRequest, accesses: Iterable[EmergencyAccess]) -> None:
    """Note what was opened, in place of what has lapsed since."""
    kept = request.session.get(KEY, {})
    request.session[KEY] = kept | {str(each.pk): each.ends_at.isoformat() for each in accesses}


def forget(request: HttpRequest, access_id: UUID) -> None:
    """It is over."""
    kept = dict(request.session.get(KEY, {}))
    if kept.pop(str(access_id), None):
        request.session[KEY] = kept


def remembered(request: HttpRequest, at: datetime) -> list[dict[str, Any]]:
    """Those that have not lapsed by ``at``, the one that ends first before the rest."""
    kept = request.session.get(KEY, {})
    found = [{"id": id_, "ends_at": datetime.fromisoformat(ends)} for id_, ends in kept.items()]
    return sorted((each for each in found if each["ends_at"] > at), key=lambda each: each["ends_at"])
