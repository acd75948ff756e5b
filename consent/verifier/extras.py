"""Entries that no checkpoint has: new ones, which get a minute, and ones that somebody put in."""

from bisect import bisect_right
from collections.abc import Iterator

from consent.ledger import numbers
from consent.verifier import database
from consent.verifier.database import Connection, Sealed
from consent.verifier.findings import Finding

UNSEALED_SECONDS = 60
MOST_NAMED = 1_000
SMALLEST = -(1 << 63)  # no number is, but somebody may have put one in

COUNT = "select count(*) from public.consent_ledgerentry where number > %s and number <= %s"
UNSEALED = """
select id::text, number from public.consent_ledgerentry
 where (number > %(high)s or number = any(%(pending)s)) and at < now() - make_interval(secs => %(seconds)s)
 order by number limit %(most)s
"""
WAITING = "select count(*) from public.consent_ledgerentry where number = any(%s)"
ALL = "select id::text, number from public.consent_ledgerentry where number > %s and number <= %s order by number"


def unsealed(connection: Connection, last: Sealed) -> Iterator[Finding]:
    """Entries that were committed a while ago and are in no checkpoint: the sealer stands, or was passed by."""
    asked = {
        "high": last.high,
        "pending": _few(last),
        "seconds": UNSEALED_SECONDS,
        "most": MOST_NAMED,
    }
    for entry, number in connection.execute(UNSEALED, asked):
        yield Finding(
            code="unsealed", what="has been in no checkpoint for a minute", entry=entry, number=number
        )


def added(connection: Connection, first: Sealed, last: Sealed, *, look: bool) -> Iterator[Finding]:
    """Entries with numbers that the checkpoints after ``first`` should have, and don't.

    Args:
        look: Look at each, even when their number is right: an entry may have been taken out for one put in.
    """
    pending, low = _few(last), first.high if first.number else SMALLEST
    runs = sorted(
        run
        for sealed in database.checkpoints(connection, first.number, last.number)
        for run in numbers.runs(sealed.added)
    )
    wanted = sum(end - max(begin, first.high + 1) for begin, end in runs if end > first.high + 1)
    waiting = [number for number in pending if number > low]
    there = _count(connection, COUNT, [low, last.high]) - _count(connection, WAITING, [waiting])
    if there == wanted and not look:
        return
    begins = [begin for begin, _end in runs]
    named = 0
    for entry, number in connection.execute(ALL, [low, last.high]):
        at = bisect_right(begins, number) - 1
        if (at >= 0 and number < runs[at][1]) or number in pending:
            continue
        yield Finding(code="added", what="is in the ledger and in no checkpoint", entry=entry, number=number)
        named += 1
        if named == MOST_NAMED:
            return


def _few(last: Sealed) -> list[int]:
    """The numbers that the sealer looks for; a set that somebody blew up is cut short."""
    found: list[int] = []
    for low, high in numbers.runs(last.pending):
        found += range(low, min(high, low + 100_000))
    return found


def _count(connection: Connection, query: str, values: list[object]) -> int:
    row = connection.execute(query, values).fetchone()
    return int(row[0]) if row else 0
