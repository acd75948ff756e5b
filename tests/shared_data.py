"""Where the public data and the specifications lie that tests measure against.

They stand beside the repository, never in it; ``BULKHEAD_SHARED`` names another place.
"""

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("BULKHEAD_SHARED", REPOSITORY.parent / "shared"))


def shared(*parts: str) -> Path:
    """The path of a shared file; an error that says how to name its folder, if it is not there."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        raise FileNotFoundError(f"no `{path}`: set BULKHEAD_SHARED to the folder of shared data")
    return path
