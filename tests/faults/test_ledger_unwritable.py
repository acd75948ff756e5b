"""What can't be written into the ledger isn't shown and isn't done; the rest of the site goes on."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from tests.faults.cluster import Cluster
from tests.faults.visitor import Visitor
from tests.stories.demonstration import Demonstration

PROTECTED = {"clinical": "/clients/", "police": "/incidents/"}
SECONDS = 8  # the database waits five for a lock
Fault = Callable[[Cluster, str], AbstractContextManager[None]]


@pytest.mark.parametrize("side", ["clinical", "police"])
@pytest.mark.parametrize("fault", [Cluster.ledger_locked, Cluster.ledger_closed])
def test_without_its_ledger_a_side_shows_nothing_protected_and_resumes_by_itself(
    fault: Fault, side: str, cluster: Cluster, officer: Visitor, worker: Visitor
) -> None:
    visitor = {"clinical": worker, "police": officer}[side]
    told = set(links(visitor.get(PROTECTED[side]).text))
    assert told

    with fault(cluster, side):
        refused = visitor.get(PROTECTED[side])
        unprotected = [visitor.get(path).status for path in ("/health/", "/account/2fa/")]

    assert refused.status == 503
    assert refused.seconds < SECONDS
    assert not told & set(links(refused.text))
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
        assert worker.get("/tonight/").status == 503

    (sent,) = set(cluster.referrals()) - before
    demonstration.until(lambda: sent in cluster.received(), "the envelope was lost", within=60)
    assert cluster.cards().count(sent) == 1


def links(page: str) -> list[str]:
    """The addresses of protected things in a page."""
    return re.findall(r"/(?:clients|incidents)/[0-9a-f-]{36}/", page)
