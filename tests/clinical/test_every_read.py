"""What was shown and what the ledger says was read are one and the same, request by request.

Shown is what a scan finds in the answers, which knows nothing of how the ledger is written: each
client has a name of their own that stands on every page about them.
"""

import random
import uuid
from collections import Counter

import pytest

from tests.clinical.stage import canaries_of, make_referral, open_card
from tests.oracle import peephole
from tests.oracle.responses import pseudonym, received
from tests.oracle.scan import scan

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS, REQUESTS = 8, 240
# Pages that show the client whom they read, whoever may see them.
ABOUT_A_CLIENT = ("client", "edit_client", "take_consent", "choose_partner")


def shown(answer):
    """The clients, as the ledger calls them, of whom a canary stands in the answer."""
    return {pseudonym(canary.subject) for canary in scan(received(answer)) if canary.subject}


def read(answer):
    """The clients that the request's entries say were read by somebody, each as often as it is said."""
    entries = peephole.ledger_of(answer.wsgi_request.access_context.gathering.request_id)
    return Counter(entry.subject for entry in entries if entry.action == "read")


@pytest.fixture
def town(night):
    """Two workers with clients of their own, whose names are canaries: (encounter, client) by worker."""
    mine = {night.lind: [], night.varga: []}
    for number in range(CLIENTS):
        by = night.varga if number % 3 == 0 else night.lind
        mine[by].append(open_card(night, make_referral(canaries_of(f"client {number}")), by=by))
    return mine


def requests(night, town, dice):
    """Pages of one's own clients, of others', of nobody's; lists; forms that are refused and that are kept."""
    for _ in range(REQUESTS):
        who = dice.choice(list(town))
        whose = who if dice.random() < 0.7 else dice.choice(list(town))
        encounter_id, subject_id = dice.choice(town[whose])
        subject_id = uuid.uuid4() if dice.random() < 0.1 else subject_id
        kind = dice.randrange(10)
        if kind < 5:
            yield night.get(who, dice.choice(ABOUT_A_CLIENT), subject_id)
        elif kind < 7:
            yield night.get(who, dice.choice(("clients", "clients", "tonight", "handoffs")))
        elif kind == 7:
            yield night.get(who, "encounter", encounter_id)
        elif kind == 8:
            yield night.post(
                who, "note", encounter_id, body=dice.choice(("", "seen at home")), compartment="usual"
            )
        else:
            yield night.post(who, "edit_client", subject_id, name="", described_as="", phone="x" * 90)


def test_each_client_who_is_shown_is_read_once_in_the_ledger_and_nobody_else(night, town):
    dice = random.Random(4)
    pages, wanted, found, statuses = 0, Counter(), Counter(), Counter()
    for answer in requests(night, town, dice):
        statuses[answer.status_code] += 1
        served, noted = shown(answer), read(answer)
        if answer.status_code >= 300 and not served:
            # a form that was kept, or a refusal: what was read for it was not shown
            assert set(noted.values()) <= {1}
            assert answer.status_code < 400 or not noted
            continue
        pages += 1
        wanted += Counter((pages, each) for each in served)
        found += Counter({(pages, each): number for each, number in noted.items()})

    assert found == wanted
    assert sum(wanted.values()) > REQUESTS / 2
    assert statuses[404] > 20
    assert statuses[302] > 5


def test_a_refused_request_is_one_entry_without_a_client(night, town):
    (_encounter, hidden), *_others = town[night.varga]
    for subject_id in (hidden, uuid.uuid4()):
        answer = night.get(night.lind, "client", subject_id)
        entries = peephole.ledger_of(answer.wsgi_request.access_context.gathering.request_id)

        assert answer.status_code == 404
        assert [(entry.action, entry.outcome, entry.subject) for entry in entries] == [("refuse", "deny", "")]


def test_an_unledgered_read_would_be_found(night, town, monkeypatch):
    """The count is worth something: take one entry away, and it doesn't come out even."""
    from consent.services import ledger

    touched = ledger._touched
    monkeypatch.setattr(ledger, "_touched", lambda context: list(touched(context))[1:])
    monkeypatch.setattr("tests.oracle.responses.ResponseOracle.look_into", lambda self, response: None)

    answer = night.get(night.lind, "clients")

    assert sum(read(answer).values()) == len(shown(answer)) - 1
