"""The scanner of tracked files finds what is planted, and names the place but not the secret."""

from pathlib import Path

import pytest

from config.local import hygiene

pytestmark = pytest.mark.side("clinical")


@pytest.mark.parametrize("what", list(hygiene.PLANTED))
def test_a_planted_one_is_found_with_its_line(what):
    text = f"first line\n{hygiene.PLANTED[what]}\n"

    found = list(hygiene.in_text(Path("notes.txt"), text))

    assert [str(each) for each in found] == [f"notes.txt:2: {what}"]


@pytest.mark.parametrize(
    "innocent",
    [
        "DATABASE_URL_CLINICAL=postgres://clinical_app:…@127.0.0.1/clinical",
        "see /var/lib/bulkhead and tests/home/page.html",
        "path('clients/<uuid:client_id>/', views.client)",
    ],
)
def test_an_innocent_line_is_left_alone(innocent):
    assert list(hygiene.in_text(Path("notes.txt"), innocent)) == []


def test_a_scanner_that_misses_a_planted_one_does_not_pass(monkeypatch):
    monkeypatch.delitem(hygiene.FORBIDDEN, "a credential")

    with pytest.raises(AssertionError, match="planted"):
        hygiene.findings()
