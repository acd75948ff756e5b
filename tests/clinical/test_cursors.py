"""What stands behind ``?older=`` came from an address bar: nonsense is no cursor, and never an error."""

import uuid

import pytest

from tests.clinical.stage import open_card

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "at",
    [
        "", "yesterday", "2026-11-25", "2026-11-25T02:14:00", "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59", "2026-11-25T02:14:00+01:02:03.5", "2026-11-25T02:14:00+00:00:00.000001",
        "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
    ],
)  # fmt: skip
def test_a_cursor_that_is_none_is_answered_like_any_other(night, referral, at):
    _encounter, subject_id = open_card(night, referral)
    whole = f"{at}_{uuid.uuid4()}"

    assert night.get(night.lind, "clients", query_params={"older": whole}).status_code == 200
    assert night.get(night.oduya, "ledger", query_params={"older": whole}).status_code == 200
    assert night.get(night.lind, "client", subject_id, query_params={"older": at}).status_code == 200
