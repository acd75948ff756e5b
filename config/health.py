"""Is the site up, its database included? Says nothing else."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse


@login_not_required
def alive(request: HttpRequest) -> HttpResponse:
    """``GET /health/``: 200 while the site can serve, 503 while its database doesn't answer.

    A page that is being typed into asks here too, so that its session is not taken for idle.
    """
    return HttpResponse("ok\n", content_type="text/plain")
