"""The law as rules, by pack: what may be switched on, and where each rule is cited from."""

from collections.abc import Iterable, Mapping
from typing import Final

from consent.engine.rules import Pack, Rule, library
from consent.law import federal, pennsylvania

LAW_AS_OF: Final = federal.LAW_AS_OF
RULESET_VERSION: Final = federal.VERSION
PACKS: Final = {pack.name: pack for pack in (federal.PACK, pennsylvania.PACK)}
DEFAULT: Final = ("us-federal", "us-pa")
# Every ruleset that ever decided, by its version. A rule that changes stays here as it was, under
# the version that its receipts name, so that they can be decided again.
RULESETS: Final[Mapping[str, Mapping[str, Pack]]] = {RULESET_VERSION: PACKS}


def packs(names: Iterable[str] = DEFAULT) -> tuple[Pack, ...]:
    """The packs of these names.

    Raises:
        KeyError: There is no such pack.
    """
    return tuple(PACKS[name] for name in dict.fromkeys(names))


def ruleset(version: str, names: Iterable[str]) -> tuple[Pack, ...]:
    """The packs of these names as they were in the ruleset of that version.

    Raises:
        KeyError: There was no such ruleset, or no such pack in it.
    """
    return tuple(RULESETS[version][name] for name in dict.fromkeys(names))


def rule(rule_id: str) -> Rule:
    """The rule of that id, for its citation.

    Raises:
        KeyError: There is no such rule.
    """
    return library(packs()).rules[rule_id][0]


def cite(rule_id: str) -> str:
    """The citation of a rule or of an id that only steers; nothing if there is no such id."""
    return library(packs()).cite(rule_id)
