"""What every write to a protected row shares: the check before it. Saving notes the entry by itself."""

from consent.access import NothingToTell
from consent.models import Principal, Protected


def check_may(by: Principal, verb: str, row: Protected, *, of: str = "") -> None:
    """Only who holds a writing grant on the compartment goes on; for others there is nothing here.

    Args:
        of: The model whose permission stands for a row that is not this app's own.

    Raises:
        NothingToTell: the role or the grant doesn't allow it.
    """
    if not by.has_perm(f"clinical.{verb}_{of or row._meta.model_name}", row):
        raise NothingToTell(f"`{row.pk}` is not this principal's to change")
