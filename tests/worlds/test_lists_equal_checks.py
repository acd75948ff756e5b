"""list == filter(check) and RLS == Python, over random worlds: whatever way one looks, the same rows."""

import pytest

from tests.worlds.conftest import WORLDS, faults

AT_ONCE = 50


@pytest.mark.parametrize("first", range(0, WORLDS, AT_ONCE))
def test_every_look_shows_what_the_reference_opens_and_nothing_else(stage, first):
    found = faults(range(first, first + AT_ONCE))

    assert not found, "\n".join(found)
