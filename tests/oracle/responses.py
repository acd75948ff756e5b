"""What an answer may hold: canaries of subjects the ledger names, in compartments open to who asked.

Judged from rows alone, after the request: from the ledger entries it left and the grants
its principal holds. The status of an answer counts for nothing; a 404 has a body too.
"""

import hashlib
import hmac
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.test import Client

from tests.oracle import peephole
from tests.oracle.canary import Canary
from tests.oracle.scan import scan


class Leak(AssertionError):
    """A protected value left through a door that was not open."""


@lru_cache(maxsize=4)
def _key(path: str) -> bytes:
    return Path(path).read_bytes().strip()


def pseudonym(subject_id: UUID) -> str:
    """The ledger's name for a subject, worked out here a second time."""
    key = _key(settings.PSEUDONYM_KEY_FILE)
    return hmac.new(key, str(subject_id).encode(), hashlib.sha256).hexdigest()[:32]


def received(response: Any) -> bytes:
    """Everything an actor gets: status line, headers, cookies and body."""
    if getattr(response, "streaming", False):
        body = b"".join(response.streaming_content)
        response.streaming_content = iter([body])
    else:
        body = response.content
    headers = "".join(f"{name}: {value}\r\n" for name, value in response.items())
    return f"{response.reason_phrase}\r\n{headers}{response.cookies.output()}\r\n\r\n".encode() + body


class ResponseOracle:
    """Looks into every answer that a test client gets."""

    def __init__(self) -> None:
        self.answers = 0
        self.with_canaries = 0

    def look_into(self, response: Any) -> None:
        """Raise `Leak` unless every canary in the answer was ledgered and granted."""
        self.answers += 1
        found = scan(received(response))
        context = getattr(getattr(response, "wsgi_request", None), "access_context", None)
        if context is not None:
            noted = scan(peephole.text_of_ledger(context.gathering.request_id).encode())
            if noted:
                raise Leak(_told(response, noted, "to the ledger, which holds ids and codes only"))
        if not found:
            return
        self.with_canaries += 1
        if context is None or context.principal is None:
            raise Leak(_told(response, found, "to somebody who asked as nobody"))
        entries = peephole.ledger_of(context.gathering.request_id)
        named = {entry.subject for entry in entries if entry.outcome not in {"deny", "failed"}}
        open_ones = set(peephole.opened_to(context.principal.pk, context.purpose))
        unledgered = unless_somebody_shares(found, lambda c: c.subject and pseudonym(c.subject) in named)
        if unledgered:
            raise Leak(_told(response, unledgered, "and no ledger entry of the request names the subject"))
        closed = unless_somebody_shares(found, lambda c: c.compartment in open_ones)
        if closed:
            raise Leak(_told(response, closed, "from a compartment that no grant opens to who asked"))


def unless_somebody_shares(found: set[Canary], permits: Callable[[Canary], Any]) -> set[Canary]:
    """The canaries that are not permitted, nor is another of the same text.

    Two people may share a birth date or the end of a phone number; a token is one field's alone.
    """
    permitted = {canary.text for canary in found if permits(canary)}
    return {canary for canary in found if canary.text not in permitted}


def _told(response: Any, canaries: set[Canary], how: str) -> str:
    path = response.wsgi_request.path if hasattr(response, "wsgi_request") else "?"
    return f"{response.status_code} of {path} tells {'; '.join(sorted(map(str, canaries)))} {how}"


def watch(oracle: ResponseOracle) -> Callable[[], None]:
    """Put the oracle behind Django's test client (and so DRF's); returns how to take it away."""
    plain = Client.request

    def request(self: Client, **environ: Any) -> Any:
        response = plain(self, **environ)
        oracle.look_into(response)
        return response

    Client.request = request  # type: ignore[method-assign]

    def unwatch() -> None:
        Client.request = plain  # type: ignore[method-assign]

    return unwatch
