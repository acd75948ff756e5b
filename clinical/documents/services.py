"""Keeping papers, and taking back what was kept by mistake."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from clinical.documents.checking import Paper
from clinical.documents.models import Document
from clinical.writing import check_may, place_for
from consent.labels.kinds import Kind
from consent.models import Principal, Program


@transaction.atomic
def keep_document(
    *, subject_id: UUID, program: Program, by: Principal, paper: Paper, is_risk: bool = False, **said: Any
) -> Document:
    """Keep a paper that was checked, in the program's own segments; what speaks of danger also as ``RISK``."""
    compartment = place_for(subject_id, program, by, (Kind.RISK,) if is_risk else ())
    document = Document(
        compartment=compartment,
        by=by,
        media=paper.media,
        content=paper.content,
        size=len(paper.content),
        **said,
    )
    check_may(by, "add", document)
    document.save(force_insert=True)
    return document


@transaction.atomic
def strike(*, document: Document, by: Principal, because: str, at: datetime) -> None:
    """Take back one that was kept by mistake; it stays, and says so."""
    check_may(by, "change", document)
    if document.struck_at is None:
        document.struck_at, document.struck_by, document.struck_because = at, by, because
        document.save(update_fields=["struck_at", "struck_by", "struck_because"])
