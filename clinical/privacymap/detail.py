"""One cell of the map, opened: the rule and its citation, the form it rests on, the form that is missing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from clinical.bench import answer_words, words
from clinical.bench.answer import RuleLine, addition_in_words, rule_line
from clinical.consents.wording import FORM_NAMES
from clinical.privacymap.picture import Map, Spot
from clinical.privacymap.trying import USUAL_DAYS, Tried
from consent.engine.facts import Decision
from consent.models import Consent

MOST_WAYS: Final = 3
# What the map doesn't tell of each cell: how it is carried out is the referral's page to say.
_UNTOLD: Final = frozenset({"OBL-NEUTRAL-DENY"})


@dataclass(frozen=True, kw_only=True)
class Way:
    """Forms that would open the cell when signed together.

    Attributes:
        purposes: For what it would open, in words.
        tried: What a button posts to see it on the map; nothing where a form alone doesn't do.
    """

    forms: tuple[str, ...]
    purposes: tuple[str, ...]
    tried: str = ""


@dataclass(frozen=True, kw_only=True)
class Rest:
    """A form that the answer rests on: a signed one, or one that is tried."""

    name: str
    id: str
    signed: Consent | None = None
    number: int = 0  # of the form that is tried


@dataclass(frozen=True, kw_only=True)
class Void:
    """A signed form that counts for nothing, and why."""

    signed: Consent
    name: str
    defects: tuple[str, ...]


class Opened:
    """What the asker reads when they touch a cell.

    Args:
        is_desk: The privacy desk reads which facts would change it as well.
    """

    def __init__(self, drawn: Map, spot: Spot, *, is_desk: bool) -> None:
        self.drawn, self.spot, self.is_desk = drawn, spot, is_desk
        self._purposes = words.flat(words.PURPOSES)
        self._forms = {str(each.pk): each for each in drawn.consents}

    @cached_property
    def _refusals(self) -> dict[str, Decision]:
        column, person = self.spot.column, self.spot.person
        return self.drawn.seen.refusals(person.candidate, column.program, column.segment)

    @property
    def purposes(self) -> list[tuple[str, bool]]:
        """What they would ask for, in words, and whether it may be told for that."""
        return [
            (self._purposes.get(each, each), each in self.spot.cell.permits)
            for each in self.spot.person.candidate.purposes
        ]

    @property
    def rules(self) -> list[tuple[str, list[RuleLine]]]:
        """Why: the permits by body of law where it is open, what stands in the way where it isn't."""
        found = self._permitting() if self.spot.cell.is_open else self._refusing()
        return [
            (words.REGIMES.get(regime, regime), [rule_line(each) for each in dict.fromkeys(ids)])
            for regime, ids in found.items()
        ]

    def _permitting(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for decision in self.spot.cell.permits.values():
            for line in decision.basis:
                found.setdefault(line.regime, []).append(line.rule)
        return found

    def _refusing(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for decision in self._refusals.values():
            for finding in decision.findings:
                if not finding.is_permitted and finding.reasons:
                    found.setdefault(finding.regime, []).append(finding.reasons[0])
        return found

    @property
    def rests_on(self) -> list[Rest]:
        """The forms that open it."""
        return [self._rest(id_) for id_ in sorted(self.spot.cell.consents)]

    def _rest(self, id_: str) -> Rest:
        signed = self._forms.get(id_)
        if signed is not None:
            return Rest(name=FORM_NAMES.get(signed.form, signed.form), id=id_, signed=signed)
        number = int(id_.rpartition(" ")[2])
        return Rest(name=FORM_NAMES[self.drawn.trial.tried[number].form], id=id_, number=number)

    @property
    def void(self) -> list[Void]:
        """The signed forms that name them or the segment and would count if nothing were wrong with them."""
        found = {}
        for decision in self._refusals.values():
            for each in decision.consents_void:
                signed = self._forms.get(each.consent)
                if signed is not None and self._speaks_of_this(signed):
                    found[each.consent] = (signed, each.defects)
        return [
            Void(
                signed=signed, name=FORM_NAMES.get(signed.form, signed.form),
                defects=tuple(answer_words.defect(key) for key in defects),
            )
            for signed, defects in found.values()
        ]  # fmt: skip

    def _speaks_of_this(self, signed: Consent) -> bool:
        candidate = self.spot.person.candidate
        names = {(line["type"], line.get("organization") or "") for line in signed.recipients}
        named = {(candidate.type, ""), (candidate.type, candidate.named_by)} & names
        return bool(named) and self.spot.column.segment in signed.segments

    @property
    def is_unsettled(self) -> bool:
        """Is the privacy officer to be asked, because counsel hasn't settled it?"""
        return not self.spot.cell.is_open and any(
            each.route == "privacy_officer" for each in self._refusals.values()
        )

    @property
    def obligations(self) -> list[str]:
        """What comes with it when it is told, in words."""
        codes = {
            each.code: None for decision in self.spot.cell.permits.values() for each in decision.obligations
        }
        return [answer_words.OBLIGATIONS.get(code, code) for code in codes if code not in _UNTOLD]

    # --- what would open it --------------------------------------------------------------------

    @cached_property
    def _changes(self) -> list[tuple[str, Mapping[str, Any]]]:
        """By purpose, each set of additions that would open it: tried by the engine."""
        if self.spot.cell.is_open:
            return []
        return [
            (purpose, change)
            for purpose, decision in self._refusals.items()
            for change in decision.would_change_it
            if change["segment"] == self.spot.column.segment
        ]

    @property
    def ways(self) -> list[Way]:
        """Which forms are missing: those that would do by themselves."""
        if not self.spot.person.may_be_named:
            return []
        purposes: dict[tuple[str, ...], list[str]] = {}
        for purpose, change in self._changes:
            kinds = tuple(sorted(each["form"] for each in change["add"] if "form" in each))
            if len(kinds) == len(change["add"]):
                purposes.setdefault(kinds, []).append(self._purposes.get(purpose, purpose))
        ranked = sorted(purposes.items(), key=lambda each: (len(each[0]), -len(each[1]), each[0]))
        return [self._way(kinds, found) for kinds, found in ranked[:MOST_WAYS]]

    def _way(self, kinds: Iterable[str], purposes: Iterable[str]) -> Way:
        kinds = tuple(kinds)
        return Way(
            forms=tuple(FORM_NAMES.get(kind, words.FORMS[kind]) for kind in kinds),
            purposes=tuple(dict.fromkeys(purposes)),
            tried=";".join(self._tried(kind) for kind in kinds) if set(kinds) <= FORM_NAMES.keys() else "",
        )

    def _tried(self, kind: str) -> str:
        column = self.spot.column
        return Tried(
            program=column.program.slug, form=kind, person=self.spot.person.key, segments=(column.segment,),
            days=USUAL_DAYS,
        ).written  # fmt: skip

    @property
    def needs_more_than_a_form(self) -> bool:
        """Would it open only with something else beside or instead of a form?"""
        return not self.ways and bool(self._changes)

    @property
    def facts(self) -> Iterator[tuple[str, list[str]]]:
        """For the privacy desk alone: what would open it, facts and all, by purpose."""
        if self.is_desk:
            for purpose, change in self._changes:
                yield self._purposes.get(purpose, purpose), [addition_in_words(e) for e in change["add"]]

    @property
    def until(self) -> datetime | None:
        """When it closes."""
        return self.spot.cell.until
