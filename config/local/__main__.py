"""``python -m config.local COMMAND``: what the Makefile calls, inside the virtual environment."""

import importlib
import sys

from config.local.console import GiveUp, fail

COMMANDS = {
    "demo": "demo",
    "test": "test",
    "test-deep": "test",
    "check": "check",
    "bench": "bench",
    "mutants": "mutants",
    "screenshots": "screenshots",
    "fmt": "check",
    "setup": "setup",
    "servers": "testing",
    "requirements": "setup",
}


def main() -> int:
    """Run the command that was named."""
    name = sys.argv[1] if len(sys.argv) == 2 else ""
    if name not in COMMANDS:
        sys.exit(f"one of: {', '.join(COMMANDS)}")
    module = importlib.import_module(f"config.local.{COMMANDS[name]}")
    function = {"fmt": "format_all", "test-deep": "deep", "requirements": "lock_requirements"}.get(
        name, "main"
    )
    try:
        return int(getattr(module, function)())
    except GiveUp as error:
        return fail(error)
    except KeyboardInterrupt:  # before there was anything to stop in order
        return 130


if __name__ == "__main__":
    sys.exit(main())
