"""A partner's program, in plain Python: a signed assertion, a token, and HTTP."""

import json
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import Request, urlopen

import jwt

from tests.stories.demonstration import Demonstration

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# Different for each answer, whatever is asked: the time, and the request's own number.
OF_THE_MOMENT = {"date"}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back, whole."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


@dataclass
class Partner:
    """The machine whose key the demonstration hands out."""

    demonstration: Demonstration
    bearer: str = field(default="", repr=False)

    def assertion(self) -> str:
        """A signed assertion that is good for four minutes, once."""
        known, now = self.demonstration.ready["partner"], int(time.time())
        claims = {
            "iss": known["client_id"], "sub": known["client_id"], "aud": known["token_url"],
            "iat": now, "exp": now + 240, "jti": str(uuid.uuid4()),
        }  # fmt: skip
        return jwt.encode(claims, Path(known["key"]).read_text(), algorithm="ES384")

    def token(self, assertion: str) -> Answer:
        """What the token endpoint says to an assertion."""
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION,
            "client_assertion": assertion,
        }
        return answer_to(Request(self.demonstration.ready["partner"]["token_url"], urlencode(form).encode()))

    def sign_in(self) -> None:
        """Get a token and keep it."""
        self.bearer = self.token(self.assertion()).json["access_token"]

    def ask(self, path: str, body: Any = None) -> Answer:
        """GET ``path`` of the API, or POST ``body`` to it."""
        headers = {"Authorization": f"Bearer {self.bearer}", "Accept": "application/json"}
        data = None
        if body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        url = urljoin(self.demonstration.ready["partner"]["token_url"], path)
        return answer_to(Request(url, data, headers))

    def polled(self) -> dict[str, str]:
        """The status of every referral that the list tells of, page by page."""
        found: dict[str, str] = {}
        cursor = ""
        while True:
            page = self.ask(f"/api/referrals/?{urlencode({'cursor': cursor} if cursor else {})}").json
            found |= {each["id"]: each["status"] for each in page["results"]}
            cursor = page["next"]
            if not cursor:
                return found

    def reads(self, referral_id: str) -> Answer:
        """One referral, or what is said instead."""
        return self.ask(f"/api/referrals/{referral_id}/")


def answer_to(request: Request) -> Answer:
    """The whole answer, an error as well."""
    try:
        with urlopen(request, timeout=30) as response:
            return _whole(response, response.status)
    except HTTPError as error:
        return _whole(error, error.code)


def _whole(response: Any, status: int) -> Answer:
    headers = tuple(
        (name.lower(), value) for name, value in response.headers.items() if name.lower() not in OF_THE_MOMENT
    )
    return Answer(status=status, headers=headers, body=response.read())
