"""Taking a city's file of calls in: all of it or, when the file is broken, nothing."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.crypto import salted_hmac

from consent import access, services
from consent.models import Compartment, Program
from consent.services import ledger
from policecore.cad import rows
from policecore.cad.files import BrokenFile, Record, opened_text, records
from policecore.cad.layout import Layout
from policecore.models import Incident, QuarantinedRow, Zone, calls_of
from policecore.places import Places

IMPORTER = "system:import"
PURPOSE = "X-REFERRAL-IN"
DISPATCH = "CAD"  # the unit that answers for the feed: it owns the quarantine
BATCH = 1_000  # rows in memory at a time; their ids fit into one ledger entry

Progress = Callable[[int], None]  # told the position in the file, in bytes


class NotReady(LookupError):
    """The layout names a zone, or the import a unit, that this side doesn't have yet."""


@dataclass(kw_only=True)
class Totals:
    """What became of a file's rows: every one read is new, already known or quarantined."""

    read: int = 0
    new: int = 0
    known: int = 0
    quarantined: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    shifted_by: timedelta = timedelta(0)
    last_call_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class _Destination:
    """Where calls and odd rows go: the units' compartments, looked up once."""

    layout: Layout
    file_name: str
    zones: dict[str, Zone]
    compartments: dict[str, Compartment]
    quarantine: Compartment
    places: Places = field(default_factory=Places)


def import_file(
    path: Path, layout: Layout, *, shift_to_now: bool = False, progress: Progress = lambda _: None
) -> Totals:
    """Read the file into incidents, in one transaction.

    Idempotent by the incidents' ids: a second import finds every row already known,
    and one after a broken file starts from nothing. Memory is that of one batch.

    Raises:
        BrokenFile: the file as a whole can't be taken; nothing of it was.
        NotReady: a zone or unit is missing.
    """
    now = timezone.now()
    totals = Totals()
    if shift_to_now:
        totals.shifted_by = _shift(path, layout, now)
    with access.opened(IMPORTER, PURPOSE) as context:
        destination = _destination(path, layout)
        for batch, position in _batches(path, layout):
            access.begin(context)  # a signed principal lasts ten minutes, a big file longer
            _take(batch, destination, totals, now)
            ledger.flush(context)
            progress(position)
        ledger.note_event("import", segments=["CAD"], record_count=totals.new, reason=layout.name)
    return totals


def _batches(path: Path, layout: Layout) -> Iterator[tuple[list[Record], int]]:
    with opened_text(path, layout.encoding) as (text, disk):
        rows_of_file = records(text, layout)
        while batch := list(islice(rows_of_file, BATCH)):
            yield batch, disk.tell()


def _shift(path: Path, layout: Layout, now: datetime) -> timedelta:
    """How far to move the calls so that the file's last one is now; reads the file once more."""
    last: datetime | None = None
    for batch, _position in _batches(path, layout):
        for record in batch:
            if record.values is None:
                continue
            try:
                at = rows.read(record.values, layout, now).occurred_at
            except rows.Odd:
                continue
            last = max(last or at, at)
    return timedelta(seconds=int((now - last).total_seconds())) if last else timedelta(0)


def _destination(path: Path, layout: Layout) -> _Destination:
    zones = {zone.slug: zone for zone in Zone.objects.select_related("unit")}
    missing = [rule.slug for rule in layout.zones if rule.slug not in zones]
    if missing:
        raise NotReady(f"there is no zone `{missing[0]}`; `manage.py set_up_units` makes the zones and units")
    dispatch = Program.objects.filter(slug=DISPATCH).first()
    if dispatch is None:
        raise NotReady(f"there is no unit `{DISPATCH}`; `manage.py set_up_units` makes the zones and units")
    return _Destination(
        layout=layout,
        file_name=path.name[:200],
        zones=zones,
        compartments={
            rule.slug: services.open_compartment(**calls_of(zones[rule.slug].unit)) for rule in layout.zones
        },
        quarantine=services.open_compartment(**calls_of(dispatch)),
    )


def _take(batch: list[Record], to: _Destination, totals: Totals, now: datetime) -> None:
    incidents: list[Incident] = []
    odd: list[QuarantinedRow] = []
    for record in batch:
        if record.values is None:
            odd.append(_odd_row(record, to, record.reason, ""))
            continue
        try:
            incidents.append(_incident(rows.read(record.values, to.layout, now), to, totals))
        except rows.Odd as fault:
            odd.append(_odd_row(record, to, fault.reason, fault.column))
    _keep_odd(odd)
    new = _keep_new(incidents)
    totals.read += len(batch)
    totals.new += new
    totals.known += len(incidents) - new
    totals.quarantined += len(odd)
    totals.reasons.update(each.reason for each in odd)


def _keep_new(incidents: list[Incident]) -> int:
    """Add the calls that aren't known yet, each once; how many were added.

    A conflict that remains is another import of the same file, at the same time.
    """
    wanted = {each.external_id: each for each in reversed(incidents)}
    for external_id in _known(Incident, "external_id", incidents):
        wanted.pop(external_id, None)
    if not wanted:
        return 0
    Incident.objects.bulk_create(wanted.values(), ignore_conflicts=True)
    return Incident.objects.filter(pk__in=[each.pk for each in wanted.values()]).count()


def _keep_odd(odd: list[QuarantinedRow]) -> None:
    """Add the odd rows that aren't kept yet."""
    wanted = {each.digest: each for each in reversed(odd)}
    for digest in _known(QuarantinedRow, "digest", odd):
        wanted.pop(digest, None)
    QuarantinedRow.objects.bulk_create(wanted.values(), ignore_conflicts=True)


def _known(model: type[Incident] | type[QuarantinedRow], key: str, rows: list[Any]) -> list[str]:
    """Which of the rows' keys stand in the table already; a key says nothing about anybody."""
    if not rows:
        return []
    found = model.objects.filter(
        layout=rows[0].layout, **{f"{key}__in": [getattr(each, key) for each in rows]}
    )
    return list(found.values_list(key, flat=True))


def _incident(call: rows.Call, to: _Destination, totals: Totals) -> Incident:
    at = call.occurred_at + totals.shifted_by
    totals.last_call_at = max(totals.last_call_at or at, at)
    return Incident(
        compartment=to.compartments[call.zone],
        layout=to.layout.name,
        external_id=call.external_id,
        call_type=call.call_type,
        call_group=call.call_group,
        kind=call.kind,
        priority=call.priority,
        occurred_at=at,
        location=call.location,
        place_token=to.places.token(call.location),
        position=None if call.latitude is None else [call.latitude, call.longitude],
        zone=to.zones[call.zone],
        description=call.description,
    )


def _odd_row(record: Record, to: _Destination, reason: str, column: str) -> QuarantinedRow:
    return QuarantinedRow(
        compartment=to.quarantine,
        layout=to.layout.name,
        file_name=to.file_name,
        line_number=record.line_number,
        reason=reason,
        column=column[:60],
        raw=record.raw,
        digest=salted_hmac("quarantined row", record.raw, algorithm="sha256").hexdigest(),
    )


__all__ = ["BrokenFile", "NotReady", "Totals", "import_file"]
