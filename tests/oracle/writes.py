"""What is written to tables that are nobody's compartment: sessions, log-in attempts, queues' rows.

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
    """Refuses a canary on its way into a table that row-level security does not guard."""

    def __init__(self, guarded: Iterable[str], known: Registry = planted) -> None:
        self.guarded, self.known = frozenset(guarded), known

    def __call__(
        self, execute: Callable[..., Any], statement: str, parameters: Any, many: bool, context: Any
    ) -> Any:
        self.look_into(statement, parameters, many)
        return execute(statement, parameters, many, context)

    def look_into(self, statement: Any, parameters: Any, many: bool = False) -> None:
        match = WRITTEN.match(str(statement))
        if not match or match[1] in self.guarded or not parameters:
            return
        rows = parameters if many else [parameters]
        for row in rows:
            values = row.values() if isinstance(row, dict) else row
            found = scan(b"\n".join(map(as_bytes, values)), self.known)
            if found:
                told = "; ".join(sorted(map(str, found)))
                raise Leak(f"`{match[1]}` is no protected table and would hold {told}")
