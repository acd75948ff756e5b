"""How often somebody may search, and indexing anew."""

from datetime import datetime

from django.db.models import F

from clinical.clients.models import Client
from clinical.search import index
from clinical.search.models import SearchCount
from consent import access
from consent.models import LegalUnit, Principal

MOST_A_MINUTE = 60  # one who types and looks needs ten; one who tries out names needs thousands
AT_ONCE = 200  # clients indexed in one transaction
SCOPED = "compartment__scope__program__unit"


def may_search(principal: Principal, *, at: datetime) -> bool:
    """Count one more search; ``False`` when there were too many in this minute, whatever they found."""
    minute = at.replace(second=0, microsecond=0)
    counted = SearchCount.objects.filter(pk=principal.pk)
    if counted.filter(minute=minute).update(searches=F("searches") + 1):
        return counted.filter(searches__lte=MOST_A_MINUTE).exists()
    SearchCount.objects.update_or_create(pk=principal.pk, defaults={"minute": minute, "searches": 1})
    return True


def index_again(unit: LegalUnit, *, purpose: str = "HOPERAT") -> tuple[int, int]:
    """Index each client of ``unit`` that isn't in the index under the key in use: how many were, and there are.

    Runs as ``system:index``, in transactions of `AT_ONCE` clients. What is done stays done: a run
    that was stopped goes on where it was, because a client that is indexed bears a mark of the key.
    """
    written = seen = 0
    last = None
    while True:
        with access.opened(index.INDEX_TASK, purpose):
            rows = Client.objects.filter(unit=unit).order_by("pk")
            ids = list((rows.filter(pk__gt=last) if last else rows).values_list("pk", flat=True)[:AT_ONCE])
            missing = index.not_indexed(ids, unit)
            clients = (
                list(Client.objects.filter(pk__in=missing).select_related("unit", SCOPED)) if missing else []
            )
            index.write_again(clients)
        written, seen = written + len(clients), seen + len(ids)
        if len(ids) < AT_ONCE:
            return written, seen
        last = ids[-1]
