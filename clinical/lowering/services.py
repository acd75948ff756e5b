"""Asking to lower a label, and deciding it: the record moves in the transaction of the decision."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from clinical.lowering.models import Lowering
from clinical.lowering.records import Lowerable, model_of, name_of, takes_away_from
from clinical.units.selectors import programs_supervised_by
from clinical.writing import written_into
from consent import access, services
from consent.access import NothingToTell
from consent.models import Principal
from consent.services import ledger


class NotSo(Exception):
    """It can't be asked or decided that way; the message says why, and names nobody."""


@transaction.atomic
def ask_to_lower(*, row: Lowerable, by: Principal, takes_away: Iterable[str], reason: str) -> Lowering:
    """Ask a supervisor to take these segments off the record's label.

    Raises:
        NotSo: a segment is the program's own or not on the label, or somebody asked already.
        NothingToTell: the asker's role asks for nothing.
    """
    wanted = sorted(set(takes_away))
    if not wanted or not set(wanted) <= set(takes_away_from(row)):
        raise NotSo("the program's own segments stay, and only what is on the label can be taken off")
    if not by.has_perm("clinical.add_lowering"):
        raise NothingToTell(f"`{by.uid}` asks for no lowering")
    if Lowering.objects.filter(record_id=row.pk, compartment=row.compartment).waiting().exists():
        raise NotSo("somebody has asked already; a supervisor decides")
    asked = Lowering(
        compartment=row.compartment, record=name_of(row), record_id=row.pk, takes_away=wanted, reason=reason,
        asked_by=by,
    )  # fmt: skip
    with written_into(row.compartment, by):
        asked.save(force_insert=True)
    return asked


def may_decide(by: Principal, asked: Lowering) -> bool:
    """Is ``by`` a supervisor of the record's program, and not who asked?"""
    supervises = asked.compartment.scope.program in programs_supervised_by(by)
    return supervises and asked.asked_by_id != by.pk and by.has_perm("clinical.change_lowering")


@transaction.atomic
def decide(*, asked: Lowering, by: Principal, lowers: bool, remark: str, at: datetime) -> None:
    """Lower the label, or leave it; the record moves, and the grants follow, before anybody reads again.

    Raises:
        NothingToTell: ``by`` is not a supervisor of the program, asked for it, or can't see the record.
        NotSo: it was decided already, or the record has another label by now.
    """
    if not may_decide(by, asked):
        raise NothingToTell(f"`{asked.pk}` is not `{by.uid}`'s to decide")
    row = (
        model_of(asked)
        .objects.filter(pk=asked.record_id)
        .select_related("compartment__scope__program__unit")
        .first()
    )
    if row is None:
        raise NothingToTell(f"`{asked.record_id}` is not there for `{by.uid}`")
    _answer(asked, by, Lowering.Answer.LOWERED if lowers else Lowering.Answer.REFUSED, remark, at)
    if not lowers:
        return
    if row.compartment_id != asked.compartment_id:
        raise NotSo("the record has another label by now")
    _move(row, asked)


@transaction.atomic
def take_back(*, asked: Lowering, by: Principal, at: datetime) -> None:
    """Who asked may think better of it, as long as nobody has decided.

    Raises:
        NothingToTell: somebody else asked.
        NotSo: it was decided already.
    """
    if asked.asked_by_id != by.pk:
        raise NothingToTell(f"`{asked.pk}` was not asked by `{by.uid}`")
    _answer(asked, by, Lowering.Answer.TAKEN_BACK, "", at)


def _answer(asked: Lowering, by: Principal, answer: str, remark: str, at: datetime) -> None:
    """Write the answer down, where nobody has; checked and set in one statement."""
    with access.acting_as("system:labels"):
        waiting = Lowering.objects.filter(pk=asked.pk).waiting()
        if not waiting.update(answer=answer, answered_by=by, answered_at=at, remark=remark):
            raise NotSo("it was decided already")


def _move(row: Lowerable, asked: Lowering) -> None:
    before = row.compartment
    kept = sorted(set(before.scope.segments) - set(asked.takes_away))
    after = services.compartment_for(before.subject_id, before.scope.program, kept)
    with access.acting_as("system:labels"):
        row.compartment = after
        fields = ["compartment"]
        if hasattr(row, "because"):
            row.because = {segment: by for segment, by in row.because.items() if segment in kept}
            fields.append("because")
        row.save(update_fields=fields)
    ledger.note_event(
        "lower", subject_id=before.subject_id, segments=kept, segments_withheld=sorted(asked.takes_away),
        resources={row._meta.label_lower: [str(row.pk)], "clinical.lowering": [str(asked.pk)]},
        reason="a supervisor lowered the label",
    )  # fmt: skip
    services.recompute_grants(before.subject_id)
