"""One timeline about a client, across programs: every kind of dated thing, as one list.

A part of the record that has something dated adds its kind to `KINDS`: where its rows come from, and the
template that shows one. What the asker may not see is not in the rows, so that nothing here filters.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from clinical.consents.models import UnsignedForm
from clinical.consents.selectors import recipients_in_words, standing
from clinical.consents.wording import FORM_NAMES
from clinical.documents.selectors import documents_about
from clinical.encounters.models import Encounter, Note
from clinical.episodes.selectors import episodes_about, records_about
from clinical.handover.selectors import hand_overs_about
from clinical.health.selectors import written_about
from clinical.instruments.models import Screening
from clinical.instruments.selectors import screenings_about, title_of
from clinical.plans.selectors import plans_about, reviews_about
from clinical.safety.selectors import safety_plans_about
from consent.models import Consent, Principal
from consent.paging import Asked, Page, merged_page
from referrals.partners import selectors as referrals

SIZE = 40  # things on a page
PROGRAM = "compartment__scope__program"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of dated thing about a client.

    Attributes:
        name: As the address says it.
        words: As the filter says it.
        template: Shows one item; it gets ``item`` with ``row``, ``at``, ``kind`` and what `more` adds.
        rows: The rows about a client that the asker may see, their scope's program selected along.
        more: What the template needs beside the row.
    """

    name: str
    words: str
    template: str
    rows: Callable[[UUID], QuerySet[Any]]
    more: Callable[[Any], Mapping[str, Any]] = lambda row: {}


def _of_consent(row: Consent) -> dict[str, Any]:
    return {"standing": standing(row, timezone.now()), "recipients": recipients_in_words(row)}


def _of_screening(row: Screening) -> dict[str, Any]:
    return {"title": title_of(row)}


KINDS: tuple[Kind, ...] = (
    Kind(
        name="note",
        words="Notes",
        template="clinical/timeline/_note.html",
        rows=lambda about: Note.objects.about(about).select_related(PROGRAM, "author"),
    ),
    Kind(
        name="encounter",
        words="Encounters",
        template="clinical/timeline/_encounter.html",
        rows=lambda about: Encounter.objects.about(about).select_related(PROGRAM, "by"),
    ),
    Kind(
        name="episode",
        words="Episodes",
        template="clinical/timeline/_episode.html",
        rows=episodes_about,
    ),
    Kind(
        name="record",
        words="Programs' records",
        template="clinical/timeline/_record.html",
        rows=records_about,
    ),
    Kind(
        name="consent",
        words="Consents",
        template="clinical/timeline/_consent.html",
        rows=lambda about: Consent.objects.about(about).select_related(PROGRAM, "program", "explained_by"),
        more=_of_consent,
    ),
    Kind(
        name="unsigned",
        words="Forms not signed",
        template="clinical/timeline/_unsigned.html",
        rows=lambda about: UnsignedForm.objects.about(about).select_related(PROGRAM, "by"),
        more=lambda row: {"name": FORM_NAMES.get(row.form, row.form)},
    ),
    Kind(
        name="referral",
        words="Referrals",
        template="clinical/timeline/_referral.html",
        rows=referrals.referrals_of,
    ),
    Kind(
        name="screening",
        words="Screeners",
        template="clinical/timeline/_screening.html",
        rows=screenings_about,
        more=_of_screening,
    ),
    Kind(name="plan", words="Plans", template="clinical/timeline/_plan.html", rows=plans_about),
    Kind(name="review", words="Reviews", template="clinical/timeline/_review.html", rows=reviews_about),
    Kind(
        name="safety-plan",
        words="Safety plans",
        template="clinical/timeline/_safety_plan.html",
        rows=safety_plans_about,
    ),
    Kind(
        name="document", words="Documents", template="clinical/timeline/_document.html", rows=documents_about
    ),
    Kind(
        name="hand-over",
        words="Hand-overs",
        template="clinical/timeline/_hand_over.html",
        rows=hand_overs_about,
    ),
    Kind(
        name="health",
        words="Health",
        template="clinical/timeline/_health.html",
        rows=written_about,
    ),
)


def timeline(
    asker: Principal, subject_id: UUID, asked: Asked | None = None, *, only: Iterable[str] = ()
) -> Page:
    """What ``asker`` may see about a client, newest first, each item as its template wants it.

    Args:
        only: Names of kinds; all of them if none is named. An unknown name is no kind.
    """
    wanted = set(only)
    kinds = {kind.name: kind for kind in KINDS if not wanted or kind.name in wanted}
    page = merged_page(
        {name: kind.rows(subject_id) for name, kind in kinds.items()}, asked or Asked(size=SIZE)
    )
    items = [
        {
            "kind": name,
            "template": kinds[name].template,
            "at": row.created_at,
            "row": row,
            **kinds[name].more(row),
        }
        for name, row in page.rows
    ]
    return Page(rows=items, older=page.older, newer=page.newer)
