"""Data elements: which of them a permit lets out, and which of those asked for stay.

"Elements within X" never fails a rule: what X doesn't list is withheld, the rest goes. A
segment left with no listed element is withheld as a whole. The same holds of criminal-justice
content on its way to the clinical side, which is stripped to what its rule lists.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from consent.engine.facts import Asked, ElementLimit
from consent.engine.rules import Match
from consent.engine.vocabulary import ELEMENTS, Words, words

# 45 CFR 164.512(f)(2)(i); never DNA, dental records or tissue: (f)(2)(ii).
F2: Final = words(
    "name address dob birthplace ssn blood_type injury_type treatment_datetime death_datetime distinguishing_marks"
)
# 42 CFR 2.12(c)(5)(ii)
C5: Final = words("incident_circumstances patient_status name address whereabouts")
THE_REPORT: Final = words("incident_circumstances")

_HELD_BY: Final[Mapping[str, Words]] = {
    "DEM": words("name address dob birthplace ssn"),
    "LOC": words("whereabouts address"),
    "ENROLL": words("patient_status"),
    "MED": words(
        "blood_type injury_type treatment_datetime death_datetime distinguishing_marks dna dental tissue diagnosis "
        "narrative"
    ),
}
# Which bar stands over content that is stripped from what the police side sends.
STRIPPED_BY: Final[Mapping[str, str]] = {
    "chri": "cj.chria.9121",
    "investigative": "cj.chria.9106",
    "intelligence": "cj.chria.9106",
    "ncic": "cj.cjis",
    "clean": "cj.cjis",
    "safety_from_record_check": "cj.cjis",
}

Kept = Mapping[str, Sequence[Match]]  # by regime: the permits that hold for one segment


def held_by(segment: str) -> Words:
    """The elements that a segment may hold; a record of its own kind may hold any."""
    return _HELD_BY.get(segment, ELEMENTS)


def limit_of(kept: Kept) -> Words | None:
    """The elements that every regime lets out; ``None`` where no rule limits them."""
    limit: Words | None = None
    for matches in kept.values():
        lists = [match.rule.elements for match in matches]
        if None in lists:
            continue
        allowed = frozenset().union(*(each for each in lists if each is not None))
        limit = allowed if limit is None else limit & allowed
    return limit


def limiting_rule(kept: Kept) -> str:
    """The rule that limits the elements, to be named as the reason."""
    found = [
        match.rule.id for matches in kept.values() for match in matches if match.rule.elements is not None
    ]
    return min(found, default="eng.default.deny")


class Limits:
    """What of the elements (or of the criminal-justice content) goes out with the permitted segments."""

    def __init__(self, asked: Asked, released: Mapping[str, Kept]) -> None:
        self.emptied: dict[str, str] = {}  # segment: the rule that left nothing of it
        self.bars: frozenset[str] = frozenset()
        self.stripped: tuple[str, ...] = ()
        allowed, is_limited = self._elements(asked, released)
        content, withheld_content = self._content(asked, released)
        withheld = asked.elements_asked - allowed
        if is_limited or asked.elements_asked or withheld_content:
            self.elements: ElementLimit | None = ElementLimit(
                allowed=tuple(sorted(allowed | content)),
                withheld=tuple(sorted(withheld | withheld_content)),
            )
        else:
            self.elements = None

    @property
    def withholds(self) -> bool:
        """Is anything withheld that was asked for?"""
        return self.elements is not None and bool(self.elements.withheld)

    def _elements(self, asked: Asked, released: Mapping[str, Kept]) -> tuple[Words, bool]:
        wanted, allowed, is_limited = asked.elements_asked, set[str](), False
        for segment, kept in released.items():
            if "CJ" in kept:
                continue
            limit = limit_of(kept)
            is_limited = is_limited or limit is not None
            own = held_by(segment) | THE_REPORT
            reach = own if limit is None else own & limit
            mine = reach & wanted if wanted else (reach if limit is not None else frozenset())
            if (
                limit is not None
                and wanted
                and not mine - (THE_REPORT if segment in _HELD_BY else frozenset())
            ):
                self.emptied[segment] = limiting_rule(kept)
                continue
            allowed |= mine
        return frozenset(allowed), is_limited

    def _content(self, asked: Asked, released: Mapping[str, Kept]) -> tuple[Words, Words]:
        items = frozenset(asked.value("cj_info") or ())
        mine = {segment: kept["CJ"] for segment, kept in released.items() if "CJ" in kept}
        listed = {
            segment: frozenset().union(*(match.rule.elements or frozenset() for match in matches))
            for segment, matches in mine.items()
            if all(match.rule.elements is not None for match in matches)
        }
        if not items or not listed:
            return frozenset(), frozenset()
        allowed = items & frozenset().union(*listed.values())
        for segment, words_listed in listed.items():
            if segment != "CAD" and not items & words_listed:  # nothing of it may cross
                self.emptied[segment] = limiting_rule({"CJ": mine[segment]})
        self.stripped = tuple(sorted(items - allowed))
        self.bars = frozenset(STRIPPED_BY[each] for each in self.stripped if each in STRIPPED_BY)
        return allowed, items - allowed
