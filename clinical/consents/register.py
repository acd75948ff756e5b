"""What was asked and how it was answered, the client's copy, photos of signed papers, and the end of a limit."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinical.clients.selectors import banner, client_seen_by
from clinical.consents import copies, selectors, services, wording
from clinical.consents.papers import MOST_BYTES, NoPicture, picture_of
from clinical.consents.sheet import sheet_kept
from clinical.consents.views import pdf
from clinical.roles import CARE_TEAM, IN_CARE
from clinical.writing import check_may
from consent import access, paging
from consent import services as consenting
from consent.access import NothingToTell
from consent.files import takes_files


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def consents(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """Everything that the client was asked, newest first: signed, declined, put off, limited, said."""
    about = banner(subject_id)
    page = selectors.register_of(subject_id, paging.Asked.by(request.GET, size=selectors.SHOWN))
    client = about["client"]
    if client is None and not page.rows:
        raise NothingToTell(f"nothing about `{subject_id}` is open to the asker")
    context = {
        "banner": about,
        "items": page.rows,
        "links": paging.links(request, page),
        "may_write": client is not None and request.user.has_perm("clinical.change_client", client),
    }
    return render(request, "clinical/consents/register.html", context)


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def copy(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """The client's copy as a PDF, in the language in which the form was read."""
    consent = selectors.consent_seen_by(request.user, consent_id)
    sheet = sheet_kept(consent, selectors.recipients_in_words(consent))
    language = sheet["language"]
    taken_back = wording.day(consent.revoked_at, language) if consent.revoked_at else ""
    papers = [bytes(each.picture) for each in selectors.papers_of(consent)]
    return pdf(
        copies.as_pdf(sheet, signature=bytes(consent.signature or b""), papers=papers, taken_back=taken_back)
    )


@takes_files(most_bytes=MOST_BYTES)
@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def add_paper(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """Add the photo of a paper to a form that is kept already."""
    consent = selectors.consent_seen_by(request.user, consent_id)
    check_may(request.user, "change", consent, of="encounter")
    file = request.FILES.get("paper")
    try:
        if file is None:
            raise NoPicture("Choose a photo of the signed paper.")
        services.add_paper(consent=consent, picture=picture_of(file), by=request.user)
    except NoPicture as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The photo is kept with the form."))
    return redirect("clinical:consent", consent_id=consent.pk)


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def paper(request: HttpRequest, paper_id: UUID) -> HttpResponse:
    """The photo itself."""
    found = selectors.paper_seen_by(request.user, paper_id)
    headers = {"Content-Disposition": 'inline; filename="paper.jpg"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(bytes(found.picture), content_type="image/jpeg", headers=headers)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def end_limit(request: HttpRequest, limit_id: UUID) -> HttpResponse:
    """The person ends a limit that they had asked for."""
    limit = selectors.limit_seen_by(request.user, limit_id)
    client = client_seen_by(request.user, limit.subject_id)
    check_may(request.user, "change", client)
    consenting.end_restriction(limit, at=timezone.now())
    messages.success(request, _("The limit has ended."))
    return redirect("clinical:consents", subject_id=limit.subject_id)
