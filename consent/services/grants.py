"""From standing facts to grants: recomputed for one client in the transaction of whatever changed."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.postgres.functions import TransactionNow
from django.db.models import F
from django.db.models.functions import Greatest

from consent import access
from consent.models import Compartment, Grant, NextChange, Principal
from consent.models.compartments import FOR_GOOD
from consent.services import emergency_use, ledger
from consent.services.emergency_use import Emergency
from consent.services.locks import lock_client
from consent.services.standing import History, Standing
from consent.services.workforce import (
    OWN_USE,
    PARTNERS_USE,
    POLICE_DUTY,
    Answer,
    Decided,
    Remembered,
    decided,
    is_transferred,
    own_use,
    partners_use,
    question_of_own_use,
    question_of_partners_use,
)

__all__ = ["end_grants_resting_on", "lock_client", "recompute_grants"]
MOST_INSTANTS = 64  # looked at for one client; a grant lasts no longer than what was looked at
Key = tuple[int, int]  # compartment, principal


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A grant that the standing facts support at an instant."""

    principal: Principal
    answer: Answer
    writes: bool = True

    def outlives(self, later: "Wanted | None") -> bool:
        """Is everything that it lets somebody do let still by ``later``?"""
        if later is None:
            return False
        return set(self.answer.purposes) <= set(later.answer.purposes) and self.writes <= later.writes

    def joined_by(self, other: "Wanted") -> "Wanted":
        """Both for one principal, as one grant, which ends with the first of them and is derived anew then."""
        if set(other.answer.purposes) <= set(self.answer.purposes):
            return self
        return Wanted(
            principal=self.principal,
            answer=self.answer.joined_by(other.answer),
            writes=self.writes and other.writes,
        )


@dataclass(kw_only=True)
class Outlook:
    """What the standing facts of one client support, now and by the clock alone from now on.

    Attributes:
        until: When each grant that is supported now loses something, if it ever does.
        changes_at: When anything changes next, be it that something opens.
    """

    compartments: list[Compartment]
    history: History
    at: datetime
    wanted: dict[Key, Wanted] = field(default_factory=dict)
    until: dict[Key, datetime] = field(default_factory=dict)
    changes_at: datetime | None = None
    remembered: Remembered = field(default_factory=dict)

    @classmethod
    def of(cls, subject_id: UUID, at: datetime) -> "Outlook":
        """Read the rows, as ``system:grants``, and look ahead."""
        rows = Compartment.objects.filter(subject_id=subject_id).order_by("pk")
        compartments = list(rows.select_related("scope__program__unit", "recipient"))
        programs = {each.scope.program_id: each.scope.program for each in compartments}
        recipients = {each.recipient_id: each.recipient for each in compartments if each.recipient}
        history = History.about(subject_id, programs.values(), recipients.values()).with_team(at)
        found = cls(compartments=compartments, history=history, at=at)
        found.look_ahead()
        return found

    def look_ahead(self) -> None:
        """Decide at ``at`` and again at every instant at which a fact begins or ends, in order.

        Stops where nothing that is supported now is left; what is left after the last
        instant looked at lasts for good.
        """
        self.wanted = self.wanted_at(self.at)
        self.until = {key: want.answer.ends_at for key, want in self.wanted.items() if want.answer.ends_at}
        left = set(self.wanted)
        for number, instant in enumerate(self.history.instants(self.at)):
            if number == MOST_INSTANTS:
                lost = left
            else:
                then = self.wanted_at(instant)
                lost = {key for key in left if not self.wanted[key].outlives(then.get(key))}
            if self.changes_at is None and (number == MOST_INSTANTS or then != self.wanted):
                self.changes_at = instant
            for key in lost:
                self.until[key] = min(instant, self.until.get(key, instant))
            left -= lost
            if not left and self.changes_at is not None:
                return

    def wanted_at(self, at: datetime) -> dict[Key, Wanted]:
        """The grants that the facts of ``at`` support."""
        standing = {each: self.history.standing(each, at) for each in self.history.programs}
        found: dict[Key, Wanted] = {}
        for compartment in self.compartments:
            here = standing[compartment.scope.program]
            for want in self._wanted(compartment, here):
                key = (compartment.pk, want.principal.pk)
                found[key] = found[key].joined_by(want) if key in found else want
        return found

    def _wanted(self, compartment: Compartment, standing: Standing) -> Iterator[Wanted]:
        if self._is_sealed(compartment, standing):
            return
        if compartment.recipient is not None:
            yield from self._of_partners(compartment, standing)
        else:
            yield from self._of_the_care_team(compartment, standing)
            yield from self._of_emergencies(compartment, standing)

    def _is_sealed(self, compartment: Compartment, standing: Standing) -> bool:
        """Was the Part 2 program discontinued, and did the client not agree to the transfer (42 CFR 2.19)?"""
        scope = compartment.scope
        change = self.history.discontinued(scope.program, standing.at)
        return change is not None and not is_transferred(standing, scope, change)

    def _of_the_care_team(self, compartment: Compartment, standing: Standing) -> Iterator[Wanted]:
        scope = compartment.scope
        before = compartment.closed_to_later_at
        for colleague in self.history.assigned(scope.program, standing.at, before=before):
            if settings.SIDE == "police":
                yield Wanted(principal=colleague.principal, answer=POLICE_DUTY)
                continue
            answer = own_use(standing, scope, colleague, assigned=True, remembered=self.remembered)
            if answer is not None:
                yield Wanted(principal=colleague.principal, answer=answer)

    def _of_emergencies(self, compartment: Compartment, standing: Standing) -> Iterator[Wanted]:
        """Whoever broke the glass reads, for emergency treatment, what the law opens on the facts they said."""
        for colleague, row in self.history.emergencies_at(standing.at):
            answer = emergency_use.use(standing, compartment.scope, Emergency.of(row, colleague))
            if answer is not None:
                yield Wanted(principal=colleague.principal, answer=answer, writes=False)

    def _of_partners(self, compartment: Compartment, standing: Standing) -> Iterator[Wanted]:
        """A release opens to its recipient's machines while the law still lets its segments go there."""
        organization, scope = compartment.recipient, compartment.scope
        machines = self.history.machines.get(organization.pk, ())
        if not machines:
            return
        agreed = self.history.agreed_with(organization, scope.program, standing.at)
        answer = partners_use(standing, scope, organization, agreed, remembered=self.remembered)
        if answer is not None:
            for machine in machines:
                yield Wanted(principal=machine, answer=answer)

    def refusal(self, compartment: Compartment, principal_id: int) -> Decided | None:
        """The question that is refused now, where it is still asked: nobody asks for who left the team."""
        scope = compartment.scope
        standing = self.history.standing(scope.program, self.at)
        if self._is_sealed(compartment, standing):
            return None
        if compartment.recipient is not None:
            machines = self.history.machines.get(compartment.recipient_id, ())
            if principal_id not in {each.pk for each in machines}:
                return None
            agreed = self.history.agreed_with(compartment.recipient, scope.program, self.at)
            asked = question_of_partners_use(standing, scope, compartment.recipient, agreed)
            return asked, decided(asked, PARTNERS_USE)
        before = compartment.closed_to_later_at
        team = {
            each.principal.pk: each for each in self.history.assigned(scope.program, self.at, before=before)
        }
        if principal_id not in team or settings.SIDE == "police":
            return None
        asked = question_of_own_use(standing, scope, team[principal_id], assigned=True, supervises=False)
        return asked, decided(asked, OWN_USE)


def recompute_grants(
    subject_id: UUID, *, at: datetime | None = None, just_ended: Collection[int] = ()
) -> None:
    """Make the client's grants what the standing facts support, and nothing else.

    The client is locked first, so that two changes never work on each other's half.
    Runs as ``system:grants`` in the caller's transaction: a request that begins after
    the commit never sees the old answer. Again is the same.

    Args:
        at: The instant to decide at; the database's own, once the client is locked.
        just_ended: The ids of grants that the caller ended already, in this transaction.
    """
    with access.acting_as("system:grants"):
        locked_at = lock_client(subject_id)
        outlook = Outlook.of(subject_id, at or locked_at)
        kept: dict[Key, Grant] = {}
        for grant in Grant.objects.filter(content_object__in=outlook.compartments):
            kept[(grant.content_object_id, grant.user_id)] = grant
        lost = {key: each for key, each in kept.items() if key not in outlook.wanted}
        _end(each for each in lost.values() if each.valid_until > outlook.at)
        _note_the_end(
            outlook,
            {k: each for k, each in lost.items() if each.valid_until > outlook.at or each.pk in just_ended},
        )
        Grant.objects.bulk_create(_renew(outlook, kept))
        _remember(subject_id, outlook.changes_at)


def end_grants_resting_on(consent_id: UUID, subject_id: UUID) -> set[int]:
    """End, in one statement, every grant that names the consent; their ids.

    Whether they rest on something else as well is looked for afterwards.
    """
    with access.acting_as("system:grants"):
        resting = Grant.objects.filter(
            content_object__subject_id=subject_id,
            basis__contains=[{"consent": str(consent_id)}],
            valid_until__gt=TransactionNow(),
        )
        ids = set(resting.values_list("pk", flat=True))
        if ids:
            resting.update(valid_until=now_at_the_earliest())
        return ids


def now_at_the_earliest() -> Greatest:
    """The transaction's own instant, by which the policies go, or the grant's beginning if that is later.

    A transaction that waited for the client may have begun before the one that made the grant.
    """
    return Greatest(F("valid_from"), TransactionNow())


def _end(unwanted: Iterable[Grant]) -> None:
    """End what has lost its basis, before anything else is looked for."""
    ending = [grant.pk for grant in unwanted]
    if ending:
        Grant.objects.filter(pk__in=ending).update(valid_until=now_at_the_earliest())


def _renew(outlook: Outlook, kept: Mapping[Key, Grant]) -> Iterator[Grant]:
    """Change the grants that stay, and give back those that are new."""
    compartments = {each.pk: each for each in outlook.compartments}
    for key, want in outlook.wanted.items():
        grant = kept.get(key)
        values = {
            "purposes": sorted(want.answer.purposes),
            "basis": list(want.answer.basis),
            "writes": want.writes,
            "valid_until": outlook.until.get(key, FOR_GOOD),
        }
        if grant is None:
            _note(compartments[key[0]], want, "begun")
            yield Grant(
                user=want.principal,
                content_object=compartments[key[0]],
                permission=_open_permission(),
                # the policies compare with the transaction's own now(), which lies before ``at``
                valid_from=TransactionNow(),
                **values,
            )
            continue
        if grant.valid_until <= outlook.at:
            grant.valid_from = TransactionNow()
        elif all(getattr(grant, name) == value for name, value in values.items()):
            continue
        for name, value in values.items():
            setattr(grant, name, value)
        grant.save()
        _note(compartments[key[0]], want, "renewed")


def _note(compartment: Compartment, want: Wanted, reason: str) -> None:
    """The receipt of a grant that begins or changes: each question, and on what it rests."""
    for rests_on in want.answer.rests_on or (None,):
        ledger.note_grant(
            subject_id=compartment.subject_id, recipient=str(want.principal.uid), reason=reason,
            segments=compartment.scope.segments, decided=rests_on,
        )  # fmt: skip


def _note_the_end(outlook: Outlook, lost: Mapping[Key, Grant]) -> None:
    """The receipt of each grant that ended: what refuses it now, or that nobody asks any more."""
    compartments = {each.pk: each for each in outlook.compartments}
    uids = (
        dict(Principal.objects.filter(pk__in={key[1] for key in lost}).values_list("pk", "uid"))
        if lost
        else {}
    )
    for compartment_id, principal_id in lost:
        compartment = compartments[compartment_id]
        refusal = outlook.refusal(compartment, principal_id)
        ledger.note_grant(
            subject_id=compartment.subject_id, recipient=str(uids[principal_id]),
            reason="refused" if refusal else "not asked for any more",
            segments=compartment.scope.segments, decided=refusal,
        )  # fmt: skip


def _remember(subject_id: UUID, changes_at: datetime | None) -> None:
    """When the sweep must look at the client again, if ever."""
    if changes_at is None:
        NextChange.objects.filter(pk=subject_id).delete()
        return
    NextChange.objects.bulk_create(
        [NextChange(subject_id=subject_id, at=changes_at)],
        update_conflicts=True,
        unique_fields=["subject_id"],
        update_fields=["at"],
    )


def _open_permission() -> Permission:
    return Permission.objects.get_by_natural_key("open_compartment", "consent", "compartment")
