"""What every story of the clinical side begins with; `tests.clinical.stage` makes it."""

from typing import Any

import pytest


@pytest.fixture
def night(db: None) -> Any:
    """Lind and Varga on duty, Oduya at the ledger."""
    from tests.clinical import stage

    return stage.make_night()


@pytest.fixture
def planted() -> Any:
    """What the police told: canaries."""
    from tests.clinical import stage

    return stage.canaries_of("referral")


@pytest.fixture
def referral(planted: Any) -> Any:
    """An officer's referral, as the envelope carries it."""
    from tests.clinical import stage

    return stage.make_referral(planted)


@pytest.fixture
def incident() -> Any:
    """A call handed to the unit."""
    from tests.clinical import stage

    return stage.make_incident()
