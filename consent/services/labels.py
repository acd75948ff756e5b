"""The label at write: what a record is kept as, from the program, the codes in it and whoever writes it.

The three are joined and nothing is taken away, so the most protective wins: labels only go up by
themselves (`law/rules.md` section 2, UPGRDLABEL). Which segment stands for substance use, mental health
or violence suffered depends on what counsel determined about the program; while nothing is determined,
the stricter one does (`cfg.twosided`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consent import access
from consent.labels.kinds import Coding, Kind
from consent.labels.reading import kinds_of_all
from consent.models import Compartment, Determination, OfficeGrant, Program, Scope
from consent.services.compartments import find_or_make_compartment, profile
from consent.services.grants import recompute_grants
from consent.services.offices import open_office

PROGRAM, CODE, AUTHOR, SENDER = "program", "code", "author", "sender"
# What a record may say, as its author chooses it, in the order in which it is offered.
CHOICES: tuple[Kind, ...] = (
    Kind.RISK, Kind.MENTAL, Kind.SUBSTANCE, Kind.HIV, Kind.STI, Kind.REPRODUCTIVE, Kind.VICTIM, Kind.GENETIC, Kind.COMMITMENT,
)  # fmt: skip
_ALWAYS: Mapping[Kind, str] = {
    Kind.RISK: "RISK",
    Kind.COMMITMENT: "COMMIT",
    Kind.HIV: "HIV",
    Kind.STI: "STI",
    Kind.REPRODUCTIVE: "REPRO",
    Kind.GENETIC: "GEN",
    Kind.SOCIAL: "CASE",
    Kind.GENERAL: "MED",
}


@dataclass(frozen=True, kw_only=True)
class Label:
    """The segments that a record gets, and which of the three brought each."""

    segments: tuple[str, ...]
    because: Mapping[str, tuple[str, ...]]  # segment -> "program", "code", "author", "sender"


def segments_of_kinds(program: Program, kinds: Iterable[Kind], at: datetime) -> dict[Kind, str]:
    """The segment of each kind in a record of ``program``, by the determination in force at ``at``."""
    known = Determination.of(program, at)
    part2 = known["p2_status"] in (Determination.Part2.PROGRAM, Determination.Part2.UNDETERMINED)
    facility = (
        known["mhpa_facility"] == Determination.Facility.YES
    )  # undetermined: the engine reads MH as both
    victims = known["vs_regime"] != Determination.Victims.NONE
    told = dict(_ALWAYS) | {
        Kind.SUBSTANCE: "SUDP2" if part2 else "SUDNP2",
        Kind.MENTAL: "MHPA" if facility else "MH",
        Kind.VICTIM: "VSP" if victims else "SDV",
    }
    return {kind: told[kind] for kind in kinds}


def label(
    program: Program,
    at: datetime,
    *,
    codings: Iterable[Coding] = (),
    chosen: Iterable[Kind] = (),
    told: Iterable[Kind] = (),
    received: Iterable[str] = (),
) -> Label:
    """What a record of ``program`` is kept as.

    Args:
        codings: The codes in it; none for what is free text alone.
        chosen: What its author says that it speaks of.
        told: What whoever sent it says that it speaks of.
        received: Segments that came with it, or that it had before: they stay.
    """
    because: dict[str, set[str]] = {segment: {PROGRAM} for segment in profile(program).note}
    coded = kinds_of_all(codings)
    for kinds, source in ((coded, CODE), (frozenset(chosen), AUTHOR), (frozenset(told), SENDER)):
        for segment in segments_of_kinds(program, kinds, at).values():
            because.setdefault(segment, set()).add(source)
    for segment in received:
        because.setdefault(segment, set()).add(SENDER)
    if _says_more(because) and "MED" in because and because["MED"] == {CODE}:
        del because["MED"]  # general health beside something special says nothing more
    return Label(
        segments=tuple(sorted(because)),
        because={segment: tuple(sorted(sources)) for segment, sources in sorted(because.items())},
    )


def _says_more(because: Mapping[str, set[str]]) -> bool:
    return any(segment not in ("MED", "CASE") and sources - {PROGRAM} for segment, sources in because.items())


def compartment_for(subject_id: UUID, program: Program, segments: Iterable[str]) -> Compartment:
    """Where a record with these segments goes; what is new opens at once to whom the law opens it."""
    found, is_new = find_or_make_compartment(subject_id, program, segments)
    if is_new:
        open_to_offices(program, segments)
        recompute_grants(subject_id)
    return found


def open_to_offices(program: Program, segments: Iterable[str]) -> None:
    """Let the offices that open the program's notes open this kind of them too, as far as the law lets them.

    A label is first used when somebody writes; whoever supervises the program would otherwise never see it. The
    engine decides about each office: none opens HIV, because taking part in that care is nobody's office.
    """
    wanted, own = sorted(set(segments)), sorted(profile(program).note)
    if wanted == own or not set(own) <= set(wanted):
        return
    with access.acting_as("system:grants"):
        _open_to_offices(program, wanted, own)


def _open_to_offices(program: Program, wanted: list[str], own: list[str]) -> None:
    notes = OfficeGrant.objects.filter(content_object__program=program, content_object__segments=own)
    have = OfficeGrant.objects.filter(content_object__program=program, content_object__segments=wanted)
    missing = notes.exclude(group__in=have.values("group")).select_related("group")
    for office in missing:
        open_office(program=program, segments=wanted, role=office.group.name, writes=office.writes)


def labelled_scopes(program: Program) -> set[tuple[str, ...]]:
    """The kinds of notes that the program has besides its usual ones: its own segments and more."""
    own = set(profile(program).note)
    rows = Scope.objects.filter(program=program).values_list("segments", flat=True)
    never = {"DEM", "ENROLL", "IDMATCH", "EMS"}  # who they are, that they are clients, and cards
    return {tuple(each) for each in rows if own < set(each) and not never & set(each)}
