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
from clinical.consents import catalog, copies, selectors, services, wording
from clinical.consents.draft import Draft, form_of, forms_of
from clinical.consents.forms import SPOKEN, ConsentForm, tongue_of
from clinical.consents.models import UnsignedForm
from clinical.consents.papers import MOST_BYTES
from clinical.consents.sheet import openings_in_words, sheet_kept, sheet_of
from clinical.roles import CARE_TEAM, IN_CARE
from clinical.writing import check_may
from consent import access
from consent import services as consenting
from consent.files import takes_files

HOW = {"oral": "They said so, in person", "phone": "They said so by phone", "written": "In writing"}
LAST = len(wording.STEPS)


@takes_files(most_bytes=MOST_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def take_consent(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """The four steps: each is posted with what the earlier ones said, and nothing is kept before the end."""
    client = client_seen_by(request.user, subject_id)
    check_may(request.user, "change", client)
    blank = _blank(request, client)
    is_posted = request.method == "POST" and request.POST.get("go") != "form"
    form = ConsentForm(
        request.POST if is_posted else None, request.FILES if is_posted else None,
        draft=blank, partners=selectors.organizations(),
    )  # fmt: skip
    if not is_posted:
        return _step(request, form, blank, 1)
    form.is_valid()
    go = request.POST.get("go", "1")
    if go in (UnsignedForm.Answer.DECLINES, UnsignedForm.Answer.LATER, UnsignedForm.Answer.UNSAFE, "refused"):
        return _not_signed(request, form.draft(), go)
    wanted = _step_wanted(go)
    for step in range(1, min(wanted, LAST + 1)):
        if form.left_empty(step) or any(name in form.errors for name in form.fields_of(step)):
            return _step(request, form, form.draft(), step)
    draft = form.draft()
    if go == "print":
        return pdf(copies.as_pdf(sheet_of(draft, openings_in_words(draft, draft.opens())), blank=True))
    if wanted <= LAST:
        return _step(request, form, draft, wanted)
    lacks = [*draft.lacks(), *(str(each) for each in form.errors.get("paper", ()))]
    if lacks:
        return _step(request, form, draft, LAST, lacks)
    return _finish(request, draft)


def _blank(request: HttpRequest, client: Any) -> Draft:
    """The form that was chosen in the language that was chosen; the program's usual one in English at first."""
    now, program = timezone.now(), client.compartment.scope.program
    code, spoken = request.POST.get("form", ""), request.POST.get("language", "en")
    usual = form_of(program, now)
    kind = catalog.KINDS[code if code in forms_of(program, now) else usual]
    spoken = spoken if spoken in SPOKEN else "en"
    return Draft(
        program=program, kind=kind, client=client, by=request.user, at=now, spoken=spoken,
        language=tongue_of(spoken),
    )  # fmt: skip


def _step_wanted(go: str) -> int:
    """The step that was asked for; one past the last is *finish*."""
    if go in ("finish", "print"):
        return LAST + 1
    return int(go) if go in [str(number) for number in range(1, LAST + 1)] else 1


def _finish(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Keep it: a limit is agreed to, a sheet of several lines leads to the register, one form to its page."""
    subject_id = draft.client.subject_id
    if draft.kind.ends == "limit":
        services.agree_to_limit(draft)
        messages.success(request, _("Agreed. It is kept from them from now on."))
        return redirect("clinical:consents", subject_id=subject_id)
    kept = services.keep(draft)
    if len(kept) > 1:
        messages.success(request, _("Signed, a form for each line. Give them the copy."))
        return redirect("clinical:consents", subject_id=subject_id)
    messages.success(request, _("Signed. Give them the copy."))
    return redirect("clinical:consent", consent_id=kept[0].pk)


def _not_signed(request: HttpRequest, draft: Draft, answer: str) -> HttpResponse:
    """Keep the no, and as far as it came."""
    offered = {
        "to": draft.to_words,
        "what": draft.what_words,
        "why": draft.why_words,
        "until": draft.until_words,
    }
    services.keep_unsigned(
        client=draft.client, form=draft.kind.code, answer=answer, by=draft.by, at=draft.at, language=draft.spoken,
        offered=offered if draft.named else {}, words=request.POST.get("their_words", "").strip()[:500],
    )  # fmt: skip
    again = _("Kept. Ask again after a day.") if answer == UnsignedForm.Answer.LATER else _("Kept.")
    messages.success(request, again)
    return redirect("clinical:consents", subject_id=draft.client.subject_id)


def _step(
    request: HttpRequest, form: ConsentForm, draft: Draft, step: int, lacks: list[str] | None = None
) -> HttpResponse:
    tongue, kind = draft.language, draft.kind
    is_limit = kind.ends == "limit"
    who = wording.WHO_LIMIT if is_limit else wording.WHO_ONE if kind.one_recipient else wording.WHO
    shown = openings_in_words(draft, draft.opens()) if step == LAST else []
    name = draft.name or wording.THE_PERSON.tell(tongue)
    context: dict[str, Any] = {
        "form": form,
        "draft": draft,
        "kind": kind,
        "tongue": tongue,
        "step": step,
        "steps": [each.tell(tongue) for each in wording.STEPS],
        "lacks": lacks or [],
        "carried": form.carried(step),
        "banner": banner(draft.client.subject_id),
        "form_name": kind.name.tell(tongue),
        "form_name_en": kind.name.en if tongue != "en" else "",
        "is_limit": is_limit,
        "is_draft": not wording.is_reviewed(tongue),
        "legends": {
            "to": who.tell(tongue),
            "what": (wording.WHAT_LIMIT if is_limit else wording.WHAT).tell(tongue),
            "why": wording.WHY.tell(tongue), "days": wording.UNTIL.tell(tongue),
            "read": wording.READ_OUT.tell(tongue), "copy": wording.COPY.tell(tongue),
            "opens": (wording.CLOSES_TITLE if is_limit else wording.OPENS_TITLE).tell(tongue),
            "informed": wording.INFORMED.tell(tongue), "sign": wording.SIGNATURE_OF.tell(tongue, name=name),
            "sign_here": wording.SIGN_HERE.tell(tongue), "signed": wording.SIGNED.tell(tongue),
        },
        "choices": {name: form.choices_of(name) for name in ("to", "what", "why", "days")},
        "questions": form.questions_of(step),
        "initials": form.initials(draft.named) if step == LAST else [],
        "shown": shown,
        "to_be_shown": [each.en for each in kind.to_be_shown.values()],
        "statements": [(each.tell(tongue), each.en if tongue != "en" else "") for each in kind.statements],
        "spoken": SPOKEN.items(),
        "kinds": [(each, catalog.KINDS[each]) for each in forms_of(draft.program, draft.at)],
    }  # fmt: skip
    return render(request, "clinical/consents/take.html", context)


def pdf(content: bytes) -> HttpResponse:
    """A PDF that is named after nobody; no page of the site is kept by a browser or a proxy."""
    headers = {"Content-Disposition": 'inline; filename="copy.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def consent_page(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """The signed form: what it says, what it is worth now."""
    consent = selectors.consent_seen_by(request.user, consent_id)
    image = base64.b64encode(bytes(consent.signature)).decode() if consent.signature else ""
    recipients = selectors.recipients_in_words(consent)
    context = {
        "consent": consent,
        "form_name": wording.FORM_NAMES.get(consent.form, consent.form),
        "standing": selectors.standing(consent, timezone.now()),
        "recipients": recipients,
        "sheet": sheet_kept(consent, recipients),
        "signature": f"data:image/png;base64,{image}" if image else "",
        "papers": selectors.papers_of(consent),
        "banner": banner(consent.subject_id),
        "may_write": request.user.has_perm("clinical.change_encounter", consent),
    }
    return render(request, "clinical/consents/consent.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def take_back(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """Take a consent back, after one page that says what that does."""
    consent = selectors.consent_seen_by(request.user, consent_id)
    check_may(request.user, "change", consent, of="encounter")
    how = request.POST.get("how", "")
    if request.method == "POST" and how in HOW:
        consenting.revoke_consent(consent=consent, how=how, by=request.user, at=timezone.now())
        messages.success(request, _("Taken back. What it opened is closed."))
        return redirect("clinical:consent", consent_id=consent.pk)
    context = {
        "consent": consent,
        "hows": HOW.items(),
        "asked": request.method == "POST",
        "recipients": selectors.recipients_in_words(consent),
        "banner": banner(consent.subject_id),
        "form_name": wording.FORM_NAMES.get(consent.form, consent.form),
        "holds_until": selectors.irrevocable_until(consent, timezone.now()),
    }
    return render(request, "clinical/consents/take_back.html", context)
