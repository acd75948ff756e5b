"""What is typed and not sent yet: kept by itself, found again on another phone, emptied when it was sent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from clinical.encounters.models import Encounter
from clinical.encounters.selectors import note_choices
from clinical.field.models import Draft, Form
from clinical.writing import check_may, may_write_into
from consent import services
from consent.models import Compartment, Principal
from consent.texts import without_hiding

MOST_CHARACTERS = 20_000  # of one answer: as long as a note may be
MOST_ANSWERS = 60
NOT_KEPT = frozenset({"csrfmiddlewaretoken", "parcel", "with_outcome"})  # the page's own, not typed
Answers = Mapping[str, list[str]]


@transaction.atomic
def keep_draft(
    *, encounter: Encounter, by: Principal, form: Form, said: Answers, at: datetime
) -> Draft | None:
    """Keep what was typed so far in place of what was kept before; ``None`` once nothing is left.

    It lies where the form itself would go: a note that its author marks as speaking of danger is kept
    in that compartment from then on.

    Args:
        said: Every answer under its field's name, as often as the field was answered.
    """
    check_may(by, "change", encounter)
    kept = tidy(said)
    found = draft_of(encounter, by, form)
    if not kept:
        if found is not None:
            _end(found, at)
        return None
    compartment = _where(encounter, by, form, kept)
    if found is None:
        return _first(encounter, by, form, kept, at, compartment)
    if found.changed_at > at:
        return found  # an older text came late, from a phone without a signal
    return _replace(found, kept, at, compartment)


@transaction.atomic
def end_draft(*, encounter: Encounter, by: Principal, form: Form, at: datetime) -> None:
    """The form was sent or thrown away: empty its draft, if there is one."""
    check_may(by, "change", encounter)
    found = draft_of(encounter, by, form)
    if found is not None:
        _end(found, at)


def draft_of(encounter: Encounter, by: Principal, form: Form) -> Draft | None:
    """What ``by`` has typed into this form and not sent."""
    rows = Draft.objects.filter(encounter=encounter, form=form).of(by).unfinished()
    return rows.select_related("compartment__scope").first()


def drafts_in(encounter: Encounter, by: Principal) -> dict[str, Draft]:
    """What ``by`` has typed into the encounter's forms and not sent, by form."""
    rows = Draft.objects.filter(encounter=encounter).of(by).unfinished()
    return {draft.form: draft for draft in rows}


def unfinished_of(worker: Principal, most: int = 50) -> list[Draft]:
    """What ``worker`` has not finished, the latest first."""
    rows = Draft.objects.of(worker).unfinished().order_by("-changed_at")
    return list(rows.select_related("encounter", "compartment__scope__program")[:most])


def tidy(said: Answers) -> dict[str, list[str]]:
    """The answers that say something, without what controls or hides."""
    kept: dict[str, list[str]] = {}
    for name, values in list(said.items())[:MOST_ANSWERS]:
        words = [without_hiding(value)[:MOST_CHARACTERS] for value in values[:MOST_ANSWERS]]
        if name not in NOT_KEPT and any(word.strip() for word in words):
            kept[name[:60]] = words
    return {} if set(kept) <= {"compartment"} else kept


def typed(draft: Draft | None, known: Mapping[str, Any]) -> dict[str, Any]:
    """What a form begins with: what is known or, where it was typed into and not sent, that alone.

    A form is sent whole, so that what the draft doesn't name was left empty.
    """
    if draft is None:
        return dict(known)
    said = draft.said or {}
    return {
        name: (said.get(name, []) if isinstance(value, list) else said.get(name, [""])[-1])
        for name, value in known.items()
    }


def _where(encounter: Encounter, by: Principal, form: Form, kept: Answers) -> Compartment:
    """The compartment that the form itself would be written into."""
    own = encounter.compartment
    program = own.scope.program
    choices = note_choices(program)
    chosen = kept.get("compartment", ["usual"])[-1]
    if form != Form.NOTE or chosen not in choices or chosen == "usual":
        return own
    wanted = {*services.profile(program).note, *choices[chosen]}
    compartment = services.compartment_for(own.subject_id, program, wanted)
    # a note may be kept past its writer (HIV); what they are still typing is theirs, and nobody else reads a draft
    return compartment if may_write_into(compartment, by) else own


def _first(
    encounter: Encounter, by: Principal, form: Form, kept: dict[str, list[str]], at: datetime,
    compartment: Compartment,
) -> Draft:  # fmt: skip
    draft = Draft(compartment=compartment, encounter=encounter, by=by, form=form, said=kept, changed_at=at)
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:  # another tab was first
        found = draft_of(encounter, by, form)
        if found is None:
            raise
        return _replace(found, kept, at, compartment)
    return draft


def _replace(draft: Draft, kept: dict[str, list[str]], at: datetime, compartment: Compartment) -> Draft:
    fields = ["said", "changed_at"]
    draft.said, draft.changed_at = kept, at
    if draft.compartment_id != compartment.pk:
        draft.compartment = compartment
        fields.append("compartment")
    draft.save(update_fields=fields)
    return draft


def _end(draft: Draft, at: datetime) -> None:
    draft.said, draft.ended_at = {}, at
    draft.save(update_fields=["said", "ended_at"])
