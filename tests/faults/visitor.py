"""Somebody at a site without a browser: fast enough to be in the middle of things when they break."""

import re
import time
import uuid
from dataclasses import dataclass
from http.client import HTTPException
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

from tests.stories.demonstration import Demonstration

HIDDEN = re.compile(r'name="(csrfmiddlewaretoken|form_id)" value="([^"]+)"')
PATIENCE = 60  # seconds


@dataclass(frozen=True, kw_only=True)
class Page:
    """What came back."""

    status: int
    text: str
    goes_to: str
    seconds: float


class _StayHere(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class Visitor:
    """Signed in on a site as somebody."""

    def __init__(self, demonstration: Demonstration, role: str) -> None:
        self.demonstration, self.account = demonstration, demonstration.account(role)
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()), _StayHere())
        self._token = ""
        self.get("/account/login/")
        self.post("/account/login/", login=self.account["username"], password=self.account["password"])
        self.get("/account/password/")  # a page with a form, for the token of the new session

    def get(self, path: str) -> Page:
        """A page of the site."""
        return self._ask(Request(self._url(path)))

    def post(self, path: str, **fields: Any) -> Page:
        """A form of the site, with the token of the last page that had one."""
        body = urlencode({"csrfmiddlewaretoken": self._token, **fields}, doseq=True).encode()
        return self._ask(Request(self._url(path), body))

    def insists(self, path: str, **fields: Any) -> Page:
        """Send a form again and again until the site has taken it, as a person would."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                page = self.post(path, **fields)
            except (OSError, HTTPException):
                time.sleep(0.2)
                continue
            if page.status < 500:
                return page
            time.sleep(0.2)
        raise AssertionError(f"{path} was not taken within {PATIENCE} s")

    def refers(self, person: str) -> uuid.UUID:
        """Make a referral and insist on it: one form, however often it is sent; the form's id."""
        form_id = uuid.uuid4()
        page = self.insists(
            "/refer/", form_id=str(form_id), reasons=["basic_needs"], agreed="yes", person_as_known=person
        )
        assert (page.status, page.goes_to) == (302, "/referrals/"), page.text[-2000:]
        return form_id

    def _url(self, path: str) -> str:
        return self.demonstration.url(self.account["side"], path)

    def _ask(self, request: Request) -> Page:
        began = time.monotonic()
        try:
            response = self._opener.open(request, timeout=40)
        except HTTPError as error:
            response = error
        text = response.read().decode()
        hidden = dict(HIDDEN.findall(text))
        self._token = hidden.get("csrfmiddlewaretoken", self._token)
        return Page(
            status=response.status if response.status else 0,
            text=text,
            goes_to=response.headers.get("Location", ""),
            seconds=time.monotonic() - began,
        )
