"""The safe-contact card of a client."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinical.clients.selectors import banner, client_seen_by
from clinical.roles import IN_CARE
from clinical.safecontact import selectors, services
from clinical.safecontact.forms import SafeContactForm
from clinical.writing import check_may
from consent import access

FIELDS = tuple(SafeContactForm.base_fields)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def safe_contact(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """How to reach them; whoever may not write reads it."""
    client = client_seen_by(request.user, subject_id)
    card = selectors.card_of(subject_id)
    initial = {name: getattr(card, name) for name in FIELDS} if card else {}
    form = SafeContactForm(request.POST or None, initial=initial)
    if request.method == "POST":
        check_may(request.user, "change", client)
        if form.is_valid():
            services.keep_card(client=client, by=request.user, **form.cleaned_data)
            messages.success(request, _("The card counts from now on."))
            return redirect("clinical:safe_contact", subject_id=subject_id)
    context = {
        "banner": banner(subject_id),
        "form": form,
        "panel": selectors.told(subject_id),
        "segments": client.compartment.scope.segments,
        "may_write": request.user.has_perm("clinical.change_client", client),
    }
    return render(request, "clinical/safecontact/safe_contact.html", context)
