"""Reading documents for somebody; the paper itself is loaded only where it is taken out."""

from uuid import UUID

from django.db.models import QuerySet

from clinical.documents.models import Document
from consent.access import NothingToTell
from consent.models import Principal

SCOPED = "compartment__scope__program__unit"


def documents_about(subject_id: UUID) -> QuerySet[Document]:
    """A client's documents that the asker may see, without the papers themselves."""
    rows = Document.objects.about(subject_id).without_content()
    return rows.select_related("compartment__scope__program", "by", "struck_by")


def document_seen_by(asker: Principal, document_id: UUID, *, with_content: bool = False) -> Document:
    """The document, if ``asker`` may see it; otherwise `NothingToTell`."""
    rows = Document.objects.filter(pk=document_id)
    rows = rows if with_content else rows.without_content()
    found = rows.select_related(SCOPED, "by", "struck_by").first()
    if found is None:
        raise NothingToTell(f"document `{document_id}` is not there for `{asker.uid}`")
    return found
