"""The request's one transaction, its lock after idle minutes, and headers that keep pages private."""

import hashlib
import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError, InterfaceError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from consent import access
from consent.services import ledger

log = logging.getLogger("bulkhead.access")
GetResponse = Callable[[HttpRequest], HttpResponseBase]
SAFE = ("GET", "HEAD", "OPTIONS")
# Answers whose body is a constant: nothing that was loaded went out with them.
WITHOUT_CONTENT = frozenset({401, 403, 404, 405, 406, 410, 413, 415, 429})


def unavailable(request: HttpRequest) -> HttpResponse:
    """503 without content: what can't be written down isn't shown."""
    if request.path.startswith("/api/"):
        body = {"type": "about:blank", "title": "Service unavailable", "status": 503}
        return JsonResponse(
            body, status=503, content_type="application/problem+json", headers={"Retry-After": "5"}
        )
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "5"})


class _RollBack(Exception):
    """Leaves the transaction with nothing kept, the answer in hand."""

    def __init__(self, response: HttpResponseBase) -> None:
        self.response = response


def _how_signed_in(request: HttpRequest) -> str:
    """``password``, ``mfa`` or ``passkey``, as allauth noted it in the session; ``unknown`` when it did not."""
    noted = request.session.get("account_authentication_methods", [])
    methods = {each.get("method") for each in noted}
    if "mfa" not in methods:
        return "password" if "password" in methods else "unknown"
    return "mfa" if "password" in methods else "passkey"


def _note_the_end(context: access.AccessContext, status: int) -> None:
    """One entry that the request was refused, or that it failed; a service may have said which refusal."""
    if status >= 500:
        context.note(action="fail", outcome="failed", reason=f"http {status}")
    elif not any(entry["action"] == "refuse" for entry in context.gathering.entries):
        context.note(action="refuse", outcome="deny", reason=f"http {status}")


class AccessMiddleware:
    """One request, one transaction, one principal and purpose, one ledger flush.

    A request that fails rolls back whole; its refusals and one entry about the
    failure are written in a transaction of their own before the answer leaves. If
    the ledger can't be written the answer is a 503 without content.

    A refusal on a page that declares no purpose, where people sign in, keeps what it
    wrote: that is the count of wrong passwords.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.access_context = None  # type: ignore[attr-defined]
        try:
            return self._inside_one_transaction(request)
        except _RollBack as left:
            return self._after_a_roll_back(request, left.response)
        except (DatabaseError, InterfaceError, OSError) as error:
            log.error("request not served: %s", type(error).__name__)
            request.session.modified = False  # a database that is gone is not waited for a second time
            return unavailable(request)
        finally:
            access.end()

    def _inside_one_transaction(self, request: HttpRequest) -> HttpResponseBase:
        with transaction.atomic():
            response = self.get_response(request)
            context = request.access_context  # type: ignore[attr-defined]
            if response.status_code >= (400 if context is not None else 500):
                raise _RollBack(response)
            if context is not None:
                if response.streaming:
                    raise access.Unledgered("a protected answer is never streamed")
                ledger.flush(context, bytes_out=len(response.content))  # type: ignore[attr-defined]
        return response

    def _after_a_roll_back(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        context: access.AccessContext | None = request.access_context  # type: ignore[attr-defined]
        if context is None:
            return response
        status = response.status_code
        without_content = status in WITHOUT_CONTENT or status >= 500
        context.gathering.keep_what_happened(was_shown=not without_content)
        if without_content:
            _note_the_end(context, status)
        try:
            with transaction.atomic():
                access.begin(context)
                ledger.flush(context, bytes_out=len(response.content))  # type: ignore[attr-defined]
        except (DatabaseError, InterfaceError, OSError) as error:
            log.error("refusal not recorded: %s", type(error).__name__)
            return unavailable(request)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """The view is known: begin its context, the transaction's first statement."""
        declared = getattr(view, "view_class", None) or getattr(view, "cls", None) or view
        code = getattr(declared, "purpose", "")
        user = request.user
        if not code or not user.is_authenticated or not user.is_active:
            return
        plan = (
            access.GATHER if request.method in SAFE else access.WALK
        )  # lists choose their own: consent.plans
        context = access.context_for(user, code, plan=plan, origin=self._origin(request))
        request.access_context = context  # type: ignore[attr-defined]
        access.begin(context)

    @staticmethod
    def _origin(request: HttpRequest) -> access.Origin:
        key = request.session.session_key or ""
        match = request.resolver_match
        return access.Origin(
            authentication=getattr(request, "authentication", "") or _how_signed_in(request),
            session=hashlib.sha256(key.encode()).hexdigest() if key else "",
            source_address=request.META.get("REMOTE_ADDR") or None,
            destination=match.view_name if match else "",
            client_application=getattr(request, "client_application", "browser"),
        )


class IdleLockMiddleware:
    """After thirty idle minutes, and twelve hours after signing in, the site is locked.

    Signing in again goes back to the page that was asked for. When somebody was last here is
    written down every half minute and not with each page, so that the lock may come half a minute
    early and never late.
    """

    KEY = "last_seen"
    WRITTEN_EVERY = 30  # seconds
    WITHOUT_HANDS = "X-Without-Hands"  # a page that asks by itself says so: nobody was here

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.get_response(request)
        now = time.time()
        signed_in_at = request.user.last_login.timestamp() if request.user.last_login else 0
        seen_at = request.session.get(self.KEY, signed_in_at)
        if now - seen_at >= settings.IDLE_LOCK_SECONDS or now - signed_in_at >= settings.SESSION_COOKIE_AGE:
            logout(request)
            messages.info(request, _("Locked after 30 idle minutes. Sign in to go on where you were."))
            return redirect_to_login(request.get_full_path() if request.method in SAFE else "/")
        by_itself = self.WITHOUT_HANDS in request.headers
        if not by_itself and (self.KEY not in request.session or not 0 <= now - seen_at < self.WRITTEN_EVERY):
            request.session[self.KEY] = int(now)
        return self.get_response(request)


def _wait_for_the_beat(response: HttpResponseBase) -> None:
    """See `consent.access.leave_on_a_beat`."""
    since, seconds = getattr(response, "beat", (0.0, 0.0))
    if seconds:
        time.sleep(seconds - (time.monotonic() - since) % seconds)


class NeutralHeadersMiddleware:
    """No page is kept by a browser or a proxy, none may use the phone's sensors, and some leave on a beat."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        _wait_for_the_beat(response)
        response.headers["Cache-Control"] = "no-store, private"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if request.method == "HEAD" and not response.streaming:
            response.headers["Content-Length"] = str(len(response.content))  # type: ignore[attr-defined]
            response.content = b""  # type: ignore[attr-defined]
        return response
