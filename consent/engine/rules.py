"""What a rule of the law is, what lifts a bar, and packs of rules indexed for asking.

A rule is a value: a stable id and citation, whom and what it speaks of, and one small
predicate. ``None`` for recipients, segments or purposes means any.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Final

from consent.engine.facts import Asked, Consent
from consent.engine.matter import Matter

ANY_REGIME: Final = "*"
LOCAL: Final = "LOCAL"  # what no body of law protects has rules of its own
Predicate = Callable[[Matter], bool]
Forms = Callable[[Matter], tuple[Consent, ...]]


class Effect(StrEnum):
    """What a rule does to the segment under its regime."""

    PERMIT = "permit"
    BAR = "bar"
    ROUTE = "route"  # permits nothing: sends the question to a person


@dataclass(frozen=True, kw_only=True, eq=False)
class Match:
    """A permit whose own facts are shown, with the forms it rests on; bars are not looked at yet."""

    rule: "Rule"
    consents: tuple[Consent, ...] = ()
    obliges: tuple[str, ...] = ()


Matches = Mapping[str, Match]
# Which of the matches lift the bar; `EVERY` when it is a fact or a form that lifts it for all.
EVERY: Final = frozenset({"*"})
Lift = Callable[[Matter, Matches], frozenset[str]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Rule:
    """One rule of Appendix A.

    Attributes:
        by: The forms that the permit rests on; without one of them it doesn't hold.
        elements: The only data elements that it lets out; under `CJ` the only kinds of content.
        precedence: 0 gate · 1, 2 bars · 3 the person's restrictions · 4, 5 permits.
    """

    id: str
    cite: str
    regimes: frozenset[str]
    effect: Effect
    holds: Predicate
    to: frozenset[str] | None = None
    of: frozenset[str] | None = None
    for_: frozenset[str] | None = None
    obliges: tuple[str, ...] = ()
    by: Forms | None = None
    lifted_by: tuple[Lift, ...] = ()
    obliges_when_lifted: tuple[str, ...] = ()
    elements: frozenset[str] | None = None
    precedence: int = 5
    is_local_policy: bool = False

    @property
    def asks(self) -> str:
        """The question it settles, in the words of its author."""
        return (self.holds.__doc__ or "").strip().split("\n", 1)[0]

    def concerns(self, regime: str, labels: frozenset[str], recipient: str, purpose: str) -> bool:
        """Does it speak of that recipient, purpose and kind of information, facts apart?"""
        return (
            (regime in self.regimes or ANY_REGIME in self.regimes)
            and (self.to is None or recipient in self.to)
            and (self.for_ is None or purpose in self.for_)
            and (self.of is None or not self.of.isdisjoint(labels))
        )


Decorated = Callable[[Predicate], Rule]


def _as_set(value: str | Iterable[str]) -> frozenset[str]:
    return frozenset({value}) if isinstance(value, str) else frozenset(value)


def permit(
    id: str,
    *,
    cite: str,
    regime: str | Iterable[str],
    to: Iterable[str] | None,
    of: Iterable[str] | None,
    for_: Iterable[str] | None,
    obliges: Iterable[str] = (),
    by: Forms | None = None,
    elements: Iterable[str] | None = None,
    precedence: int = 5,
    is_local_policy: bool = False,
) -> Decorated:
    """Make the predicate a permit."""

    def made(holds: Predicate) -> Rule:
        return Rule(
            id=id,
            cite=cite,
            regimes=_as_set(regime),
            effect=Effect.PERMIT,
            holds=holds,
            to=None if to is None else frozenset(to),
            of=None if of is None else frozenset(of),
            for_=None if for_ is None else frozenset(for_),
            obliges=tuple(obliges),
            by=by,
            elements=None if elements is None else frozenset(elements),
            precedence=precedence,
            is_local_policy=is_local_policy,
        )

    return made


def bar(
    id: str,
    *,
    cite: str,
    regime: str | Iterable[str],
    of: Iterable[str] | None,
    to: Iterable[str] | None = None,
    for_: Iterable[str] | None = None,
    lifted_by: Iterable[Lift] = (),
    obliges: Iterable[str] = (),
    obliges_when_lifted: Iterable[str] = (),
    precedence: int = 1,
    is_local_policy: bool = False,
) -> Decorated:
    """Make the predicate a bar: it stands unless one of its own lifts matches."""

    def made(holds: Predicate) -> Rule:
        return Rule(
            id=id,
            cite=cite,
            regimes=_as_set(regime),
            effect=Effect.BAR,
            holds=holds,
            to=None if to is None else frozenset(to),
            of=None if of is None else frozenset(of),
            for_=None if for_ is None else frozenset(for_),
            obliges=tuple(obliges),
            lifted_by=tuple(lifted_by),
            obliges_when_lifted=tuple(obliges_when_lifted),
            precedence=precedence,
            is_local_policy=is_local_policy,
        )

    return made


def route(
    id: str,
    *,
    cite: str,
    regime: str | Iterable[str],
    to: Iterable[str] | None = None,
    of: Iterable[str] | None = None,
    for_: Iterable[str] | None = None,
) -> Decorated:
    """Make the predicate a path that counsel keeps closed: what stays goes to the privacy officer."""

    def made(holds: Predicate) -> Rule:
        return Rule(
            id=id,
            cite=cite,
            regimes=_as_set(regime),
            effect=Effect.ROUTE,
            holds=holds,
            to=None if to is None else frozenset(to),
            of=None if of is None else frozenset(of),
            for_=None if for_ is None else frozenset(for_),
        )

    return made


def always(_matter: Matter) -> bool:
    """Whenever it concerns the matter."""
    return True


# --- what lifts a bar -------------------------------------------------------------------------


def by_permit(*patterns: str, but: Iterable[str] = ()) -> Lift:
    """Lifted by the permits of these ids; ``p2.*`` means every permit of that family."""
    families = tuple(pattern[:-1] for pattern in patterns if pattern.endswith("*"))
    exact, spared = frozenset(patterns), frozenset(but)

    def lift(_matter: Matter, matches: Matches) -> frozenset[str]:
        return frozenset(
            id_
            for id_ in matches
            if id_ not in spared and (id_ in exact or (bool(families) and id_.startswith(families)))
        )

    return lift


def by_form(*forms: str) -> Lift:
    """Lifted by a valid form of one of these kinds that covers the matter."""

    def lift(matter: Matter, _matches: Matches) -> frozenset[str]:
        return EVERY if matter.covered_by(*forms) else frozenset()

    return lift


def by_fact(predicate: Predicate) -> Lift:
    """Lifted where the predicate holds."""

    def lift(matter: Matter, _matches: Matches) -> frozenset[str]:
        return EVERY if predicate(matter) else frozenset()

    return lift


def by_match(predicate: Callable[[Matter, Match], bool]) -> Lift:
    """Lifted by each match for which the predicate holds."""

    def lift(matter: Matter, matches: Matches) -> frozenset[str]:
        return frozenset(id_ for id_, match in matches.items() if predicate(matter, match))

    return lift


def own_consent(*forms: str) -> Forms:
    """``own-consent(X)``: valid forms of these kinds for this source, recipient, segment and purpose."""

    def covering(matter: Matter) -> tuple[Consent, ...]:
        return matter.covered_by(*forms)

    return covering


# --- packs ------------------------------------------------------------------------------------

# Which regimes protect a segment of that source toward that recipient, and as what it is read there.
Readings = Mapping[str, frozenset[str]]
Regimes = Callable[[str, Asked, str], Readings]


def no_regimes(_segment: str, _asked: Asked, _recipient: str) -> Readings:
    """A pack that only adds rules to the regimes of others."""
    return {}


@dataclass(frozen=True, eq=False)
class Pack:
    """A body of rules that can be switched on: a jurisdiction, with the regimes it knows."""

    name: str
    rules: Sequence[Rule] = ()
    regimes: Regimes = no_regimes
    version: str = ""
    law_as_of: str = ""
    gates: Mapping[str, str] = field(default_factory=dict)  # ids that steer, with their citations


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The rules that concern one kind of matter, facts apart."""

    bars: tuple[Rule, ...]
    permits: tuple[Rule, ...]
    routes: tuple[Rule, ...]

    def __len__(self) -> int:
        return len(self.bars) + len(self.permits) + len(self.routes)


class Library:
    """Packs put together: their rules by regime and recipient, so that a question meets few of them."""

    def __init__(self, packs: Sequence[Pack]) -> None:
        self.packs = tuple(packs)
        self.rules: dict[str, list[Rule]] = {}
        self._shelves: dict[tuple[str, str | None], list[Rule]] = {}
        for pack in self.packs:
            for rule in pack.rules:
                self._shelve(rule)
        self.choose = lru_cache(maxsize=65_536)(self._choose)
        self.version = "+".join(sorted({pack.version for pack in packs if pack.version}))
        self.law_as_of = max((pack.law_as_of for pack in packs), default="")

    def _shelve(self, rule: Rule) -> None:
        known = self.rules.setdefault(rule.id, [])
        if any(rule is each for each in known):
            return
        known.append(rule)
        for regime in rule.regimes:
            for recipient in [None] if rule.to is None else rule.to:
                self._shelves.setdefault((regime, recipient), []).append(rule)

    def _choose(self, regime: str, labels: frozenset[str], recipient: str, purpose: str) -> Chosen:
        found = {
            id(rule): rule
            for about in (regime, ANY_REGIME)
            for to in (recipient, None)
            for rule in self._shelves.get((about, to), ())
            if rule.concerns(regime, labels, recipient, purpose)
        }
        ordered = sorted(found.values(), key=lambda rule: (rule.precedence, rule.id))
        return Chosen(
            bars=tuple(rule for rule in ordered if rule.effect is Effect.BAR),
            permits=tuple(rule for rule in ordered if rule.effect is Effect.PERMIT),
            routes=tuple(rule for rule in ordered if rule.effect is Effect.ROUTE),
        )

    def readings(self, segment: str, asked: Asked, recipient: str) -> dict[str, frozenset[str]]:
        """Each regime that protects the segment, with the labels it is read under; `LOCAL` if none does."""
        found: dict[str, frozenset[str]] = {}
        for pack in self.packs:
            for regime, labels in pack.regimes(segment, asked, recipient).items():
                found[regime] = found.get(regime, frozenset()) | labels
        return found or {LOCAL: frozenset({segment})}

    def cite(self, rule_id: str) -> str:
        """The citation of a rule or gate."""
        if rule_id in self.rules:
            return self.rules[rule_id][0].cite
        return next((pack.gates[rule_id] for pack in self.packs if rule_id in pack.gates), "")


@lru_cache(maxsize=64)
def library(packs: tuple[Pack, ...]) -> Library:
    """The packs' library, made once."""
    return Library(packs)
