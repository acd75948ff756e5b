"""Doing what a form says, once: whether it came by the line, from a phone's store, or by both."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.db import IntegrityError, transaction
from django.http import QueryDict

from clinical.encounters import services
from clinical.encounters.forms import IntroductionForm, LeaveForm, NoteForm, SceneForm
from clinical.encounters.models import Encounter
from clinical.encounters.scene_forms import OutcomeForm
from clinical.encounters.selectors import encounter_seen_by, note_choices
from clinical.field import drafts
from clinical.field.models import Form, Parcel
from clinical.field.sealed import Opened
from clinical.writing import check_may
from consent.access import NothingToTell
from consent.models import Principal

KEPT, AGAIN, DRAFT = "kept", "again", "draft"
WITH_OUTCOME = "with_outcome"  # stands in a form of leaving that asks force, injury and supplies as well


@transaction.atomic
def is_first(
    *, encounter: Encounter, by: Principal, form: Form, number: UUID, kept_at: datetime | None = None
) -> bool:
    """Note that the form of this number was sent; was it for the first time?"""
    check_may(by, "change", encounter)
    parcel = Parcel(
        compartment=encounter.compartment,
        encounter=encounter,
        by=by,
        form=form,
        number=number,
        kept_at=kept_at,
    )
    try:
        with transaction.atomic():
            parcel.save(force_insert=True)
    except IntegrityError:
        return False
    return True


@transaction.atomic
def deliver(*, opened: Opened, by: Principal, at: datetime) -> str:
    """Do what a form that a phone kept says, for the instant at which it was kept.

    Returns:
        `KEPT`; `AGAIN` where it was done before; `DRAFT` where it is a draft, or can't be done as it
        stands: nothing that was typed is lost.

    Raises:
        NothingToTell: there is no such encounter for ``by``, or it is not theirs to write in any more.
    """
    if opened.encounter_id is None or opened.form not in Form.values:
        raise NothingToTell("no such form")
    encounter, form = encounter_seen_by(by, opened.encounter_id), Form(opened.form)
    check_may(by, "change", encounter)
    when = min(max(opened.kept_at, encounter.opened_at), at)  # a phone's clock may be wrong
    if opened.is_draft:
        drafts.keep_draft(encounter=encounter, by=by, form=form, said=opened.answers, at=when)
        return DRAFT
    if not is_first(encounter=encounter, by=by, form=form, number=opened.number, kept_at=opened.kept_at):
        return AGAIN
    if not _do(encounter, form, opened.answers, by, when):
        drafts.keep_draft(encounter=encounter, by=by, form=form, said=opened.answers, at=at)
        return DRAFT
    drafts.end_draft(encounter=encounter, by=by, form=form, at=at)
    return KEPT


def _do(encounter: Encounter, form: Form, answers: drafts.Answers, by: Principal, at: datetime) -> bool:
    """Do it; could it be done?"""
    if form == Form.ARRIVED:
        services.arrive(encounter=encounter, by=by, at=at)
        return True
    posted = QueryDict(mutable=True)
    for name, values in answers.items():
        posted.setlist(name, list(values))
    filled = _filled(encounter, form, posted)
    if not filled.is_valid():
        return False
    said: dict[str, Any] = filled.cleaned_data
    if form == Form.SCENE:
        services.describe_scene(encounter=encounter, by=by, **said)
    elif form == Form.INTRODUCTION:
        services.record_introduction(encounter=encounter, by=by, answer=said["answer"], at=at)
    elif isinstance(filled, NoteForm):
        services.write_note(encounter=encounter, by=by, body=said["body"], segments=filled.segments)
    elif encounter.left_at is None:  # the first leaving counts
        return _leave(encounter, posted, said, by, at)
    return True


def _leave(
    encounter: Encounter, posted: QueryDict, said: dict[str, Any], by: Principal, at: datetime
) -> bool:
    if WITH_OUTCOME not in posted:
        leave(encounter=encounter, by=by, said=said, outcome=None, at=at)
        return True
    outcome = OutcomeForm(posted, encounter=encounter)
    if not outcome.is_valid():
        return False
    leave(encounter=encounter, by=by, said=said, outcome=outcome.facts, at=at)
    return True


@transaction.atomic
def leave(
    *, encounter: Encounter, by: Principal, said: dict[str, Any], outcome: dict[str, Any] | None, at: datetime
) -> None:
    """Keep force, injury and supplies where they were asked, and close the encounter."""
    if outcome is not None:
        services.describe_outcome(encounter=encounter, by=by, **outcome)
    services.leave(encounter=encounter, by=by, disposition=said["disposition"], at=at)


def _filled(encounter: Encounter, form: Form, posted: QueryDict) -> django_forms.Form:
    if form == Form.SCENE:
        return SceneForm(posted)
    if form == Form.INTRODUCTION:
        return IntroductionForm(posted)
    if form == Form.NOTE:
        return NoteForm(posted, compartments=note_choices(encounter.compartment.scope.program))
    return LeaveForm(posted)
