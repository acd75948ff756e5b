"""What can't be written into the ledger isn't shown and isn't done; the rest of the site goes on."""

import re
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

import pytest

from tests.faults.cluster import Cluster
from tests.faults.visitor import Visitor
from tests.stories.demonstration import Demonstration

PROTECTED = {"clinical": "/clients/", "police": "/incidents/"}
SECONDS = 2  # the ledger is waited for half as long
SECONDS_OF_SILENCE = 5
Fault = Callable[[Cluster, str], AbstractContextManager[None]]


@pytest.mark.parametrize("side", ["clinical", "police"])
@pytest.mark.parametrize(
    "fault", [Cluster.ledger_locked, Cluster.ledger_closed, Cluster.ledger_slow, Cluster.ledger_full]
)
def test_without_its_ledger_a_side_shows_nothing_protected_and_resumes_by_itself(
    fault: Fault, side: str, cluster: Cluster, officer: Visitor, worker: Visitor
) -> None:
    visitor = {"clinical": worker, "police": officer}[side]
    told = set(links(visitor.get(PROTECTED[side]).text))
    assert told

    with fault(cluster, side):
        pages = [visitor.get(PROTECTED[side]) for _ in range(2)]
        hidden = visitor.get(f"{PROTECTED[side]}{uuid.uuid4()}/")
        unprotected = [visitor.get(path).status for path in ("/health/", "/account/2fa/")]

    for refused in (*pages, hidden):
        assert refused.status == 503
        assert not told & set(links(refused.text))
    assert min(refused.seconds for refused in pages) < SECONDS, "the quicker of two: the machine is busy"
    assert unprotected == [200, 200]
    assert visitor.get(PROTECTED[side]).status == 200


@pytest.mark.parametrize("fault", [Cluster.ledger_locked, Cluster.ledger_closed])
def test_what_was_sent_without_a_ledger_was_not_saved(
    fault: Fault, cluster: Cluster, officer: Visitor
) -> None:
    before = cluster.referrals()

    with fault(cluster, "police"):
        page = officer.post(
            "/refer/", form_id="6f1f4f8e-7c0f-4d53-9a5e-3c7d0c8c1e11", reasons=["housing"], agreed="no"
        )

    assert page.status == 503
    assert "was not saved" in page.text
    assert cluster.referrals() == before


def test_the_other_side_does_not_notice(
    demonstration: Demonstration, cluster: Cluster, officer: Visitor, worker: Visitor
) -> None:
    before = set(cluster.referrals())

    with cluster.ledger_closed("clinical"):
        officer.refers("Came while the ledger was closed")
        assert officer.get("/incidents/").status == 200
        assert worker.get("/clients/").status == 503

    (sent,) = set(cluster.referrals()) - before
    demonstration.until(lambda: sent in cluster.received(), "the envelope was lost", within=60)
    assert cluster.cards().count(sent) == 1


def links(page: str) -> list[str]:
    """The addresses of protected things in a page."""
    return re.findall(r"/(?:clients|incidents)/[0-9a-f-]{36}/", page)


def test_while_the_database_says_nothing_a_page_ends_and_afterwards_it_is_there_by_itself(
    demonstration: Demonstration, cluster: Cluster, officer: Visitor, worker: Visitor
) -> None:
    assert worker.get("/clients/").status == officer.get("/incidents/").status == 200

    with cluster.silent(), ThreadPoolExecutor(4) as crowd:
        asked = [(worker, "/clients/"), (officer, "/incidents/"), (worker, "/health/"), (worker, "/tonight/")]
        pages = list(crowd.map(lambda each: each[0].get(each[1]), asked))

    for page in pages:
        assert page.status == 503
        assert page.seconds < SECONDS_OF_SILENCE
    demonstration.until(lambda: worker.get("/clients/").status == 200, "the clinical side did not come back")
    demonstration.until(lambda: officer.get("/incidents/").status == 200, "the police side did not come back")
