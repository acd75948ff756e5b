"""A keys database that a test may spoil."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def keys(database: Any) -> Iterator[None]:
    """The session's keys database, made anew afterwards under the wrapping key that it began with."""
    yield
    database.keys.make_again()
