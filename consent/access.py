"""Who is asking, and what for: the context without which no protected row is loaded.

One transaction has one principal and one purpose. Both go to the database, signed,
as the first statement of the transaction, and PostgreSQL's row-level security reads
them from there; what is read is gathered here and written to the ledger as the
transaction's last statement.
"""

import hashlib
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import lru_cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from django.conf import settings
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework.permissions import BasePermission

from consent.keys.ring import KeyRing

if TYPE_CHECKING:
    from consent.models import Compartment, Principal, Protected

DURABLE = {"synchronous_commit": "on"}
# A page that can't be written down is a 503 within two seconds: the ledger is waited for this long.
LEDGER_LIMITS = DURABLE | {"lock_timeout": "1000", "statement_timeout": "1500"}  # milliseconds
TOKEN_SECONDS = 600  # how long a signed principal stays good: longer than any request or task
GATHER, WALK, SYSTEM = "gather", "walk", "system"

# What own staff may do with their own clients' records (`law/rules.md`, Appendix A: CAREUSE).
CAREUSE = (
    "TREAT", "ETREAT", "ERTREAT", "COC", "CAREMGT", "HPAYMT", "HOPERAT", "HQUALIMP", "HCOMPL", "TRAIN",
)  # fmt: skip


class NoContext(RuntimeError):
    """A protected row was asked for, and nobody was asking."""


class Unledgered(RuntimeError):
    """A protected value would have been read past the ledger."""


class NothingToTell(Http404):
    """Not there, not yours or not agreed to: one answer for all three."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where the request came from, as the ledger keeps it: codes, hashes and an address."""

    authentication: str = "system"
    session: str = ""
    source_address: str | None = None
    destination: str = ""
    client_application: str = ""


@dataclass(kw_only=True)
class Gathering:
    """What one transaction will write to the ledger."""

    request_id: uuid.UUID = field(default_factory=uuid.uuid4)
    started: float = field(default_factory=time.monotonic)
    # (who, purpose, "read" or "write") -> compartment id -> model label -> ids
    touched: dict[tuple[str, str, str], dict[int, dict[str, set[str]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(lambda: defaultdict(set)))
    )
    entries: list[dict[str, Any]] = field(default_factory=list)
    # the role that was put on last, and the savepoints inside which it was
    plan_on: tuple[str, tuple[str, ...]] = ("", ())
    # compartments that were loaded on the way: whose they are need not be asked again
    compartments: dict[int, "Compartment"] = field(default_factory=dict)
    roles: dict[int, frozenset[str]] = field(default_factory=dict)  # of principals, by id, asked once
    keys: KeyRing = field(default_factory=KeyRing)  # the clients' keys, until the transaction ends

    def keep_what_happened(self, *, was_shown: bool) -> None:
        """After a roll-back: decisions were made and, if shown, rows were read; nothing was written."""
        for key in [key for key in self.touched if key[2] != "read" or not was_shown]:
            del self.touched[key]
        self.compartments.clear()  # some may have been made in what was rolled back
        kept = {"decide", "refuse", "fail"} | ({"read"} if was_shown else set())
        self.entries[:] = [entry for entry in self.entries if entry["action"] in kept]


@dataclass(frozen=True, kw_only=True)
class AccessContext:
    """Principal, purpose, and the ledger entries they have caused so far."""

    principal: "Principal | None"
    system: str
    purpose: str
    plan: str
    origin: Origin
    gathering: Gathering
    on_behalf_of: str = ""

    @property
    def who(self) -> str:
        """The signed name: ``p:<id>`` or ``s:<name>``."""
        return f"p:{self.principal.pk}" if self.principal else f"s:{self.system}"

    @property
    def actor(self) -> str:
        """The ledger's name: a principal's uid, or the system task's name."""
        return str(self.principal.uid) if self.principal else self.system

    def note_read(self, row: "Protected") -> None:
        """Remember that a row was loaded; the ledger names its id and kind, never its content."""
        self._touch("read", row)

    def note_write(self, row: "Protected") -> None:
        """Remember that a row was added or changed."""
        self._touch("write", row)

    def _touch(self, verb: str, row: "Protected") -> None:
        by_compartment = self.gathering.touched[(self.who, self.purpose, verb)]
        by_compartment[row.compartment_id][row._meta.label_lower].add(str(row.pk))

    def note(self, **entry: Any) -> None:
        """Remember something else that the ledger must hold: a decision, a refusal, a write."""
        self.gathering.entries.append({"actor": self.actor, "purpose": self.purpose} | entry)


_current: ContextVar[AccessContext | None] = ContextVar("access_context", default=None)


def current() -> AccessContext:
    """The context of this transaction.

    Raises:
        NoContext: there is none.
    """
    context = _current.get()
    if context is None:
        raise NoContext("protected rows are read inside an access context: a principal and a purpose")
    return context


def current_or_none() -> AccessContext | None:
    """The context of this transaction, if there is one."""
    return _current.get()


@lru_cache(maxsize=4)
def _key(path: str) -> bytes:
    return Path(path).read_bytes().strip()


def signed(who: str, purpose: str) -> str:
    """``who|purpose|expiry|signature``, which ``sec.token()`` checks in the database.

    The signature is SHA-256(key ‖ SHA-256(key ‖ text)), a construction that
    PostgreSQL's core can repeat without an extension; the key is one that no
    database role can read.
    """
    text = f"{who}|{purpose}|{int(time.time()) + TOKEN_SECONDS}"
    key = _key(settings.PRINCIPAL_KEY_FILE)
    inner = hashlib.sha256(key + text.encode()).digest()
    return f"{text}|{hashlib.sha256(key + inner).hexdigest()}"


def _apply(context: AccessContext, settings_too: Mapping[str, str] = DURABLE) -> None:
    """Tell the database who asks; the setting ends with the transaction.

    So does ``synchronous_commit``, which somebody may have turned off for the role or the
    database: what was shown must still be in the ledger after a crash.

    The values are bound by the server, where Django writes them into the statement:
    PostgreSQL shows the statements of a role to every session of the same role, and
    whoever reads a token there could be that principal for ten minutes.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        told = {
            "app.token": signed(context.who, context.purpose),
            "role": settings.DATABASE_ROLES[context.plan],
        } | dict(settings_too)
        words = ", ".join(f"set_config('{name}', %s, true)" for name in told)
        cursor.execute(f"select {words}", list(told.values()))
    context.gathering.plan_on = (context.plan, tuple(connection.savepoint_ids))


def read_by(plan: str) -> None:
    """Put on the role of ``plan``, unless it is on; a system task stays what it is. `consent.plans` chooses."""
    context = current()
    gathering, inside = context.gathering, tuple(connection.savepoint_ids)
    role, since = gathering.plan_on
    # a role that was put on inside a savepoint may have gone with it
    is_on = role == plan and inside[: len(since)] == since
    if context.plan == SYSTEM or is_on:
        return
    with connection.cursor() as cursor:
        cursor.execute("select set_config('role', %s, true)", [settings.DATABASE_ROLES[plan]])
    gathering.plan_on = (plan, inside)


@contextmanager
def planned(plan: str) -> Iterator[None]:
    """Read protected rows by another query plan for a while: the same rows. `consent.plans` chooses."""
    context = current()
    token = _current.set(context if context.plan == SYSTEM else replace(context, plan=plan))
    try:
        yield
    finally:
        _current.reset(token)


def _hand_back(outer: AccessContext | None) -> None:
    """Be ``outer`` again, or nobody."""
    if outer is not None:
        _apply(outer)
        return
    with connection.cursor() as cursor:
        cursor.execute("select set_config('app.token', '', true), set_config('role', 'none', true)")


def begin(context: AccessContext) -> None:
    """Make ``context`` this transaction's; the first statement after BEGIN."""
    if not connection.in_atomic_block:
        raise NoContext("an access context lives inside a transaction")
    _apply(context)
    _current.set(context)


def end() -> None:
    """Forget the context; the database forgets it with the transaction, or is told to inside a longer one."""
    if _current.get() is not None and connection.in_atomic_block and not connection.needs_rollback:
        _hand_back(None)
    _current.set(None)


def context_for(
    who: "Principal | str", purpose: str, *, plan: str = "", origin: Origin | None = None
) -> AccessContext:
    """A context for a principal, or for a system task such as ``system:intake``."""
    is_system = isinstance(who, str)
    return AccessContext(
        principal=None if is_system else who,  # type: ignore[arg-type]
        system=who if is_system else "",  # type: ignore[arg-type]
        purpose=purpose,
        plan=SYSTEM if is_system else plan or WALK,
        origin=origin or Origin(),
        gathering=Gathering(),
    )


@contextmanager
def opened(who: "Principal | str", purpose: str, *, plan: str = "") -> Iterator[AccessContext]:
    """A transaction of its own for tasks, commands and tests: begun, ledgered, committed.

    An exception rolls everything back, the ledger's entries too: nothing was told.
    """
    from consent.services import ledger  # it reads models, and models are read through here

    outer = _current.get()
    try:
        with transaction.atomic():
            context = context_for(who, purpose, plan=plan)
            begin(context)
            yield context
            ledger.flush(context)
            if len(connection.savepoint_ids) > 0:  # inside another transaction: it must not go on as us
                _hand_back(outer)
    finally:
        _current.set(outer)


@contextmanager
def acting_as(system: str, purpose: str = "") -> Iterator[AccessContext]:
    """Inside an open transaction, go on as a named system principal, then as before.

    The savepoint gives the outer principal back by itself when the work fails.
    """
    outer = current()
    inner = replace(
        outer,
        principal=None,
        system=system,
        purpose=purpose or outer.purpose,
        plan=SYSTEM,
        on_behalf_of=outer.on_behalf_of or (outer.actor if outer.principal else ""),
    )
    token = _current.set(inner)
    try:
        with transaction.atomic():
            _apply(inner)
            yield inner
        _apply(outer)
    finally:
        _current.reset(token)


def hand_over(system: str) -> None:
    """Go on as a named system principal for the last statements before COMMIT; there is no way back.

    Inside a longer transaction whoever began it takes it back (`_hand_back`), and the ledger's
    limits stay out of it.
    """
    outer = current()
    inner = replace(outer, principal=None, system=system, plan=SYSTEM)
    is_outermost = not connection.savepoint_ids
    _apply(inner, LEDGER_LIMITS if is_outermost else DURABLE)
    _current.set(inner)


def purpose(
    code: str,
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Declare what a view is for. It is the view's to say, never the request's."""

    def declare(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        view.purpose = code  # type: ignore[attr-defined]
        return view

    return declare


def leave_on_a_beat(response: HttpResponse, *, seconds: float) -> None:
    """Let an answer leave a whole number of beats after its request came, so that its time says nothing.

    The waiting is done when its transaction is over and its locks are given back.
    """
    response.beat = (current().gathering.started, seconds)  # type: ignore[attr-defined]


def roles_of(principal: Any) -> frozenset[str]:
    """The names of the roles that ``principal`` holds now; nobody and the inactive hold none.

    Whoever the transaction is about is asked after once.
    """
    from django.utils import timezone

    from consent.models import Membership

    if not getattr(principal, "is_active", False):
        return frozenset()
    context = _current.get()
    known = context.gathering.roles if context is not None and context.principal == principal else {}
    if principal.pk not in known:
        held = Membership.objects.held_by(principal, timezone.now())
        known[principal.pk] = frozenset(held.values_list("role__name", flat=True))
    return known[principal.pk]


def requires_role(*names: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Only holders of one of these roles find the page; for everybody else there is none."""

    def guard(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not roles_of(request.user) & set(names):
                raise NothingToTell("no such page for this principal")
            return view(request, *args, **kwargs)

        guarded.roles = names  # type: ignore[attr-defined]  # read by the permission matrix
        return guarded

    return guard


class Nobody(BasePermission):
    """The project's default: an API view that doesn't say whom it admits admits nobody."""

    def has_permission(self, request: Any, view: Any) -> bool:
        """No."""
        return False


class HasRole(BasePermission):
    """Admits authenticated principals who hold one of the view's ``roles``."""

    def has_permission(self, request: Any, view: Any) -> bool:
        """Does the principal hold one of ``view.roles``?"""
        return bool(request.user) and bool(roles_of(request.user) & set(view.roles))
