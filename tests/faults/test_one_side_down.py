"""One side's database is down: the other serves, envelopes wait, and arrive by themselves afterwards."""

import re

from tests.faults.cluster import Cluster
from tests.faults.visitor import Visitor
from tests.stories.demonstration import Demonstration

NAME = "Person with a red umbrella"


def test_without_the_clinical_database_the_police_side_refers_and_the_envelopes_arrive_afterwards(
    demonstration: Demonstration, cluster: Cluster, officer: Visitor, worker: Visitor
) -> None:
    officer.refers(NAME)
    demonstration.until(lambda: NAME in worker.get("/tonight/").text, "no card arrived")
    before = set(cluster.referrals())

    with cluster.closed("clinical"):
        pages = [officer.get(path).status for path in ("/incidents/", "/refer/", "/referrals/", "/health/")]
        officer.refers(NAME)
        word = officer.get("/referrals/").text
        refused = [worker.get(path) for path in ("/tonight/", "/clients/", "/account/login/", "/health/")]

    assert pages == [200, 200, 200, 200]
    assert "Sent" in word
    for page in refused:
        assert page.status == 503
        assert page.seconds < 5
        assert NAME not in page.text
    assert len({token_free(page.text) for page in refused}) == 1, "the answer is a constant"
    sent = set(cluster.referrals()) - before
    assert len(sent) == 1
    demonstration.until(lambda: sent <= set(cluster.received()), "the envelope never arrived", within=60)
    assert [card for card in cluster.cards() if card in sent] == list(sent)
    assert worker.get("/tonight/").status == 200


def test_without_the_police_database_the_clinical_side_works_and_the_words_go_back_afterwards(
    demonstration: Demonstration, cluster: Cluster, officer: Visitor, worker: Visitor
) -> None:
    before = set(cluster.referrals())
    officer.refers(NAME)
    (sent,) = set(cluster.referrals()) - before
    demonstration.until(lambda: sent in cluster.cards(), "no card arrived")

    with cluster.closed("police"):
        tonight = worker.get("/tonight/")
        opened = worker.post(newest_card(tonight.text) + "open/")
        encounter = worker.get(opened.goes_to)
        refused = [officer.get(path) for path in ("/incidents/", "/referrals/", "/account/login/")]

    assert (tonight.status, opened.status, encounter.status) == (200, 302, 200)
    assert NAME in encounter.text
    assert [page.status for page in refused] == [503, 503, 503]
    assert len({token_free(page.text) for page in refused}) == 1, "the answer is a constant"
    demonstration.until(lambda: sent in cluster.received(), "the word never came back", within=60)
    assert officer.get("/referrals/").status == 200


def newest_card(tonight: str) -> str:
    """The address of the first card on *Tonight*."""
    found = re.search(r"/cards/[0-9a-f-]{36}/", tonight)
    assert found, "no card waits"
    return found.group()


def token_free(page: str) -> str:
    """A page without the token of its form."""
    return re.sub(r'value="[^"]{64}"', "", page)
