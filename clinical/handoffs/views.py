"""Choosing a partner, seeing what would go, sending; and what became of it in one word."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clinical.clients.selectors import banner, client_seen_by, names_of
from clinical.consents import wording
from clinical.consents.draft import form_of
from clinical.field import looks
from clinical.field.handoffs import stamp_of
from clinical.field.models import BothPresent
from clinical.handoffs import selectors
from clinical.handoffs.forms import ReferralForm
from clinical.roles import CARE_TEAM, IN_CARE
from clinical.writing import check_may
from consent import access, paging, services
from referrals.partners import services as partners


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def choose(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """The partners, those that a valid form names first."""
    client = client_seen_by(request.user, subject_id)
    check_may(request.user, "change", client)
    with_form, others = selectors.partners_for(subject_id, timezone.now())
    context = {
        "with_form": with_form, "others": others, "banner": banner(subject_id),
        "page": looks.page_for(request.user, subject_id),
    }  # fmt: skip
    return render(request, "clinical/refer_choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def refer(request: HttpRequest, subject_id: UUID, partner_id: UUID) -> HttpResponse:
    """What would go and what stays, and the form that sends it."""
    client = client_seen_by(request.user, subject_id)
    check_may(request.user, "change", client)
    partner = selectors.partner_named(partner_id)
    program, now = client.compartment.scope.program, timezone.now()
    outlook = selectors.outlook(client=client, partner=partner, by=request.user, at=now)
    form = ReferralForm(
        request.POST or None, client=client, outlook=outlook, parent=services.profile(program).parent
    )
    refused = ""
    if request.method == "POST" and outlook.permits and form.is_valid():
        content = form.content()
        try:
            referral = partners.refer(
                subject_id=subject_id, program=program, organization=partner, segments=set(content),
                content=content, by=request.user, at=now,
            )  # fmt: skip
        except partners.ReferralRefused as error:
            refused = error.reason
        else:
            messages.success(request, _("Sent. The partner can read it from now on."))
            return redirect("clinical:handoff", referral_id=referral.pk)
    context = {
        "partner": partner,
        "outlook": outlook,
        "form": form,
        "refused": refused,
        "page": looks.page_for(request.user, subject_id),
        "form_needed": wording.FORM_NAMES[form_of(program, now)],
        "banner": banner(subject_id),
    }
    return render(request, "clinical/refer.html", context)


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def handoffs(request: HttpRequest) -> HttpResponse:
    """The referrals to partners that the asker may see, newest first."""
    page = selectors.referrals_in_sight(paging.Asked.by(request.GET, size=selectors.SHOWN))
    names = names_of(each.compartment.subject_id for each in page.rows)
    shown = [{"referral": each, "name": names.get(each.compartment.subject_id, "")} for each in page.rows]
    context = {"referrals": shown, "links": paging.links(request, page)}
    return render(request, "clinical/handoffs.html", context)


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def handoff(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """One referral: to whom, which segments went, which stayed, and the partner's answers."""
    referral = selectors.referral_seen_by(request.user, referral_id)
    subject_id = referral.compartment.subject_id
    context = {
        "referral": referral,
        "answers": selectors.answers_to(referral),
        "banner": banner(subject_id),
        "page": looks.page_for(request.user, subject_id),
        "back_to": looks.open_encounter_with(request.user, subject_id),
        "stamp": stamp_of(referral),
        "hows": BothPresent.How.choices,
        "may_write": request.user.has_perm("clinical.change_encounter", referral),
    }
    return render(request, "clinical/handoff.html", context)
