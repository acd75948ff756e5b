"""A client's documents: the list, keeping one, one of them, and the paper itself."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinical.clients.selectors import banner
from clinical.documents import selectors, services
from clinical.documents.checking import MOST_BYTES
from clinical.documents.forms import DocumentForm, StrikeForm
from clinical.documents.models import Document
from clinical.roles import CARE_TEAM, IN_CARE
from clinical.writing import programs_written_by
from consent import access, paging
from consent.files import takes_files

ENDINGS = {Document.Media.PDF: "pdf", Document.Media.JPEG: "jpg"}


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def documents(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """The papers, newest first."""
    about = banner(subject_id)
    page = paging.page_of(selectors.documents_about(subject_id), paging.Asked.by(request.GET))
    if about["client"] is None and not page.rows:
        raise access.NothingToTell(f"no document of `{subject_id}` is open to the asker")
    context = {
        "banner": about,
        "documents": page.rows,
        "links": paging.links(request, page),
        "may_write": bool(programs_written_by(request.user, subject_id)),
    }
    return render(request, "clinical/documents/documents.html", context)


@takes_files(most_bytes=MOST_BYTES + 1_000)
@require_http_methods(["GET", "HEAD", "POST"])
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def add_document(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """Keep a paper."""
    programs = programs_written_by(request.user, subject_id)
    if not programs:
        raise access.NothingToTell(f"the asker writes nothing about `{subject_id}`")
    form = DocumentForm(request.POST or None, request.FILES or None, programs=programs)
    if form.is_valid():
        services.keep_document(
            subject_id=subject_id, program=form.in_program, by=request.user, paper=form.cleaned_data["file"],
            **form.said,
        )  # fmt: skip
        messages.success(request, _("Document kept."))
        return redirect("clinical:documents", subject_id=subject_id)
    return render(request, "clinical/documents/add.html", {"banner": banner(subject_id), "form": form})


def _one(request: HttpRequest, document: Document, form: StrikeForm) -> HttpResponse:
    context = {
        "banner": banner(document.compartment.subject_id),
        "document": document,
        "strike_form": form,
        "may_write": request.user.has_perm("clinical.change_document", document),
    }
    return render(request, "clinical/documents/document.html", context)


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def document(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """What is known of one paper."""
    return _one(request, selectors.document_seen_by(request.user, document_id), StrikeForm())


@require_safe
@access.purpose("CAREMGT")
@access.requires_role(*IN_CARE)
def paper(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The paper itself, as a file whose name says nothing, to be opened outside the site."""
    found = selectors.document_seen_by(request.user, document_id, with_content=True)
    headers = {
        "Content-Disposition": f'attachment; filename="document.{ENDINGS[found.media]}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return HttpResponse(bytes(found.content), content_type=found.media, headers=headers)


@require_POST
@access.purpose("CAREMGT")
@access.requires_role(*CARE_TEAM)
def strike(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Take back one that was kept by mistake."""
    found = selectors.document_seen_by(request.user, document_id)
    form = StrikeForm(request.POST)
    if not form.is_valid():
        return _one(request, found, form)
    services.strike(document=found, by=request.user, because=form.cleaned_data["because"], at=timezone.now())
    messages.success(request, _("Struck. It stays in the record."))
    return redirect("clinical:document", document_id=found.pk)
