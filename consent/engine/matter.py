"""The matter before a rule: one segment under one regime, toward one recipient, for one purpose.

A predicate asks a matter and nothing else. A key that is absent is not shown.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property

from consent.engine import forms
from consent.engine.facts import Asked, Consent, Source
from consent.engine.vocabulary import SIGNED_ORDERS, Words


class Table:
    """The forms offered with a question, each judged once."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked

    @cached_property
    def defects(self) -> dict[int, tuple[str, ...]]:
        """Why each form is void, by its place; nothing for a valid one."""
        return {
            place: forms.defects(consent, self.asked.at, self.asked)
            for place, consent in enumerate(self.asked.consents)
        }

    @cached_property
    def valid(self) -> tuple[Consent, ...]:
        """The forms that hold at that instant."""
        return tuple(each for place, each in enumerate(self.asked.consents) if not self.defects[place])

    @cached_property
    def restrictions(self) -> tuple[Consent, ...]:
        """Agreed restrictions among the forms, in force."""
        return tuple(each for each in self.valid if each.form == "RESTRICT")


class Matter:
    """One segment under one regime.

    Attributes:
        labels: What the segment is read as there; `ENROLL` of a Part 2 program is `SUDP2` too.
        recipient: The type of the recipient after an officer's claim to be staff is set right.
        matched: The permits that matched for this segment under the regimes looked at before.
        allowed: Those of them over which no bar stands.
    """

    __slots__ = (
        "allowed",
        "asked",
        "labels",
        "matched",
        "purpose",
        "recipient",
        "regime",
        "segment",
        "table",
    )

    def __init__(
        self,
        *,
        asked: Asked,
        segment: str,
        regime: str,
        labels: Words,
        recipient: str,
        table: Table,
        matched: Mapping[str, frozenset[str]],
        allowed: Mapping[str, frozenset[str]],
    ) -> None:
        self.asked = asked
        self.segment = segment
        self.regime = regime
        self.labels = labels
        self.recipient = recipient
        self.purpose = asked.purpose
        self.table = table
        self.matched = matched
        self.allowed = allowed

    def shows(self, *keys: str) -> bool:
        """Is each of these facts shown?"""
        return all(self.asked.value(key) is True for key in keys)

    def shows_any(self, *keys: str) -> bool:
        """Is one of these facts shown?"""
        return any(self.shows(key) for key in keys)

    def denies(self, key: str) -> bool:
        """Does a recorded "no" stand for it?"""
        return self.asked.denies(key)

    def is_one_of(self, key: str, *values: str) -> bool:
        """Is the fact one of these values?"""
        return self.asked.value(key) in values

    def has(self, key: str) -> bool:
        """Is anything at all said under that key?"""
        return bool(self.asked.value(key))

    def age_below(self, years: int) -> bool:
        """Is an age shown, and is it below?"""
        age = self.asked.value("minor_age")
        return age is not None and age < years

    def age_from(self, years: int) -> bool:
        """Is an age shown, and is it that or above?"""
        age = self.asked.value("minor_age")
        return age is not None and age >= years

    def is_to(self, *types: str) -> bool:
        """Is the recipient of one of these types?"""
        return self.recipient in types

    def is_for(self, purposes: Iterable[str]) -> bool:
        """Is the purpose one of these?"""
        return self.purpose in purposes

    def under(self, *processes: str) -> bool:
        """Is it under one of these kinds of legal process?

        Outside Part 2 every order that a judge signed counts as a court order as well,
        never the reverse.
        """
        process = self.asked.process
        if process in processes:
            return True
        return self.regime != "P2" and "court_order" in processes and process in SIGNED_ORDERS

    def is_received(self, *ways: str) -> bool:
        """Did the holder come by the record in one of these ways?"""
        return self.asked.received_under in ways

    def in_scope(self, *, named: bool = False) -> bool:
        """Does the order name this segment? Where the order's scope isn't given, only if it needn't be."""
        scope = self.asked.value("order_scope")
        return not named if scope is None else self.segment in scope

    def covered_by(self, *kinds: str) -> tuple[Consent, ...]:
        """Valid forms of these kinds (any, if none is given) that cover the matter."""
        return tuple(
            each
            for each in self.table.valid
            if (not kinds or each.form in kinds)
            and each.form not in ("RESTRICT", "ORAL-510B")
            and forms.covers(each, self.asked, self.recipient, self.labels)
        )

    def is_restricted(self) -> bool:
        """Does a restriction that was agreed to cover the segment?"""
        agreed = self.asked.value("restriction_agreed")
        if agreed is True:
            return True
        listed = agreed if isinstance(agreed, (list, tuple, set, frozenset)) else ()
        if not self.labels.isdisjoint(listed):
            return True
        return any(not self.labels.isdisjoint(each.segments) for each in self.table.restrictions)

    @property
    def source(self) -> Source:
        """Whose record it is."""
        return self.asked.source

    @property
    def process(self) -> str:
        """The legal process, as it was said."""
        return self.asked.process
