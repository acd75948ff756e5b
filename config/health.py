"""Is the site up? Says nothing else."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse


@login_not_required
def alive(request: HttpRequest) -> HttpResponse:
    """``GET /health/``: the process answers. It asks no database, so that it stays cheap and public."""
    return HttpResponse("ok\n", content_type="text/plain")
