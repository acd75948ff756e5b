"""Taking a consent in four steps, the signed form's page, and taking it back."""

import base64
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clinical.clients.selectors import banner, client_seen_by
from clinical.consents import selectors, wording
from clinical.consents.draft import Draft, form_of
from clinical.consents.forms import STEPS, ConsentForm
from clinical.roles import CARE_TEAM, IN_CARE
from clinical.writing import check_may
from consent import access, services

HOW = {"oral": "They said so, in person", "phone": "They said so by phone", "written": "In writing"}


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def take_consent(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """The four steps: each is posted with what the earlier ones said, and nothing is kept before the end."""
    client = client_seen_by(request.user, subject_id)
    check_may(request.user, "change", client)
    now, program = timezone.now(), client.compartment.scope.program
    blank = Draft(program=program, form=form_of(program, now), client=client, by=request.user, at=now)
    form = ConsentForm(
        request.POST if request.method == "POST" else None, draft=blank, partners=selectors.partners()
    )
    if request.method != "POST":
        return _step(request, form, blank, 1)
    form.is_valid()
    wanted = _step_wanted(request.POST.get("go", "1"))
    for step in range(1, min(wanted, len(STEPS) + 1)):
        if form.left_empty(step) or any(name in form.errors for name in form.fields_of(step)):
            return _step(request, form, form.draft(), step)
    draft = form.draft()
    if wanted <= len(STEPS):
        return _step(request, form, draft, wanted)
    if lacks := draft.lacks():
        return _step(request, form, draft, len(STEPS), lacks)
    consent = draft.keep()
    messages.success(request, _("Signed."))
    return redirect("clinical:consent", consent_id=consent.pk)


def _step_wanted(go: str) -> int:
    """The step that was asked for; one past the last is *finish*."""
    if go == "finish":
        return len(STEPS) + 1
    return int(go) if go in [str(number) for number in range(1, len(STEPS) + 1)] else 1


def _step(
    request: HttpRequest, form: ConsentForm, draft: Draft, step: int, lacks: list[str] | None = None
) -> HttpResponse:
    form.show_as_required()
    context: dict[str, Any] = {
        "form": form,
        "draft": draft,
        "step": step,
        "steps": list(STEPS),
        "lacks": lacks or [],
        "carried": form.carried(step),
        "banner": banner(draft.client.subject_id),
        "form_name": wording.FORM_NAMES[draft.form],
        "tiers": form.tiers,
    }
    return render(request, "clinical/consent_take.html", context)


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def consent_page(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """The signed form: what it says, what it is worth now."""
    consent = selectors.consent_seen_by(request.user, consent_id)
    image = base64.b64encode(bytes(consent.signature)).decode() if consent.signature else ""
    context = {
        "consent": consent,
        "form_name": wording.FORM_NAMES.get(consent.form, consent.form),
        "standing": selectors.standing(consent, timezone.now()),
        "recipients": selectors.recipients_in_words(consent),
        "signature": f"data:image/png;base64,{image}" if image else "",
        "banner": banner(consent.subject_id),
        "may_write": request.user.has_perm("clinical.change_encounter", consent),
        **_said(consent.elements),
    }
    return render(request, "clinical/consent.html", context)


def _said(elements: dict[str, Any]) -> dict[str, str]:
    """What stands on the form about content and purpose, whichever law's keys it has."""

    def first(*keys: str) -> str:
        return next((str(elements[key]) for key in keys if elements.get(key)), "")

    return {
        "what": first("p.info", "h.info", "v.what", "m.info", "v7.info"),
        "why": first("p.purpose", "h.purpose", "v.why", "m.purpose", "v7.purpose"),
        "signed": first("p.sig", "h.sig", "v.sig", "m.sig", "v7.sig"),
        "revoke": first("p.revoke", "h.revoke", "m.revoke", "v7.revoke"),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def take_back(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """Take a consent back, after one page that says what that does."""
    consent = selectors.consent_seen_by(request.user, consent_id)
    check_may(request.user, "change", consent, of="encounter")
    how = request.POST.get("how", "")
    if request.method == "POST" and how in HOW:
        services.revoke_consent(consent=consent, how=how, by=request.user, at=timezone.now())
        messages.success(request, _("Taken back. What it opened is closed."))
        return redirect("clinical:consent", consent_id=consent.pk)
    context = {
        "consent": consent,
        "hows": HOW.items(),
        "asked": request.method == "POST",
        "recipients": selectors.recipients_in_words(consent),
        "banner": banner(consent.subject_id),
        "form_name": wording.FORM_NAMES.get(consent.form, consent.form),
    }
    return render(request, "clinical/consent_take_back.html", context)
