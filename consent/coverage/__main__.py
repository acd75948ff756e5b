"""``python -m consent.coverage [--write]``: print the page, or write it where it belongs."""

import sys
from collections.abc import Sequence

from consent.coverage.page import PAGE, faults, page
from consent.coverage.tables import Coverage


def main(arguments: Sequence[str]) -> int:
    """Print or write the page; the exit code tells of faults in the data."""
    found = list(faults(Coverage()))
    for fault in found:
        sys.stderr.write(f"{fault}\n")
    text = page()
    if "--write" in arguments:
        PAGE.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
