"""Is the site up, its database included, and is anything wrong with its ledger? Says nothing else."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse

from consent.services.sealing import standing


@login_not_required
def alive(request: HttpRequest) -> HttpResponse:
    """``GET /health/``: 200 while the site can serve, 503 while its database doesn't answer.

    A second line says that the ledger was changed, could not be checked, or has not been checked for too
    long; the site goes on, and the line is for whoever watches it. What was found is said to nobody here.

    A page that is being typed into asks here too, so that its session is not taken for idle.
    """
    ledger = standing()
    alarm = f"ledger {ledger.word}\n" if ledger.is_alarm else ""
    return HttpResponse(f"ok\n{alarm}", content_type="text/plain")
