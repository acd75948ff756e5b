"""The ledger's desk."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clinical.ledgerdesk import selectors
from clinical.ledgerdesk.forms import QuestionForm
from clinical.roles import LEDGER_READERS
from consent import access, paging
from consent.paging import Asked

# Reads are many; what is looked for is mostly one of these.
QUICK = (
    ("", "Everything"),
    ("action=decide", "Decisions"),
    ("outcome=deny", "Withheld"),
    ("action=consent", "Consents signed"),
    ("action=revoke", "Consents taken back"),
    ("action=refer", "Referrals"),
)


@require_safe
@access.purpose("HCOMPL")
@access.requires_role(*LEDGER_READERS)
def ledger(request: HttpRequest) -> HttpResponse:
    """Newest first, filtered, a page at a time; only what went out has a total."""
    form = QuestionForm(request.GET or None)
    question = form.question() if form.is_bound and form.is_valid() else selectors.Question()
    answer = selectors.entries(request.user, question, Asked.by(request.GET, size=selectors.SHOWN))
    page = answer.page
    kept = request.GET.copy()
    for name in (paging.OLDER, paging.NEWER):
        kept.pop(name, None)
    context = {
        "form": form,
        "entries": page.rows,
        "number": answer.number,
        "is_accounting": question.is_accounting,
        "together": question.takes_reads_together,
        "links": paging.links(request, page),
        "kept": kept.urlencode(),
        "quick": QUICK,
        "is_filtered": any(kept.values()),
        "names": selectors.names_of_actors(page.rows),
        "actions": selectors.ACTIONS,
        "outcomes": selectors.OUTCOMES,
    }
    return render(request, "clinical/ledger.html", context)


@require_safe
@access.purpose("HCOMPL")
@access.requires_role(*LEDGER_READERS)
def ledger_entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """One entry: who, which groups of fields, why, under which rule, with which hash; never the content."""
    entry = selectors.entry_seen_by(request.user, entry_id)
    context = {
        "entry": entry,
        "rules": selectors.rules_of(entry),
        "names": selectors.names_of_actors([entry]),
        "actions": selectors.ACTIONS,
        "outcomes": selectors.OUTCOMES,
        "leaf_hash": bytes(entry.leaf_hash).hex(),
    }
    return render(request, "clinical/ledger_entry.html", context)
