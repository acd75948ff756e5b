"""Reading the ledger for whoever may: what is asked for, a page at a time, and one entry with its law."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from consent import law
from consent.access import NothingToTell
from consent.models import LedgerEntry, Organization, Principal
from consent.paging import Asked, Page, page_of
from consent.selectors import ledger
from consent.services.ledger import note_event, pseudonym

ACTIONS = {
    "read": "Read", "use": "Used by the system", "decide": "Decided", "write": "Written", "assign": "Assigned",
    "grant": "Access", "unassign": "Taken off the team", "hand over": "Handed over", "office": "Office ended", "consent": "Consent signed", "revoke": "Consent taken back",
    "send": "Sent", "receive": "Received", "refuse": "Refused", "fail": "Failed",
    "refer": "Referred", "set up": "Set up", "retry": "Tried again", "set aside": "Set aside",
    "search": "Searched", "match": "Matched", "emergency": "Emergency access", "emergency end": "Emergency ended",
    "disclose": "Disclosed", "tell": "To be told to medics", "alarm": "Alarm raised", "alarm seen": "Alarm seen",
    "review": "Reviewed", "review answer": "Review disputed", "review closed": "Review closed",
}  # fmt: skip
OUTCOMES = {
    "served": "Shown", "permit": "Permitted", "redact": "Permitted in part", "deny": "Withheld",
    "done": "Done", "failed": "Failed",
}  # fmt: skip

SHOWN = 50  # entries on a page
UNSHOWN = ("canonical", "leaf_hash", "question")
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)  # no ledger is older


@dataclass(frozen=True, kw_only=True)
class Question:
    """What the desk asks the ledger."""

    since: date | None = None
    until: date | None = None
    action: str = ""
    outcome: str = ""
    rule: str = ""
    actor: str = ""
    client: str = ""  # the client's opaque id with its hyphens, or the ledger's pseudonym
    request: UUID | None = None  # everything that one request left
    recipient: str = ""  # what went out to that organization (uid) ...
    ground: str = ""  # ... or on that ground: asked for disclosures alone, these have a number
    accounting: bool = False  # of the client: what they may be told of six years

    @property
    def is_about_disclosures(self) -> bool:
        """Is it asked what went out, and nothing else that would narrow it?"""
        others = (self.action, self.outcome, self.rule, self.actor, self.client, self.request)
        return bool(self.recipient or self.ground) and not any(others)

    @property
    def is_accounting(self) -> bool:
        """Is it a client's accounting that is asked for?"""
        return self.accounting and bool(self.client)

    @property
    def takes_reads_together(self) -> bool:
        """Does one line stand for all clients that one request read?"""
        return not self.client and self.request is None

    @property
    def subject(self) -> str:
        """The ledger's pseudonym of the client asked about, if one was."""
        return pseudonym(self.client) if "-" in self.client else self.client

    @property
    def period(self) -> tuple[datetime | None, datetime | None]:
        """The instants between which it is asked: half-open, by the local days that were named."""
        after = self.until + timedelta(days=1) if self.until else None
        return self.since and _midnight(self.since), after and _midnight(after)

    def condition(self) -> Q:
        """The question as a filter; the client's id is turned into the ledger's pseudonym here."""
        found = Q()
        since, until = self.period
        if since:
            found &= Q(at__gte=since)
        if until:
            found &= Q(at__lt=until)
        if self.takes_reads_together:
            found &= Q(alike__gt=0)
        if self.request:
            found &= Q(request_id=self.request)
        if self.recipient:
            found &= Q(is_disclosure=True, recipient=self.recipient)
        if self.ground:
            found &= Q(is_disclosure=True, ground=self.ground)
        if self.action:
            found &= Q(action=self.action)
        if self.outcome:
            found &= Q(outcome=self.outcome)
        if self.rule:
            found &= Q(basis__contains=[{"rule": self.rule}]) | Q(bars__contains=[self.rule])
        if self.actor:
            found &= Q(actor=self.actor)
        if self.client:
            found &= Q(subject=self.subject)
        return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A page of the ledger, and, of what went out, how many entries there are in all."""

    page: Page
    number: int | None = None


def entries(asker: Principal, question: Question, asked: Asked | None = None) -> Answer:
    """The entries that answer ``question``, newest first; for others than the ledger's readers there are none."""
    if question.is_accounting:
        answer = _accounting(question)
    elif question.is_about_disclosures:
        answer = _disclosures(question, asked or Asked(size=SHOWN))
    else:
        rows = LedgerEntry.objects.filter(question.condition()).defer(*UNSHOWN)
        answer = Answer(page=page_of(rows, asked or Asked(size=SHOWN), by="at"))
    _note_reading(len(answer.page.rows), subject=question.subject)
    return answer


def _accounting(question: Question) -> Answer:
    """All of it on one page: what somebody may take home."""
    rows = list(ledger.accounting_of(question.subject, until=timezone.now()))
    return Answer(page=Page(rows=rows), number=len(rows))


def _disclosures(question: Question, asked: Asked) -> Answer:
    since, until = question.period
    about = {"recipient": question.recipient, "ground": question.ground}
    rows = ledger.disclosures(**about, since=since, until=until)
    number = ledger.number_of_disclosures(**about, since=since or BEGINNING, until=until or timezone.now())
    return Answer(page=page_of(rows, asked, by="at"), number=number)


def entry_seen_by(asker: Principal, entry_id: UUID) -> LedgerEntry:
    """The entry, if ``asker`` may read the ledger; otherwise `NothingToTell`."""
    found = LedgerEntry.objects.filter(pk=entry_id).first()
    if found is None:
        raise NothingToTell(f"ledger entry `{entry_id}` is not there for `{asker.uid}`")
    _note_reading(1, subject=found.subject, ids=[str(found.pk)])
    return found


def _note_reading(count: int, *, subject: str, ids: Iterable[str] = ()) -> None:
    """Reading the ledger is an entry as well: that it was read, and about whom if that was asked."""
    note_event(
        "read",
        outcome="served",
        subject=subject,
        resources={LedgerEntry._meta.label_lower: list(ids)},
        field_groups=[LedgerEntry._meta.label_lower],
        record_count=count,
        reason="ledger",
    )


def names_of_actors(found: Iterable[LedgerEntry]) -> dict[str, str]:
    """Who the actors and recipients are, in words: people's names, organizations', or the system task's."""
    columns = ("actor", "on_behalf_of", "recipient", "organization")
    # what went out is loaded in part
    ids = {each for entry in found for each in (entry.__dict__.get(name, "") for name in columns)}
    uids = [each for each in ids if _is_uid(each)]
    people = {str(p.uid): p.get_full_name() for p in Principal.objects.filter(uid__in=uids)}
    bodies = {str(o.uid): o.name for o in Organization.objects.filter(uid__in=uids)}
    return people | bodies


def _is_uid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def rules_of(entry: LedgerEntry) -> list[dict[str, Any]]:
    """The rules behind an entry, each with its citation and the question it answers."""
    permits = {each["rule"]: each["cite"] for each in entry.basis if "rule" in each}
    found = [{"id": id_, "cite": cite, "stands": "permits"} for id_, cite in permits.items()]
    found += [{"id": bar, "cite": law.cite(bar), "stands": "bars"} for bar in entry.bars]
    return [each | {"question": _question(each["id"])} for each in found]


def _question(rule_id: str) -> str:
    """What the rule asks, in its author's words; an id that is not a rule of today's law has none."""
    try:
        return law.rule(rule_id).asks
    except KeyError:
        return ""
