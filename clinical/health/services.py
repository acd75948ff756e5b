"""Keeping a coded fact where its label puts it, ending it, and striking what was a mistake."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from clinical.health.models import HealthFact
from clinical.writing import check_may, programs_written_by, written_into
from consent import services
from consent.access import NothingToTell
from consent.labels.kinds import ICD9CM, ICD10CM, LOINC, RXNORM, SNOMED, Coding, Kind
from consent.models import Principal, Program
from consent.services import Label

SYSTEMS = {
    HealthFact.System.ICD10CM: ICD10CM,
    HealthFact.System.ICD9CM: ICD9CM,
    HealthFact.System.SNOMED: SNOMED,
    HealthFact.System.RXNORM: RXNORM,
    HealthFact.System.LOINC: LOINC,
}


@dataclass(frozen=True, kw_only=True)
class Said:
    """A fact as it was said, before anybody knows where it goes. Dates are ISO 8601, as exact as known."""

    what: str
    words: str
    system: str = HealthFact.System.NONE
    code: str = ""
    detail: str = ""
    status: str = HealthFact.Status.CURRENT
    since: str = ""
    until: str = ""
    chosen: frozenset[Kind] = frozenset()

    @property
    def coding(self) -> Coding:
        """Its code with its words; what was added in detail may name a medicine too."""
        return Coding(system=SYSTEMS.get(self.system, ""), code=self.code, display=self.words)

    @property
    def codings(self) -> tuple[Coding, ...]:
        """All that can be read in it."""
        return (self.coding, Coding(display=self.detail)) if self.detail else (self.coding,)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What became of it: its label, and whether its writer can read it there."""

    fact: HealthFact
    label: Label
    is_open: bool


def label_of(said: Said, program: Program, at: datetime) -> Label:
    """Where it would go."""
    return services.label(program, at, codings=said.codings, chosen=said.chosen)


@transaction.atomic
def keep_fact(*, subject_id: UUID, program: Program, by: Principal, said: Said, at: datetime) -> Kept:
    """Keep what ``by`` said of the client, labelled by the program, its code and its author.

    A label may be more than its author can open: information about HIV is read by those alone who take part
    in that care (35 P.S. 7607(a)(4)). It is kept all the same, by a task that tells nobody.

    Raises:
        NothingToTell: ``by`` writes nothing about the client in the program.
    """
    if program not in programs_written_by(by, subject_id) or not by.has_perm("clinical.add_healthfact"):
        raise NothingToTell(f"`{by.uid}` writes nothing about `{subject_id}` in `{program.slug}`")
    label = label_of(said, program, at)
    compartment = services.compartment_for(subject_id, program, label.segments)
    fact = HealthFact(
        compartment=compartment, by=by, what=said.what, system=said.system, code=said.code, words=said.words,
        detail=said.detail, status=said.status, since=said.since, until=said.until,
        because={segment: list(sources) for segment, sources in label.because.items()},
    )  # fmt: skip
    with written_into(compartment, by) as is_open:
        fact.save(force_insert=True)
    return Kept(fact=fact, label=label, is_open=is_open)


@transaction.atomic
def end_fact(*, fact: HealthFact, by: Principal, until: str) -> None:
    """It goes on no longer, from ``until`` (ISO 8601, or ``""`` where nobody knows)."""
    check_may(by, "change", fact)
    if fact.status == HealthFact.Status.CURRENT:
        fact.status, fact.until = HealthFact.Status.ENDED, until
        fact.save(update_fields=["status", "until"])


@transaction.atomic
def resume_fact(*, fact: HealthFact, by: Principal) -> None:
    """It goes on after all."""
    check_may(by, "change", fact)
    if fact.status == HealthFact.Status.ENDED:
        fact.status, fact.until = HealthFact.Status.CURRENT, ""
        fact.save(update_fields=["status", "until"])


@transaction.atomic
def strike_fact(*, fact: HealthFact, by: Principal, because: str, at: datetime) -> None:
    """Take back what was kept by mistake; it stays in the record, struck, and counts for nothing."""
    check_may(by, "change", fact)
    if fact.struck_at is None:
        fact.struck_at, fact.struck_by, fact.struck_because = at, by, because
        fact.save(update_fields=["struck_at", "struck_by", "struck_because"])


def kinds_named(names: Iterable[str]) -> frozenset[Kind]:
    """The kinds of these names; another name is no kind."""
    known = {kind.name.lower(): kind for kind in services.LABEL_CHOICES}
    return frozenset(known[name] for name in names if name in known)
