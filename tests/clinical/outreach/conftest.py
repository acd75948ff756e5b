"""What the stories of outreach begin with."""

from typing import Any

import pytest


@pytest.fixture
def city(db: None) -> Any:
    """Programs of outreach, and who works there."""
    from tests.clinical.outreach import stage

    return stage.make_city()
