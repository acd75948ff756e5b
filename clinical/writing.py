"""What every write to a protected row shares: the check before it, the entry after it."""

from consent.access import NothingToTell
from consent.models import Principal, Protected
from consent.services import ledger


def check_may(by: Principal, verb: str, row: Protected, *, of: str = "") -> None:
    """Only who holds a writing grant on the compartment goes on; for others there is nothing here.

    Args:
        of: The model whose permission stands for a row that is not this app's own.

    Raises:
        NothingToTell: the role or the grant doesn't allow it.
    """
    if not by.has_perm(f"clinical.{verb}_{of or row._meta.model_name}", row):
        raise NothingToTell(f"`{row.pk}` is not this principal's to change")


def note_write(row: Protected) -> None:
    """Tell the ledger that a row was written; its id and kind, never its content."""
    ledger.note_event(
        "write",
        subject_id=row.compartment.subject_id,
        segments=list(row.compartment.scope.segments),
        field_groups=[row._meta.label_lower],
        resources={row._meta.label_lower: [str(row.pk)]},
        record_count=1,
    )
