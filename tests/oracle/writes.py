"""What is written: no canary into a table that nothing guards, and none in clear into one that is guarded.

Looked at when the statement is sent, because most tests roll their rows back.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from tests.oracle.canary import Registry, planted
from tests.oracle.responses import Leak
from tests.oracle.scan import scan

WRITTEN = re.compile(r'^\s*(?:insert\s+into|update)\s+"?(?:public"?\."?)?(\w+)', re.IGNORECASE)


def as_bytes(value: Any) -> bytes:
    """A statement's parameter as bytes: psycopg wraps JSON, Django passes lists as they are."""
    value = getattr(value, "obj", value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    return str(value).encode(errors="replace")


class Writes:
    """Refuses a canary on its way into a table that row-level security does not guard, and in clear into any.

    Args:
        guarded: The guarded tables.
        in_clear: Fields of theirs that are codes and so stand in clear; a test may put a canary there all the same.
    """

    def __init__(
        self, guarded: Iterable[str], known: Registry = planted, *, in_clear: Iterable[str] = ()
    ) -> None:
        self.guarded, self.known, self.in_clear = frozenset(guarded), known, frozenset(in_clear)

    def __call__(
        self, execute: Callable[..., Any], statement: str, parameters: Any, many: bool, context: Any
    ) -> Any:
        self.look_into(statement, parameters, many)
        return execute(statement, parameters, many, context)

    def look_into(self, statement: Any, parameters: Any, many: bool = False) -> None:
        match = WRITTEN.match(str(statement))
        if not match or not parameters:
            return
        is_guarded = match[1] in self.guarded
        rows = parameters if many else [parameters]
        for row in rows:
            values = row.values() if isinstance(row, dict) else row
            written = b"\n".join(map(as_bytes, values))
            if is_guarded:
                found = self.known.find(written.decode("latin-1").lower())
                may_stand = {each.text for each in found if each.field in self.in_clear}
                found = {each for each in found if each.text not in may_stand}  # one day may be two canaries
            else:
                found = scan(written, self.known)
            if found:
                told = "; ".join(sorted(map(str, found)))
                where = "in clear" if is_guarded else "though it is no protected table"
                raise Leak(f"`{match[1]}` would hold {told} {where}")
