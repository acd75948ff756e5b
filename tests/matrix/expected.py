"""What an address must answer to somebody: worked out from the table and the cast alone.

Not one line of the product is asked. The order is the house's: who isn't signed in is sent to sign in,
a method that the page doesn't know is 405, and whatever somebody may not come to is the 404 of what isn't there.
"""

from dataclasses import dataclass

from tests.matrix.routes import Row
from tests.matrix.world import Somebody

TO_SIGN_IN, NOT_THERE, NO_SUCH_METHOD, NO_TOKEN = 302, 404, 405, 401
OF_A_LIBRARY = (200, 302, 400, 403, 404, 405)  # anything but a fault; what it tells is the oracle's to judge


@dataclass(frozen=True)
class Expected:
    """The statuses that are right, and whether the answer must be the one for what isn't there."""

    statuses: tuple[int, ...]
    as_if_absent: bool = False


def expected(row: Row, who: Somebody, method: str, *, is_there: bool) -> Expected:
    """What ``who`` must get from the address with ``method``.

    Args:
        is_there: The id in the address is that of a record; otherwise it is made up.
    """
    if "library" in row.who:
        return Expected(OF_A_LIBRARY)
    if who.is_locked:
        return Expected((TO_SIGN_IN,))  # whatever the page
    if "public" in row.who:
        return Expected(row.methods.get(method, (NO_SUCH_METHOD,)))
    if "machine" in row.who:
        return _of_a_machine(row, who, method)
    if not who.signed_in:
        return Expected((TO_SIGN_IN,))
    if method not in row.methods:
        return Expected((NO_SUCH_METHOD,))
    if "signed in" not in row.who and not row.who & who.roles:
        return Expected((NOT_THERE,), as_if_absent=True)
    if row.opens_by == "compartment":
        opens = who.writes if method in row.writes else who.reads
        if not (opens and is_there):
            return Expected((NOT_THERE,), as_if_absent=True)
    elif row.object and not is_there:
        return Expected((NOT_THERE,), as_if_absent=True)
    return Expected(row.methods[method])


def _of_a_machine(row: Row, who: Somebody, method: str) -> Expected:
    if not who.token_lives:
        return Expected((NO_TOKEN,))
    return Expected(row.methods.get(method, (NO_SUCH_METHOD,)))
