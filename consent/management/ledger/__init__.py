"""The subcommands of ``manage.py ledger``, a module each.

A module's docstring says what it does, ``add_arguments(parser)`` declares what it takes, and
``run(options, out) -> int`` does it, writes to ``out`` and gives back the exit code.
"""

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Any, Protocol


class Writable(Protocol):
    """Where a subcommand's answer goes, a line at a time."""

    def write(self, line: str) -> Any:
        """Write the line, with its end."""


def subcommands() -> Mapping[str, ModuleType]:
    """The modules beside this one, by the name under which each is called."""
    names = sorted(found.name for found in pkgutil.iter_modules(__path__) if not found.name.startswith("_"))
    return {name: import_module(f"{__name__}.{name}") for name in names}
