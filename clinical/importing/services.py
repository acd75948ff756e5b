"""Keeping what a bundle brings: each resource labelled like what a worker writes, all of it or nothing."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from clinical.clients.models import Client
from clinical.health.models import HealthFact
from clinical.importing import bundle as bundles
from clinical.importing.bundle import Bundle, Resource
from clinical.importing.facts import Incoming, NotTaken, incoming
from clinical.units.selectors import programs_supervised_by
from consent import access, services
from consent.access import NothingToTell
from consent.models import Principal, Program
from consent.services import Label, ledger
from consent.services.grants import lock_client

TEXTS = (
    "words",
    "code",
    "detail",
    "since",
    "until",
    "status",
    "system",
    "what",
)  # what a second import compares


class AnotherPerson(ValueError):
    """The bundle's Patient may be somebody else than the client: which facts differ, and not what they are."""

    def __init__(self, facts: Sequence[str]) -> None:
        super().__init__(f"differs in {', '.join(facts)}")
        self.facts = tuple(facts)


@dataclass(kw_only=True)
class Imported:
    """What became of a bundle, in numbers and places.

    Attributes:
        kept: Facts that are new, by sort; ``changed`` and ``as_before`` count those that were here already.
        not_taken: Place and reason of each resource that is whole and can't be kept.
        unsupported: Resources of types that aren't taken here, by type.
    """

    kept: Counter[str] = field(default_factory=Counter)
    changed: int = 0
    as_before: int = 0
    not_taken: list[tuple[str, str]] = field(default_factory=list)
    unsupported: Counter[str] = field(default_factory=Counter)


@transaction.atomic
def import_bundle(
    *, client: Client, program: Program, by: Principal, raw: bytes, at: datetime, is_same_person: bool = False
) -> Imported:
    """Take a bundle into the client's record in ``program``; the same bundle again changes nothing.

    A supervisor's to do: it brings in what no worker wrote. Each resource gets the program's segments, those of
    its codes and those that its sender put on it. One that is here already and says something else by now is
    changed, and its label goes up and never down. The Patient only says whose it is: who the client is stays as
    the worker wrote it.

    Raises:
        Broken: nothing of it was kept.
        AnotherPerson: name or birth date differ from the client's, and nobody said that it is the same person.
        NothingToTell: ``by`` is no supervisor of the program.
    """
    if program not in programs_supervised_by(by):
        raise NothingToTell(f"`{by.uid}` imports nothing into `{program.slug}`")
    read = bundles.read(raw)
    if not is_same_person and (differing := differences(client, read.patient)):
        raise AnotherPerson(differing)
    result = Imported(unsupported=read.unsupported)
    facts = list(_readable(read, result))
    lock_client(client.subject_id)  # the second of two imports at once waits, and finds all of it here
    _Import(client.subject_id, program, by, at, result).take(facts)
    ledger.note_event(
        "receive", subject_id=client.subject_id, record_count=sum(result.kept.values()) + result.changed,
        reason="a FHIR bundle",
    )  # fmt: skip
    return result


def _readable(read: Bundle, result: Imported) -> Iterable[Incoming]:
    for resource in read.resources:
        try:
            yield incoming(resource, read)
        except NotTaken as reason:
            result.not_taken.append((resource.place, str(reason)))


def differences(client: Client, patient: Resource) -> list[str]:
    """Which facts about the person differ, of those known on both sides: ``birth date``, ``family name``."""
    found = []
    born = patient.content.get("birthDate")
    if client.born_on and isinstance(born, str) and born != client.born_on.isoformat()[: len(born)]:
        found.append("birth date")
    families = {
        each["family"].casefold().strip()
        for each in patient.content.get("name", ())
        if isinstance(each, dict) and isinstance(each.get("family"), str)
    }
    if client.family_name and families and client.family_name.casefold().strip() not in families:
        found.append("family name")
    if not client.born_on and not client.family_name:
        found.append("nothing to compare it by")
    return found


@dataclass
class _Import:
    subject_id: UUID
    program: Program
    by: Principal
    at: datetime
    result: Imported

    def take(self, facts: Sequence[Incoming]) -> None:
        """Keep those that are new, change those that say something else by now."""
        index = services.blind_index(self.program.unit)
        ids = {self._id_of(each.resource, index): each for each in facts}
        with access.acting_as("system:labels"):
            rows = HealthFact.objects.filter(pk__in=ids, compartment__subject_id=self.subject_id)
            here = {row.pk: row for row in rows.select_related("compartment__scope__program__unit")}
        new = []
        for fact_id, fact in ids.items():
            if fact_id in here:
                self._again(here[fact_id], fact)
            else:
                new.append(self._made(fact_id, fact))
                self.result.kept[fact.said.what] += 1
        with access.acting_as("system:labels"):
            HealthFact.objects.bulk_create(new)

    def _id_of(self, resource: Resource, index: services.BlindIndex) -> UUID:
        """The fact's id: the same for the same resource of the same client, and for whoever lacks the key no hint of either."""
        name = f"{self.subject_id}|{self.program.slug}|{resource.name}"
        high, low = (
            index.token(kind, name) & (1 << 64) - 1
            for kind in ("fhir resource, first", "fhir resource, last")
        )
        return UUID(int=high << 64 | low, version=5)

    def _label(self, fact: Incoming, kept: Iterable[str] = ()) -> Label:
        return services.label(
            self.program, self.at, codings=fact.codings, chosen=fact.said.chosen, told=fact.kinds,
            received={*fact.segments, *kept},
        )  # fmt: skip

    def _made(self, fact_id: UUID, fact: Incoming) -> HealthFact:
        label = self._label(fact)
        made = HealthFact(
            pk=fact_id, by=self.by, source=HealthFact.Source.IMPORTED,
            compartment=services.compartment_for(self.subject_id, self.program, label.segments),
            because={segment: list(sources) for segment, sources in label.because.items()},
        )  # fmt: skip
        for name in TEXTS:
            setattr(made, name, getattr(fact.said, name))
        return made

    def _again(self, row: HealthFact, fact: Incoming) -> None:
        """It is here already: as before, or with something new, which may raise its label."""
        if all(getattr(row, name) == getattr(fact.said, name) for name in TEXTS):
            self.result.as_before += 1  # a label that a supervisor lowered stays lowered
            return
        before = row.compartment.scope.segments
        label = self._label(fact, kept=before)
        for name in TEXTS:
            setattr(row, name, getattr(fact.said, name))
        moved = services.compartment_for(self.subject_id, self.program, label.segments)
        with access.acting_as("system:labels"):
            row.compartment = moved
            row.because = (row.because or {}) | {
                segment: list(sources) for segment, sources in label.because.items() if segment not in before
            }
            row.save(update_fields=[*TEXTS, "compartment", "because"])
        self.result.changed += 1
