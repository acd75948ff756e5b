"""What would change the answer: the smallest additions that would release what was withheld.

Each rule for this recipient and purpose is asked what it found wanting; what it names is added
and it is asked again, until it holds. The additions for all regimes of a segment are put
together, the smallest first, and each is tried by deciding again. What only takes something away
(a bar that a fact woke) is never proposed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import product
from typing import Any, Final

from consent.engine.facts import Asked, Consent, Decision
from consent.engine.forms import PROCEEDINGS
from consent.engine.matter import Matter, Table
from consent.engine.rules import Library, Readings, Rule
from consent.engine.vocabulary import LISTS, MODIFIERS, TEXTS

Addition = tuple[str, str, str]  # kind, key, value
Additions = frozenset[Addition]

MOST_STATES: Final = 48  # additions tried for one rule
MOST_OPTIONS: Final = 6  # ways kept for one regime
MOST_TRIALS: Final = 60  # decisions made again for one segment
MOST_TOLD: Final = 4
_ONLY_FOR: Final = (
    (PROCEEDINGS, "P2-PROC"),
    (frozenset({"X-CJ-MONITOR"}), "P2-CJ35"),
    (frozenset({"X-CASECONF", "X-DIVERSION"}), "MULTI-CONF"),
)
_REGIME_OF_FORM: Final = {
    "P2-TPO": "P2", "P2-SPEC": "P2", "P2-NOTES": "P2", "P2-PROC": "P2", "P2-CJ35": "P2", "VS-REL": "VS",
    "PA-MH": "PA-MH", "PA-HIV": "PA-HIV",
}  # fmt: skip
# What other regimes say is left open for one rule: it is settled when the whole is decided again.
_ELSEWHERE: Final = {"HIPAA": frozenset({"assumed"}), "P2": frozenset({"assumed"})}
_NEVER_PROPOSED: Final = frozenset({"actor_le_employed", "treating_emergency_needs_restricted"})


class Wishing(Matter):
    """A matter that remembers what was asked of it and couldn't be shown."""

    __slots__ = ("protected_by", "wishes")

    protected_by: frozenset[str]
    wishes: set[Additions]

    def shows(self, *keys: str) -> bool:
        lacking = [key for key in keys if self.asked.value(key) is not True]
        if lacking and not set(lacking) & _NEVER_PROPOSED:
            self.wishes.add(frozenset(("fact", key, "") for key in lacking))
        return not lacking

    def shows_any(self, *keys: str) -> bool:
        if any(self.asked.value(key) is True for key in keys):
            return True
        self.wishes |= {frozenset({("fact", key, "")}) for key in keys}
        return False

    def denies(self, key: str) -> bool:
        if self.asked.denies(key):
            return True
        if self.asked.value(key) is None:
            self.wishes.add(frozenset({("recorded_no", key, "")}))
        return False

    def is_one_of(self, key: str, *values: str) -> bool:
        found = super().is_one_of(key, *values)
        if not found and self.asked.value(key) is None:
            self.wishes |= {frozenset({("fact", key, value)}) for value in values}
        return found

    def has(self, key: str) -> bool:
        if not super().has(key):
            self.wishes.add(frozenset({("fact", key, "")}))
            return False
        return True

    def under(self, *processes: str) -> bool:
        found = super().under(*processes)
        if not found and self.asked.process == "none":
            self.wishes |= {frozenset({("process", process, "")}) for process in processes}
        return found

    def in_scope(self, *, named: bool = False) -> bool:
        found = super().in_scope(named=named)
        if not found and self.asked.value("order_scope") is None:
            self.wishes.add(frozenset({("fact", "order_scope", self.segment)}))
        return found

    def covered_by(self, *kinds: str) -> tuple[Consent, ...]:
        found = super().covered_by(*kinds)
        if not found:
            self.wishes |= {frozenset({("form", kind, "")}) for kind in kinds if self._is_natural(kind)}
        return found

    def _is_natural(self, kind: str) -> bool:
        """Is that the form somebody would be asked to sign for this, and not one that merely would do?"""
        for purposes, form in _ONLY_FOR:
            if kind == form and self.purpose not in purposes:
                return False
        regime = _REGIME_OF_FORM.get(kind)
        return regime is None or regime in self.protected_by


def with_additions(asked: Asked, additions: Iterable[Addition], segment: str, recipient: str) -> Asked:
    """The question with the additions made."""
    facts, recorded_no, consents, process = (
        dict(asked.facts),
        set(asked.recorded_no),
        list(asked.consents),
        asked.process,
    )
    for kind, key, value in sorted(additions):
        if kind == "fact":
            facts[key] = _value_of(key, value)
        elif kind == "recorded_no":
            recorded_no.add(key)
        elif kind == "process":
            process = key
        else:
            consents.append(_form(asked, key, segment, recipient))
    return replace(
        asked,
        facts=facts,
        recorded_no=frozenset(recorded_no),
        consents=tuple(consents),
        process=process,
    )


def _value_of(key: str, value: str) -> Any:
    if key in LISTS:
        return (value,)
    if key in TEXTS:
        return "cited"
    return value or True


def _form(asked: Asked, form: str, segment: str, recipient: str) -> Consent:
    """A complete form for just this, signed at that instant."""
    return Consent(
        id=f"would-be {form}",
        form=form,
        signed_at=asked.at,
        ends_at=asked.at + timedelta(days=10),
        recipients=(recipient,),
        segments=frozenset({segment}),
        purposes=frozenset({asked.purpose}),
        sources=(asked.source.program,),
        revocable_on="final_disposition" if form == "P2-CJ35" else None,
    )


def that_would_release(
    asked: Asked, decision: Decision, books: Library | None
) -> tuple[Mapping[str, Any], ...]:
    """For each segment withheld, the smallest additions that release it, each tried; sorted."""
    if books is None or decision.failure:
        return ()
    withheld = sorted({each.segment for each in decision.redacted} - MODIFIERS)
    return tuple(told for segment in withheld for told in _for_segment(asked, segment, books))


def _for_segment(asked: Asked, segment: str, books: Library) -> Iterator[Mapping[str, Any]]:
    recipient = _recipient_of(asked)
    readings = books.readings(segment, asked, recipient)
    per_regime = [
        options
        for regime in readings
        if (options := _options(asked, segment, regime, readings, recipient, books)) != [frozenset()]
    ]
    if not per_regime or not all(per_regime):
        return
    releases = partial(_releases, asked, segment, recipient, books)
    unions = {frozenset().union(*choice) for choice in product(*per_regime)}
    told: set[Additions] = set()
    for additions in sorted(unions, key=_size)[:MOST_TRIALS]:
        if told and len(additions) > min(map(len, told)):
            break
        if releases(additions):
            told.add(_least(additions, releases))
    if not told:
        return
    smallest = min(map(len, told))
    for additions in sorted((each for each in told if len(each) == smallest), key=_size)[:MOST_TOLD]:
        yield {"segment": segment, "add": [_as_json(each) for each in sorted(additions)]}


def _recipient_of(asked: Asked) -> str:
    from consent.engine.decide import recipient_of  # that module makes this one's answers when they are read

    return recipient_of(asked)


def _releases(asked: Asked, segment: str, recipient: str, books: Library, additions: Additions) -> bool:
    """Decided again with the additions, does the segment go out?"""
    from consent.engine.decide import decide

    return segment in decide(with_additions(asked, additions, segment, recipient), books.packs).permitted


def _least(additions: Additions, releases: Callable[[Additions], bool]) -> Additions:
    """The additions without those that could be left out."""
    for each in sorted(additions):
        fewer = additions - {each}
        if fewer and releases(fewer):
            additions = fewer
    return additions


def _size(additions: Additions) -> tuple[int, list[Addition]]:
    return (len(additions), sorted(additions))


def _options(
    asked: Asked, segment: str, regime: str, readings: Readings, recipient: str, books: Library
) -> list[Additions]:
    """The smallest additions under which some permit of the regime holds; nothing to add if one does."""
    found: set[Additions] = set()
    for rule in books.choose(regime, readings[regime], recipient, asked.purpose).permits:
        found |= set(_ways(rule, asked, segment, regime, readings, recipient))
        if frozenset() in found:
            return [frozenset()]
    return sorted(found, key=_size)[:MOST_OPTIONS]


def _ways(
    rule: Rule,
    asked: Asked,
    segment: str,
    regime: str,
    readings: Readings,
    recipient: str,
) -> Iterator[Additions]:
    """Sets of additions under which the rule holds, breadth first."""
    waiting: list[Additions] = [frozenset()]
    seen = set(waiting)
    while waiting and len(seen) <= MOST_STATES:
        additions = waiting.pop(0)
        question = with_additions(asked, additions, segment, recipient)
        matter = Wishing(
            asked=question, segment=segment, regime=regime, labels=readings[regime], recipient=recipient,
            table=Table(question), matched=_ELSEWHERE, allowed=_ELSEWHERE,
        )  # fmt: skip
        matter.protected_by, matter.wishes = frozenset(readings), set()
        covered = rule.by is None or bool(rule.by(matter))
        if rule.holds(matter) and covered:
            yield additions
            continue
        for wish in sorted(matter.wishes, key=sorted):
            larger = additions | wish
            if larger not in seen and _is_one_question(larger):
                seen.add(larger)
                waiting.append(larger)


def _is_one_question(additions: Additions) -> bool:
    """At most one process, and one value for each fact."""
    processes = sum(1 for kind, _key, _value in additions if kind == "process")
    keys = [(kind, key) for kind, key, _value in additions]
    return processes <= 1 and len(keys) == len(set(keys))


def _as_json(addition: Addition) -> dict[str, Any]:
    kind, key, value = addition
    return {kind: key} | ({"value": value} if value else {})
