"""Stamping a hand-off as made with both present (S6)."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clinical.field import handoffs as services
from clinical.field.models import BothPresent
from clinical.handoffs.selectors import referral_seen_by
from clinical.roles import CARE_TEAM
from clinical.writing import check_may
from consent import access
from consent.texts import LineField


class BothPresentForm(forms.Form):
    """How the two met, and who it was at the partner's."""

    how = forms.ChoiceField(choices=BothPresent.How.choices, initial=BothPresent.How.LINE)
    with_person = LineField(required=False, max_length=120)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def both_present(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Stamp it, at this instant."""
    referral = referral_seen_by(request.user, referral_id)
    check_may(request.user, "change", referral, of="encounter")
    form = BothPresentForm(request.POST)
    if form.is_valid():
        services.stamp(
            referral=referral, by=request.user, how=BothPresent.How(form.cleaned_data["how"]),
            with_person=form.cleaned_data["with_person"], at=timezone.now(),
        )  # fmt: skip
        messages.success(request, _("Both present: stamped."))
    else:
        messages.error(request, _("Choose how you met; the name is one line of at most 120 letters."))
    return redirect("clinical:handoff", referral_id=referral.pk)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def strike(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Take the stamp back."""
    referral = referral_seen_by(request.user, referral_id)
    services.strike(referral=referral, by=request.user, at=timezone.now())
    messages.success(request, _("Stamp taken back."))
    return redirect("clinical:handoff", referral_id=referral.pk)
