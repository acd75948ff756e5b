#!/usr/bin/env python
"""Django's command line; the side is chosen by ``DJANGO_SETTINGS_MODULE``."""

import os
import sys


def main() -> None:
    """Run a management command.

    ``decide`` is for anybody with a file of scenarios, ``law_coverage`` for anybody with the
    statute book: no database and no environment, so they start on settings that need neither.
    """
    if sys.argv[1:2] in (["decide"], ["law_coverage"]):
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.bare"
    elif "DJANGO_SETTINGS_MODULE" not in os.environ:
        sys.exit(
            "set DJANGO_SETTINGS_MODULE to config.settings.clinical, config.settings.police "
            "or config.settings.exchange; `make demo` does it for you"
        )
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
