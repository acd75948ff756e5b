"""What a form would open if it were signed now: asked of the engine, for each of those whom it names."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from consent.engine.decide import decide
from consent.engine.facts import Asked, Decision, Recipient, Route
from consent.models import Consent, Organization, Principal
from consent.services.colleagues import actor_of
from consent.services.decisions import ENGINE_JOB, PACKS, agreements_with, question
from consent.services.standing import Standing
from consent.services.values import facts_of


@dataclass(frozen=True, kw_only=True)
class Staying:
    """A segment that the form names and that stays all the same, and the regimes that keep it."""

    segment: str
    regimes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What the form lets go to one recipient.

    Attributes:
        recipient: The form's own row: ``{"type", "organization", "unit"}``.
        opens: Segments that may go there for at least one of the form's purposes.
        already: Those of them that may go there without it.
        until: From then on nothing of it may go any more, by what is known now; ``None`` for no end.
        obligations: Codes that whoever sends it must fulfil.
        is_routed: The law is unsettled there, and the privacy officer decides.
    """

    recipient: Mapping[str, str]
    opens: tuple[str, ...]
    already: tuple[str, ...]
    stays: tuple[Staying, ...]
    until: datetime | None
    obligations: tuple[str, ...]
    is_routed: bool


def what_it_opens(
    form: Consent, *, at: datetime, by: Principal | None = None, shown: Mapping[str, Any] | None = None
) -> list[Opening]:
    """Decide, for each recipient and purpose on ``form``, what may go with it and without it.

    Nothing goes, nothing is kept, and no receipt is written: a receipt names forms that are there,
    and this one is not signed. What is read for it is ledgered as any read is.

    Args:
        form: Saved or not; an unsaved one stands on the table beside those that are there.
        shown: Facts that whoever sends it will have to show, taken as shown.
    """
    standing = Standing.of(form.subject_id, form.program, at)
    others = tuple(each for each in standing.consents if each.id != str(form.pk))
    signed = (*others, facts_of(form))
    uids = {each["organization"] for each in form.recipients if each.get("organization")}
    known = {str(each.uid): each for each in Organization.objects.filter(uid__in=uids)}
    actor = actor_of(by, form.program, at) if by else None
    found = []
    for row in form.recipients:
        asked = _question(form, row, known.get(row.get("organization", "")), standing, actor, shown or {})
        without = _decided(replace(asked, consents=others), form.purposes)
        found.append(_opening(row, _decided(replace(asked, consents=signed), form.purposes), without, asked))
    return found


def _question(
    form: Consent, row: Mapping[str, str], organization: Organization | None, standing: Standing,
    actor: Any, shown: Mapping[str, Any],
) -> Asked:  # fmt: skip
    agreed = agreements_with(organization, form.program, standing.at)[0] if organization else {}
    facts = dict(agreed) | dict(shown)
    if row.get("unit"):
        facts["recipient_unit_named_in_consent"] = True
    return question(
        standing,
        segments=form.segments,
        recipient=Recipient(type=row["type"], id=row.get("organization", ""), unit=row.get("unit", "")),
        purpose=sorted(form.purposes)[0],
        actor=actor or ENGINE_JOB,
        facts=facts,
        recorded_no=_DENIED if shown else (),
    )


# What a report to a monitor needs a recorded "no" to, beside what it needs shown (42 CFR 2.35).
_DENIED = ("final_disposition_reached", "new_unrelated_case")


def _decided(asked: Asked, purposes: Iterable[str]) -> list[Decision]:
    return [decide(replace(asked, purpose=each), PACKS) for each in sorted(purposes)]


def _permitted(decisions: Iterable[Decision]) -> set[str]:
    return {segment for each in decisions for segment in each.permitted}


def _opening(
    row: Mapping[str, str], with_it: Collection[Decision], without: Iterable[Decision], asked: Asked
) -> Opening:
    opens, before = _permitted(with_it), _permitted(without)
    permitting = [each for each in with_it if each.permitted]
    ends = [each.expires_at for each in permitting if each.expires_at]
    return Opening(
        recipient=row,
        opens=tuple(sorted(opens)),
        already=tuple(sorted(opens & before)),
        stays=tuple(
            Staying(segment=each, regimes=_withholding(each, with_it))
            for each in sorted(asked.segments - opens)
        ),
        until=min(ends, default=None),
        obligations=tuple(sorted({duty.code for each in permitting for duty in each.obligations})),
        is_routed=not opens and any(each.route is not Route.NONE for each in with_it),
    )


def _withholding(segment: str, decisions: Iterable[Decision]) -> tuple[str, ...]:
    """The regimes that keep it, for the purpose for which the fewest do."""
    kept = [
        tuple(
            sorted(
                {
                    each.regime
                    for each in decision.findings
                    if each.segment == segment and not each.is_permitted
                }
            )
        )
        for decision in decisions
    ]
    return min(kept, key=len, default=())
