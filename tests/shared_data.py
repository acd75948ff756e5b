"""Where the public data and the specifications lie that tests measure against.

They stand beside the repository, never in it; ``BULKHEAD_SHARED`` names another place.
"""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("BULKHEAD_SHARED", REPOSITORY.parent / "shared"))


def shared(*parts: str) -> Path:
    """The path of a shared file. Without the folder, the test that asks is skipped and says so.

    Raises:
        FileNotFoundError: the folder is there and the file is not.
    """
    if not SHARED.is_dir():
        pytest.skip("no shared data beside the repository: set BULKHEAD_SHARED", allow_module_level=True)
    path = SHARED.joinpath(*parts)
    if not path.exists():
        raise FileNotFoundError(f"no `{path}` in the folder of shared data")
    return path
