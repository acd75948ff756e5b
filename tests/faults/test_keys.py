"""A side without its keys shows and keeps nothing protected, in clear least of all; the rest of it goes on (F20)."""

import re
import uuid
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from secrets import token_bytes

import pytest

from tests.faults.cluster import Cluster
from tests.faults.visitor import Visitor
from tests.stories.demonstration import Demonstration

PROTECTED = {"clinical": "/clients/", "police": "/incidents/"}
OTHER = {"clinical": "police", "police": "clinical"}
Fault = Callable[[Demonstration, Cluster, str], AbstractContextManager[None]]


@contextmanager
def file_gone(demonstration: Demonstration, cluster: Cluster, side: str) -> Iterator[None]:
    """Somebody took the wrapping key's file away."""
    file = demonstration.state / "keys" / f"{side}-wrapping.key"
    aside = file.rename(file.with_suffix(".aside"))
    try:
        yield
    finally:
        aside.replace(file)


@contextmanager
def file_of_another(demonstration: Demonstration, cluster: Cluster, side: str) -> Iterator[None]:
    """There is a key, and it is not the one."""
    with file_gone(demonstration, cluster, side):
        (demonstration.state / "keys" / f"{side}-wrapping.key").write_bytes(b64encode(token_bytes(32)))
        yield


@contextmanager
def database_closed(demonstration: Demonstration, cluster: Cluster, side: str) -> Iterator[None]:
    """The keys database is down."""
    with cluster.closed(f"{side}_keys"):
        yield


@pytest.mark.parametrize("side", ["clinical", "police"])
@pytest.mark.parametrize("fault", [file_gone, file_of_another, database_closed])
def test_without_its_keys_a_side_shows_nothing_protected_and_resumes_by_itself(
    fault: Fault, side: str, demonstration: Demonstration, cluster: Cluster, officer: Visitor, worker: Visitor
) -> None:
    visitors = {"clinical": worker, "police": officer}
    visitor, other = visitors[side], visitors[OTHER[side]]
    told = set(links(visitor.get(PROTECTED[side]).text))
    assert told

    with fault(demonstration, cluster, side):
        pages = [visitor.get(PROTECTED[side]) for _ in range(2)]
        unprotected = [visitor.get(path).status for path in ("/health/", "/account/2fa/")]
        elsewhere = other.get(PROTECTED[OTHER[side]]).status

    for refused in pages:
        assert refused.status == 503
        assert not told & set(links(refused.text))
    assert unprotected == [200, 200]
    assert elsewhere == 200
    assert set(links(visitor.get(PROTECTED[side]).text)) == told


@pytest.mark.parametrize("fault", [file_gone, file_of_another, database_closed])
def test_what_was_sent_without_keys_was_not_saved(
    fault: Fault, demonstration: Demonstration, cluster: Cluster, officer: Visitor
) -> None:
    before = cluster.referrals()
    form = {"form_id": str(uuid.uuid4()), "reasons": ["housing"], "agreed": "no"}

    with fault(demonstration, cluster, "police"):
        page = officer.post("/refer/", **form)

    assert page.status == 503
    assert cluster.referrals() == before


def links(text: str) -> list[str]:
    """The ids in a page's links: what it tells of protected rows."""
    return re.findall(r'href="/(?:clients|incidents)/([0-9a-f-]{36})/', text)
