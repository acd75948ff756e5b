"""What every write to a protected row shares: the check before it. Saving notes the entry by itself."""

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone

from consent import selectors, services
from consent.access import NothingToTell, current
from consent.labels.kinds import Kind
from consent.models import Compartment, Principal, Program, Protected


def check_may(by: Principal, verb: str, row: Protected, *, of: str = "") -> None:
    """Only who holds a writing grant on the compartment goes on; for others there is nothing here.

    Args:
        of: The model whose permission stands for a row that is not this app's own.

    Raises:
        NothingToTell: the role or the grant doesn't allow it.
    """
    if not by.has_perm(f"clinical.{verb}_{of or row._meta.model_name}", row):
        raise NothingToTell(f"`{row.pk}` is not this principal's to change")


def programs_written_by(by: Principal, subject_id: UUID) -> list[Program]:
    """The programs in which ``by`` may write about the client now, for the purpose of this transaction."""
    return selectors.programs_written_by(by, subject_id, purpose=current().purpose, at=timezone.now())


def segments_for(program: Program, kinds: Iterable[Kind] = ()) -> tuple[str, ...]:
    """The segments of what is written in the program and speaks of these kinds; the most protective wins."""
    return services.label(program, timezone.now(), chosen=kinds).segments


def place_for(subject_id: UUID, program: Program, by: Principal, kinds: Iterable[Kind] = ()) -> Compartment:
    """The compartment for what ``by`` writes about the client, and that speaks of these kinds.

    It is made when there is none, and opens at once to whom the law opens it.

    Raises:
        NothingToTell: ``by`` writes nothing about the client in that program.
    """
    if program not in programs_written_by(by, subject_id):
        raise NothingToTell(f"`{by.uid}` writes nothing about `{subject_id}` in `{program.slug}`")
    return services.compartment_for(subject_id, program, segments_for(program, kinds))


def as_uuid(text: str) -> UUID:
    """An id that came in a form.

    Raises:
        NothingToTell: it is none; one answer with an id that is nowhere.
    """
    try:
        return UUID(text)
    except ValueError:
        raise NothingToTell("not an id") from None
