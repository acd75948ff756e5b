"""Reading the ledger for whoever may: what is asked for, a page at a time, and one entry with its law."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from consent import law
from consent.access import NothingToTell
from consent.models import LedgerEntry, Organization, Principal
from consent.paging import Asked, Page, page_of
from consent.services.ledger import note_event, pseudonym

ACTIONS = {
    "read": "Read", "use": "Used by the system", "decide": "Decided", "write": "Written", "assign": "Assigned",
    "unassign": "Taken off the team", "office": "Office ended", "consent": "Consent signed", "revoke": "Consent taken back",
    "send": "Sent", "receive": "Received", "refuse": "Refused", "fail": "Failed",
    "refer": "Referred", "set up": "Set up", "retry": "Tried again", "set aside": "Set aside",
    "search": "Searched", "match": "Matched",
}  # fmt: skip
OUTCOMES = {
    "served": "Shown", "permit": "Permitted", "redact": "Permitted in part", "deny": "Withheld",
    "done": "Done", "failed": "Failed",
}  # fmt: skip

SHOWN = 50  # entries on a page


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

    @property
    def subject(self) -> str:
        """The ledger's pseudonym of the client asked about, if one was."""
        return pseudonym(self.client) if "-" in self.client else self.client

    def condition(self) -> Q:
        """The question as a filter; the client's id is turned into the ledger's pseudonym here."""
        found = Q()
        if self.since:
            found &= Q(at__gte=_midnight(self.since))
        if self.until:
            found &= Q(at__lt=_midnight(self.until + timedelta(days=1)))
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


def entries(asker: Principal, question: Question, asked: Asked | None = None) -> Page:
    """The entries that answer ``question``, newest first; for others than the ledger's readers there are none."""
    rows = LedgerEntry.objects.filter(question.condition()).defer("canonical")
    page = page_of(rows, asked or Asked(size=SHOWN), by="at")
    _note_reading(len(page.rows), subject=question.subject)
    return page


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
    ids = {
        each
        for entry in found
        for each in (entry.actor, entry.on_behalf_of, entry.recipient, entry.organization)
    }
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
