"""One demonstration to break, with an officer and a social worker signed in."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.cluster import Cluster
from tests.faults.visitor import Visitor
from tests.stories.demonstration import Demonstration, new_folder


@pytest.fixture(scope="session")
def demonstration() -> Iterator[Demonstration]:
    """The whole product on its synthetic city; ``DEMONSTRATION=<state folder>`` names one that runs already."""
    if "DEMONSTRATION" in os.environ:
        yield Demonstration.running_in(Path(os.environ["DEMONSTRATION"]).resolve())
        return
    folder = new_folder()
    running = Demonstration(folder / "state")
    try:
        running.start()
        yield running
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def cluster(demonstration: Demonstration) -> Cluster:
    return Cluster(demonstration)


@pytest.fixture(scope="session")
def officer(demonstration: Demonstration) -> Visitor:
    return Visitor(demonstration, "officer")


@pytest.fixture(scope="session")
def worker(demonstration: Demonstration) -> Visitor:
    return Visitor(demonstration, "social worker")
