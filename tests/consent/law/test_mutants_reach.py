"""Whom, what and what for: each rule reaches what the reference's table says, and nothing else."""

from itertools import product

import pytest

from consent import law
from consent.engine.rules import Effect, Rule
from tests.consent.engine.reference import rows
from tests.consent.engine.table import BARS, GROUPS, PERMITS

RULES: tuple[Rule, ...] = tuple(rule for pack in law.packs() for rule in pack.rules)
ANY = ("*",)
Reach = set[tuple[str, str, str, str]]


def of_rule(rule: Rule) -> Reach:
    return set(product(rule.regimes, rule.to or ANY, rule.of or ANY, rule.for_ or ANY))


def of_id(id_: str, effect: Effect) -> Reach:
    return set().union(*(of_rule(rule) for rule in RULES if rule.id == id_ and rule.effect is effect))


def written_out(cell: str) -> set[str] | None:
    return None if cell == "*" else {word for each in cell.split() for word in GROUPS.get(each, each).split()}


def of_table(text: str, id_: str) -> Reach:
    found: Reach = set()
    for named, regimes, to, of, rest in rows(text):
        if named == id_:
            for_ = written_out(rest[0]) if text is PERMITS else None
            found |= set(product(regimes or ANY, to or ANY, of or ANY, for_ or ANY))
    return {tuple(word.replace("as-PHI", "PHI") for word in each) for each in found}


def with_words(reach: Reach, place: int, words: str) -> Reach:
    return {(*each[:place], word, *each[place + 1 :]) for each in reach for word in words.split()}


# Where a rule's column and its question divide the work in another way than the table's.
OTHERWISE = {
    "p2.premises.2.12c5": lambda reach: (
        reach | with_words(reach, 2, "SUDP2")
    ),  # for the elements of 2.12(c)(5) alone
    "pa.sud.consent": lambda reach: (
        reach | {("PA-SUD", "individual", "SUDNP2", "PATRQT")}
    ),  # one's own request
    "hipaa.restrict.selfpay.164.522a1vi": lambda reach: with_words(reach, 3, f"HPAYMT {GROUPS['OPS']}"),
    "p2.restrict.selfpay.2.26a6": lambda reach: with_words(reach, 3, f"HPAYMT {GROUPS['OPS']}"),
    "vs.unit": lambda reach: with_words(reach, 1, "*"),
}


def expected(text: str, id_: str) -> Reach:
    return OTHERWISE.get(id_, lambda reach: reach)(of_table(text, id_))


@pytest.mark.parametrize("id_", sorted({row[0] for row in rows(PERMITS)}))
def test_a_permit_reaches_what_the_table_says(id_):
    assert of_id(id_, Effect.PERMIT) == expected(PERMITS, id_)


@pytest.mark.parametrize("id_", sorted({row[0] for row in rows(BARS)}))
def test_a_bar_reaches_what_the_table_says(id_):
    assert of_id(id_, Effect.BAR) == expected(BARS, id_)
