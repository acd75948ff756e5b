"""The page on which somebody nameless is found to be somebody known."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinical.clients.models import Client
from clinical.clients.selectors import banner, client_seen_by
from clinical.merging import services
from clinical.merging.models import Joined
from clinical.roles import IN_CARE
from clinical.search import words
from clinical.search.selectors import SUGGESTED, clients_found
from clinical.search.services import may_search
from clinical.writing import as_uuid, check_may
from consent import access
from consent.access import NothingToTell
from consent.texts import plain


def _looked_for(request: HttpRequest, client: Client, said: str) -> list[Client]:
    """The asker's own clients of the same legal unit who are called so."""
    if not said or not may_search(request.user, at=timezone.now()):
        return []
    found = clients_found(request.user, words.read(said), size=SUGGESTED, unit=client.unit).clients
    return [each for each in found if each.subject_id != client.subject_id]


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def join(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """Look for who it is, and join the two; on the known record, take them apart again. Who only reads is told."""
    client = client_seen_by(request.user, subject_id)
    may_join = request.user.has_perm("clinical.change_client", client)
    if request.method == "POST":
        check_may(request.user, "change", client)
    said, chosen = plain(request.POST.get("said", ""))[:100], request.POST.get("known", "")
    now = timezone.now()
    try:
        if chosen:
            known = client_seen_by(request.user, as_uuid(chosen))
            services.join(nameless=client, known=known, by=request.user, at=now)
            messages.success(request, _("One record now. It can be taken apart again on this page."))
            return redirect("clinical:join", subject_id=known.subject_id)
        if undone := request.POST.get("undo", ""):
            row = (
                Joined.objects.about(subject_id)
                .filter(pk=as_uuid(undone))
                .select_related("compartment")
                .first()
            )
            if row is None:
                raise NothingToTell("nothing to take apart")
            services.undo(joined=row, known=client, by=request.user, at=now)
            messages.success(request, _("Two records again."))
            return redirect("clinical:join", subject_id=subject_id)
        if "choose" in request.POST:
            messages.error(request, _("Choose who it is."))
    except services.NotJoined as cannot:
        messages.error(request, str(cannot))
    context = {
        "banner": banner(subject_id),
        "client": client,
        "may_join": may_join,
        "is_nameless": services.is_nameless(client),
        "said": said,
        "found": _looked_for(request, client, said),
        "joined": list(
            Joined.objects.about(subject_id)
            .filter(undone_at__isnull=True)
            .select_related("by")
            .newest_first()
        ),
    }
    return render(request, "clinical/merging/join.html", context)
