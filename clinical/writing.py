"""What every write to a protected row shares: the check before it. Saving notes the entry by itself."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.utils import timezone

from consent import selectors, services
from consent.access import NothingToTell, acting_as, current
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


def may_write_into(compartment: Compartment, by: Principal) -> bool:
    """Does a grant let ``by`` write there now, for the purpose of this transaction?"""
    purpose = current().purpose
    return selectors.may_open(by, compartment, purpose=purpose, at=timezone.now(), writes=True)


@contextmanager
def written_into(compartment: Compartment, by: Principal) -> Iterator[bool]:
    """Write a new row into a compartment that its label chose: as ``by``, or past them where it isn't theirs to open.

    A label goes by what a record says, not by who may read it; what is more protective than its writer is kept
    by ``system:labels``, on their behalf. Yields whether ``by`` can open it. Whether they may write about the client
    at all is the caller's to check first.
    """
    if may_write_into(compartment, by):
        yield True
        return
    with acting_as("system:labels"):
        yield False
