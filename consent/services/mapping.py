"""Who may be told what about one client, asked all at once, from what the asker may see.

A decision that lets something out rests on every row (`decisions`). A map is only looked at: it rests
on the rows and forms that the asker may see, and what is hidden from them takes no part in it. Nothing
is recorded but the reading of those rows.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from consent import roles
from consent.engine import facts, forms
from consent.engine.decide import decide
from consent.engine.facts import Actor, Asked, Decision, Recipient
from consent.engine.vocabulary import MODIFIERS, SEGMENTS
from consent.models import Organization, Program, Scope
from consent.services.decisions import ENGINE_JOB, PACKS, as_recipient, question
from consent.services.standing import History, Standing

NOTHING_SHOWN: Final[Mapping[str, Any]] = {}
TELLING: Final = (
    SEGMENTS - MODIFIERS
)  # the segments that hold something; the others change how these are read
NO_LABELS: Final[Mapping[int, frozenset[str]]] = {}


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody who might be told, as the law sees them, and what they would ask for.

    Attributes:
        key: What tells this candidate from the others, in a form that is posted.
        purposes: The purposes for which such a recipient asks in the ordinary course, the plainest first.
        facts: What is taken for granted of them, as facts shown: that a colleague is on the care team.
        acts_as: Roles of the house, for own staff; the first that the law has a word for in a program counts.
    """

    key: str
    type: str
    purposes: tuple[str, ...]
    organization: Organization | None = None
    facts: Mapping[str, Any] = field(default_factory=lambda: NOTHING_SHOWN)
    acts_as: tuple[str, ...] = ()

    @property
    def named_by(self) -> str:
        """The uid by which a form names them; nothing where it names the kind alone."""
        return str(self.organization.uid) if self.organization else ""

    def recipient(self, program: Program) -> Recipient:
        """The candidate as the law sees a recipient."""
        if self.organization is not None:
            return replace(as_recipient(self.organization), type=self.type)
        return Recipient(type=self.type, unit=program.unit.slug if self.acts_as else "")

    def actor(self, program: Program) -> Actor:
        """Who acts: own staff themselves, otherwise the house."""
        if not self.acts_as:
            return ENGINE_JOB
        found = (roles.actor_role((each,), program.slug) for each in self.acts_as)
        role = next(filter(None, found), "")
        return Actor(id=self.key, role=role, unit=program.unit.slug, employer_class="civil")


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One answer of the map: may this candidate be told that segment of the program's record?

    Attributes:
        permits: The purposes for which it may be told, each with a decision that permits it.
        until: The instant from which it may no longer be told, for any of them; ``None`` without an end.
        consents: The forms that it rests on.
    """

    segment: str
    permits: Mapping[str, Decision]
    until: datetime | None = None
    consents: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        """May it be told for any purpose?"""
        return bool(self.permits)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the asker may see of what stands about one client, at one instant; made with `about`.

    Attributes:
        labels: By program, the labels that change how the others are read (``MINOR``).
    """

    history: History
    at: datetime
    labels: Mapping[int, frozenset[str]] = field(default_factory=lambda: NO_LABELS)

    @classmethod
    def about(
        cls,
        subject_id: UUID,
        scopes: Collection[Scope],
        organizations: Collection[Organization],
        at: datetime,
    ) -> "Seen":
        """Read what stands, as the principal who asks: the database leaves out what is hidden from them.

        Args:
            scopes: What the asker may open of the client's record, each with its program.
        """
        programs = {each.program_id: each.program for each in scopes}
        labels = {
            program: frozenset(
                segment for each in scopes if each.program_id == program for segment in each.segments
            )
            & MODIFIERS
            for program in programs
        }
        history = History.about(subject_id, programs.values(), organizations)
        return cls(history=history, at=at, labels=labels)

    @property
    def forms(self) -> dict[str, facts.Consent]:
        """The signed forms that the asker may see, by id."""
        return {each.id: each for found in self.history.consents.values() for each in found}

    def trying(self, *, without: Collection[str] = (), added: Iterable[facts.Consent] = ()) -> "Seen":
        """The same with some forms taken back at that instant, in writing, and others signed; nothing is written.

        Args:
            without: Ids of forms; one that the asker doesn't see is as good as made up.
        """
        signed = tuple(added)
        consents = {
            program.pk: (
                *(self._kept(each, without) for each in self.history.consents.get(program.pk, ())),
                *(each for each in signed if program.slug in each.sources),
            )
            for program in self.history.programs
        }
        return replace(self, history=replace(self.history, consents=consents))

    def _kept(self, form: facts.Consent, without: Collection[str]) -> facts.Consent:
        if form.id not in without or (form.revoked_at is not None and form.revoked_at <= self.at):
            return form
        return replace(form, revoked_at=self.at, revoked_how="written")

    # --- asking --------------------------------------------------------------------------------

    def asked(
        self, candidate: Candidate, program: Program, segments: Iterable[str], at: datetime | None = None
    ) -> Asked:
        """The question, for the first of the candidate's purposes."""
        at = at or self.at
        organization = candidate.organization
        agreed = self.history.agreed_with(organization, program, at) if organization else {}
        return question(
            self._standing(program, at),
            segments=self._labelled(program, segments), recipient=candidate.recipient(program),
            purpose=candidate.purposes[0], actor=candidate.actor(program), facts=agreed | dict(candidate.facts),
        )  # fmt: skip

    def row(self, candidate: Candidate, program: Program, segments: Collection[str]) -> dict[str, Cell]:
        """The candidate's answers on each of the segments: one question for each purpose.

        What a form opens is asked again segment by segment, to know which form opens it and until when.
        """
        whole = self.asked(candidate, program, segments)
        decided = {each: _decided(whole, each) for each in candidate.purposes}
        found = {}
        for segment in segments:
            permits = {
                purpose: _decided(replace(whole, segments=self._labelled(program, [segment])), purpose)
                if decision.consents_used
                else decision
                for purpose, decision in decided.items()
                if segment in decision.permitted
            }
            found[segment] = self._cell(candidate, program, segment, permits)
        return found

    def cell(self, candidate: Candidate, program: Program, segment: str) -> Cell:
        """One answer, decided by itself."""
        asked = self.asked(candidate, program, [segment])
        decided = {each: _decided(asked, each) for each in candidate.purposes}
        permits = {each: decision for each, decision in decided.items() if segment in decision.permitted}
        return self._cell(candidate, program, segment, permits)

    def _cell(
        self, candidate: Candidate, program: Program, segment: str, permits: Mapping[str, Decision]
    ) -> Cell:
        ends = [self._end(candidate, program, segment, *each) for each in permits.items()]
        return Cell(
            segment=segment,
            permits=permits,
            until=None if not ends or None in ends else max(each for each in ends if each is not None),
            consents=frozenset(id_ for each in permits.values() for id_ in each.consents_used),
        )

    def refusals(self, candidate: Candidate, program: Program, segment: str) -> dict[str, Decision]:
        """The decisions on the purposes for which it may not be told."""
        asked = self.asked(candidate, program, [segment])
        decided = {each: _decided(asked, each) for each in candidate.purposes}
        return {each: found for each, found in decided.items() if segment not in found.permitted}

    def _end(
        self, candidate: Candidate, program: Program, segment: str, purpose: str, decision: Decision
    ) -> datetime | None:
        """When a permit ends: at the first dated change after which the answer is no, or where the law sets an end.

        A decision holds until the first of its forms ends; another form may go on. A form that the
        decision doesn't rest on takes nothing away when it ends.
        """
        turns = {each for id_ in decision.consents_used for each in self._turns[id_]} | self._dated
        set_by_law = None if decision.expires_at in turns else decision.expires_at
        for instant in sorted(turns):
            if set_by_law is not None and instant >= set_by_law:
                break
            later = _decided(self.asked(candidate, program, [segment], instant), purpose)
            if segment not in later.permitted:
                return instant
        return set_by_law

    @cached_property
    def _turns(self) -> dict[str, set[datetime]]:
        """When each form begins or ends, after the instant of asking."""
        return {
            id_: {each for each in forms.turns_of(form) if each > self.at} for id_, form in self.forms.items()
        }

    @cached_property
    def _dated(self) -> set[datetime]:
        """When something else than a form begins or ends."""
        return set(replace(self.history, consents={}).instants(self.at))

    @cached_property
    def _standings(self) -> dict[tuple[int, datetime], Standing]:
        return {}

    def _labelled(self, program: Program, segments: Iterable[str]) -> frozenset[str]:
        return frozenset(segments) | self.labels.get(program.pk, frozenset())

    def _standing(self, program: Program, at: datetime) -> Standing:
        key = (program.pk, at)
        if key not in self._standings:
            self._standings[key] = self.history.standing(program, at)
        return self._standings[key]


def _decided(asked: Asked, purpose: str) -> Decision:
    return decide(replace(asked, purpose=purpose), PACKS)
