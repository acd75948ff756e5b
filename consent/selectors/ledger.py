"""Asking the ledger: a client's accounting, and what went to whom on which ground, with its number.

Everything that is searched for is a typed column under an index of its own, so that an answer
costs what it holds and not what the ledger holds. Whoever calls notes that the ledger was read.
"""

from datetime import UTC, date, datetime, timedelta

from django.db.models import Max, Q, QuerySet, Sum

from consent.models import LedgerDay, LedgerEntry

YEARS = 6  # 45 CFR 164.528(a)(1); 42 CFR 2.25 wants three
# What an accounting shows, all of it in the index (`ledger_accounting`).
ACCOUNTED = ("id", "at", "recipient", "segments", "purpose", "ground", "consents")
# Of what a search finds: little, because a row that is shown is fetched and read as a whole.
FOUND = ("id", "at", "subject", "actor", "recipient", "segments", "purpose", "ground")


def accounting_of(subject: str, *, until: datetime) -> QuerySet[LedgerEntry]:
    """The disclosures that a client may ask about: those of six years before ``until``, newest first.

    Args:
        subject: The client as the ledger calls them, a pseudonym.
    """
    rows = LedgerEntry.objects.filter(subject=subject, is_accountable=True)
    rows = rows.filter(at__gte=_years_before(until, YEARS), at__lt=until)
    return rows.order_by("-at").only(*ACCOUNTED)


def disclosures(
    *, recipient: str = "", ground: str = "", since: datetime | None = None, until: datetime | None = None
) -> QuerySet[LedgerEntry]:
    """What went out, newest first; to this recipient, on this ground, within ``since <= at < until``.

    Args:
        recipient: An organization's uid.
        ground: The rule that leads, of those that let it go (`consent.services.receipts.ground_of`).
    """
    rows = LedgerEntry.objects.filter(_about(recipient, ground), is_disclosure=True)
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    return rows.order_by("-at", "-id").only(*FOUND)


def number_of_disclosures(*, recipient: str = "", ground: str = "", since: datetime, until: datetime) -> int:
    """How many `disclosures` there are, exactly: finished days as they were counted, the rest by the index."""
    counted_to = LedgerDay.objects.filter(recipient="", ground="").aggregate(day=Max("day"))["day"]
    first = _day_from(since)
    end = min(until.astimezone(UTC).date(), counted_to + timedelta(days=1)) if counted_to else first
    if first >= end:
        return _counted(recipient, ground, since, until)
    days = LedgerDay.objects.filter(day__gte=first, day__lt=end).filter(_about(recipient, ground))
    if not recipient and not ground:
        days = days.filter(recipient="", ground="")  # the marks count whole days
    whole = days.aggregate(entries=Sum("entries"))["entries"] or 0
    before, after = _midnight(first), _midnight(end)
    edges = [(since, before)] if since < before else []
    edges += [(after, until)] if after < until else []
    return int(whole) + sum(_counted(recipient, ground, start, stop) for start, stop in edges)


def _about(recipient: str, ground: str) -> Q:
    asked = {name: value for name, value in (("recipient", recipient), ("ground", ground)) if value}
    return Q(**asked)


def _counted(recipient: str, ground: str, since: datetime, until: datetime) -> int:
    rows = disclosures(recipient=recipient, ground=ground, since=since, until=until)
    return rows.order_by().count()


def _day_from(since: datetime) -> date:
    """The first whole UTC day at or after the instant."""
    day = since.astimezone(UTC).date()
    return day if _midnight(day) == since else day + timedelta(days=1)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _years_before(at: datetime, years: int) -> datetime:
    day = 28 if (at.month, at.day) == (2, 29) else at.day
    return at.replace(year=at.year - years, day=day)
