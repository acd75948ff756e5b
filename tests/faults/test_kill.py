"""``kill -9`` of any process in the middle of the story: nothing is lost, and nothing happens twice."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults.cluster import Cluster
from tests.faults.test_one_side_down import newest_card
from tests.faults.visitor import Visitor
from tests.stories.demonstration import Demonstration

PROCESSES = (
    "clinical", "police", "clinical-worker", "police-worker", "exchange-worker", "clinical-beat",
    "police-beat", "exchange-beat", "valkey_clinical", "valkey_police", "valkey_exchange", "postgres",
    "clinical-sealer", "police-sealer", "clinical-verifier", "police-verifier",
)  # fmt: skip
BEFORE, AFTER = 2, 3  # so many referrals are on their way when it happens, and so many come into it


def test_every_process_of_the_demonstration_is_killed_here(demonstration: Demonstration) -> None:
    assert set(demonstration.processes()) == set(PROCESSES)


@pytest.mark.parametrize("process", PROCESSES)
def test_killing_a_process_in_the_middle_loses_nothing_and_doubles_nothing(
    process: str, demonstration: Demonstration, cluster: Cluster, officer: Visitor, worker: Visitor
) -> None:
    known = set(cluster.referrals())
    waiting_card(demonstration, cluster, officer, worker)
    card = newest_card(worker.get("/tonight/").text)

    for _number in range(BEFORE):
        officer.refers("Killed in the middle")
    with ThreadPoolExecutor(2) as others:
        referring = others.submit(
            lambda: [officer.refers("Killed in the middle") for _number in range(AFTER)]
        )
        opening = others.submit(worker.insists, card + "open/")
        demonstration.kill(process)
        referring.result()
        opening.result()

    sent = set(cluster.referrals()) - known
    assert len(sent) == 1 + BEFORE + AFTER
    demonstration.until(
        lambda: sent <= set(cluster.received()), f"something was lost when {process} was killed", within=60
    )
    arrived = Counter(card for card in cluster.cards() if card in sent)
    assert arrived == Counter(sent), "each referral is one card"
    assert cluster.encounters(card.strip("/").rpartition("/")[2]) == 1


def a_name() -> str:
    """A name that sounds like no other."""
    return "".join(random.choices("bdfgklmnprstvz", k=12)).capitalize()


def waiting_card(demonstration: Demonstration, cluster: Cluster, officer: Visitor, worker: Visitor) -> None:
    """A card for the social worker to open."""
    known = set(cluster.received())
    officer.refers(
        a_name()
    )  # one that nobody has yet, or the worker would be asked whether they know each other
    demonstration.until(lambda: set(cluster.received()) - known, "no card arrived", within=60)
