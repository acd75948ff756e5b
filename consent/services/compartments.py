"""Making compartments: what of a record opens and closes together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consent import access
from consent.models import Compartment, Organization, Program, Scope

# The parent segment of a program: what its enrolment, and so its clients' names, reveal
# (`eng.enroll.inherits`, 42 CFR 2.12(a)(1); docs/decisions.md).
PARENT_SEGMENTS = {
    "POST": "SUDP2",
    "LEAD": "SUDP2",
    "TSAP": "VSP",
    "ROOTS": "HMIS",
    "CO-RESPONSE": "MH",
    "CRT": "MH",
    "PINS": "CASE",
}
MOST_PROTECTIVE = "SUDP2"  # a program without a profile is taken for the strictest


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What a program's records are, as segments: who the client is, that they are one, what is written.

    ``matching`` is what the matching desk keeps: which of the program's clients may be one person.
    ``duty`` is what the whole duty team works from before somebody has a care team, or of nobody by name:
    the drop-in desk's cards, slips on which people ask to be called, groups, events in the neighborhood.
    No author's choice and no coded value leads to that set of segments, so nothing of a care team's own
    record opens with it.
    ``complaint`` is what somebody says was done to them: with whom they are, how to reach them, and
    apart from everything else, so that an office can open it alone.
    """

    parent: str
    identity: tuple[str, ...]
    enrolment: tuple[str, ...]
    note: tuple[str, ...]
    matching: tuple[str, ...]
    duty: tuple[str, ...]
    complaint: tuple[str, ...]


def profile(program: Program) -> Profile:
    """The profile of ``program``; an unknown program gets the most protective one."""
    parent = PARENT_SEGMENTS.get(program.known_as, MOST_PROTECTIVE)
    return Profile(
        parent=parent,
        identity=tuple(sorted({"DEM", parent})),
        enrolment=tuple(sorted({"ENROLL", parent})),
        note=(parent,),
        matching=tuple(sorted({"IDMATCH", parent})),
        duty=tuple(sorted({"DEM", "ENROLL", "LOC", parent})),
        complaint=tuple(sorted({"CASE", "DEM", "ENROLL", parent})),
    )


def scope_of(program: Program, segments: Iterable[str]) -> Scope:
    """The scope of a program and a set of segments, made when it is the first of its kind."""
    scope, _made = Scope.objects.get_or_create(program=program, segments=sorted(set(segments)))
    return scope


def open_compartment(
    subject_id: UUID,
    program: Program,
    segments: Iterable[str],
    recipient: Organization | None = None,
    *,
    closed_to_later_at: datetime | None = None,
) -> Compartment:
    """The compartment of a client, program, segments and, for what was released, recipient.

    It is made when there is none; nobody sees it before the client's grants are
    recomputed.

    Args:
        closed_to_later_at: For what stays closed to who joins the care team at this instant or later.
    """
    return find_or_make_compartment(
        subject_id, program, segments, recipient, closed_to_later_at=closed_to_later_at
    )[0]


def find_or_make_compartment(
    subject_id: UUID,
    program: Program,
    segments: Iterable[str],
    recipient: Organization | None = None,
    *,
    closed_to_later_at: datetime | None = None,
) -> tuple[Compartment, bool]:
    """The compartment, and whether it had to be made."""
    with access.acting_as("system:grants"):
        return Compartment.objects.get_or_create(
            subject_id=subject_id, scope=scope_of(program, segments), recipient=recipient,
            closed_to_later_at=closed_to_later_at,
        )  # fmt: skip
