"""Rule by rule and fact by fact: each permit and each bar holds exactly where the reference's row does.

From three beginnings (all that the rule wants is so; all of its facts are so; none is) one thing at a time is
changed: a fact, the process, the recipient, the purpose, the segment, the source, a form, who signed it.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from consent import law
from consent.engine import vocabulary as v
from consent.engine.facts import Actor, Asked, Consent, Recipient, Source
from consent.engine.matter import Matter, Table
from consent.engine.rules import Effect, Match, Rule
from tests.consent.engine import reference
from tests.consent.engine.questions import AT, _constants
from tests.consent.engine.table import BARS, GROUPS, PERMITS

RULES: tuple[Rule, ...] = tuple(rule for pack in law.packs() for rule in pack.rules)
SIGNERS = (
    "patient", "minor_patient", "personal_rep", "spouse", "executor", "court_appointed_guardian", "minor_and_parent", "parent",
)  # fmt: skip
SIGNED_FOR = {
    "executor": True,
    "adjudicated_incapacity": True,
    "verified_authority": True,
    "spouse_no_executor": True,
    "hcpoa_active": True,
}
OF_A_UNIT = "somebody in the care of a Part 2 unit"
Question = tuple[Asked, str, str]  # with the segment and the regime


def words_of(cell: str) -> tuple[set[str], set[str]]:
    """The words of a row's facts, and those of them that it wants denied."""
    found, denied = set(), set()
    for token in re.findall(r"[^\s()&|]+", cell):
        if token[0] == "~":
            named = reference.WORDS[token[1:]]
            found |= _constants(named.__code__)
        elif token[0] in "@#":
            found |= set(token[1:].split(","))
        else:
            found |= set(token.lstrip("!").replace("=", ",").split(","))
        if token[0] == "!":
            denied.add(token[1:])
    return found, denied


@cache
def rows_of(id_: str) -> tuple[tuple[Any, ...], ...]:
    text = PERMITS if any(row[0] == id_ for row in reference.rows(PERMITS)) else BARS
    return tuple(row for row in reference.rows(text) if row[0] == id_)


def questions(id_: str, columns: tuple[Any, ...]) -> Iterator[Question]:
    """The questions about one row."""
    _id, regimes, to, of, rest = columns
    is_permit = rows_of(id_)[0] in reference.rows(PERMITS)
    cell = (
        rest[1]
        if is_permit
        else rest[0] + " " + " ".join(each for each in rest[1].split() if each[0] in "@~")
    )
    for_ = _listed(rest[0]) if is_permit else None
    words, denied = words_of(cell)
    regime = sorted(regimes or ("HIPAA",))[0]
    segment = sorted((of or {"MED"}) - {"as-PHI"})[0]
    base = Asked(
        actor=Actor(id="a", role="post_peer", employer_class="civil"), closed_world=True, at=AT, purpose=sorted(for_ or {"GOV"})[0],
        source=Source(program="POST", p2_status="program", hipaa_legal="covered", mhpa_facility="no", vs_regime="none"),
        recipient=Recipient(type=sorted(to or {"court"})[0]), segments=frozenset({segment}),
    )  # fmt: skip
    for asked in _at_random(base, words, segment):
        yield asked, segment, regime
    for start in _beginnings(base, words, denied):
        yield replace(start, subject=OF_A_UNIT), segment, regime
        for asked, about in _changed(start, words, segment, to, of, for_):
            yield asked, about, regime
    for other in sorted(v.RECIPIENTS if regimes is None else regimes):
        yield base, segment, other


def _listed(cell: str) -> set[str] | None:
    return None if cell == "*" else {word for each in cell.split() for word in GROUPS.get(each, each).split()}


def _at_random(base: Asked, words: set[str], segment: str) -> Iterator[Asked]:
    """Facts as they fall: where one of several would do, each is alone now and then; with and without a form."""
    dice = random.Random(segment)
    kinds, processes = sorted(words & v.FORMS), sorted(words & v.PROCESSES) or ["none"]
    for number in range(150):
        facts: dict[str, Any] = {key: dice.random() < 0.6 for key in sorted(words & v.FLAGS)}
        for key in sorted(words & set(v.CHOICES)):
            facts[key] = dice.choice(
                [*sorted(words & v.CHOICES[key]), "none" if "none" in v.CHOICES[key] else None]
            )
        forms = [_whole(base, segment, dice.choice(kinds))] if kinds and number % 3 else []
        yield replace(base, facts=facts, consents=tuple(forms), process=dice.choice(processes))


def _whole(asked: Asked, segment: str, kind: str) -> Consent:
    return Consent(
        id="0",
        form=kind,
        signed_at=asked.at - timedelta(days=1),
        ends_at=asked.at + timedelta(days=5),
        recipients=(asked.recipient.type,),
        segments=frozenset({segment}),
        purposes=frozenset({asked.purpose}),
        sources=("POST",),
    )


def _beginnings(base: Asked, words: set[str], denied: set[str]) -> Iterator[Asked]:
    flags, facts = words & v.FLAGS, {}
    for key in sorted(words & set(v.CHOICES)):
        facts[key] = sorted(words & v.CHOICES[key] or v.CHOICES[key])[0]
    if "required_by_law_cite" in words:
        facts["required_by_law_cite"] = "35 P.S. 521.1"
    processes = sorted((words & v.PROCESSES) - {"none"})
    base = replace(base, process=processes[0] if processes else "none")
    for shown in (flags - denied, flags, set()):
        yield replace(base, facts=facts | dict.fromkeys(sorted(shown), True))
    yield replace(base, facts=facts | dict.fromkeys(sorted(flags - denied), True), process="none")


def _changed(
    start: Asked, words: set[str], segment: str, to: Any, of: Any, for_: Any
) -> Iterator[tuple[Asked, str]]:
    yield start, segment
    yield from ((asked, segment) for asked in _other_facts(start, words, segment))
    for process in sorted(v.PROCESSES):
        yield replace(start, process=process), segment
    yield from ((asked, segment) for asked in _other_recipients(start, words, segment, to))
    for about in sorted((of or v.SEGMENTS) - {"as-PHI"}):
        yield replace(start, segments=frozenset({about})), about
    yield from ((asked, segment) for asked in _other_sources(start))
    yield from ((asked, segment) for asked in _with_forms(start, segment))


def _other_facts(start: Asked, words: set[str], segment: str) -> Iterator[Asked]:
    def with_facts(**changes: Any) -> Asked:
        return replace(start, facts={**start.facts, **changes})

    for key in sorted(words & v.FLAGS):
        for value in (True, False, None):
            yield with_facts(**{key: value})
        denied = frozenset(words & v.FLAGS) - {key}
        yield replace(with_facts(**{key: None}), closed_world=False, recorded_no=denied)
    for key, values in v.CHOICES.items():
        for value in (*sorted(values), None) if key in words | {"received_under"} else ():
            yield with_facts(**{key: value})
    for scope in ([segment], [], ["PROTADDR"], None):
        yield with_facts(order_scope=scope)
    for age in (0, 13, 14, 17, 18, None):
        yield with_facts(minor_age=age)
        yield replace(with_facts(minor_age=age), segments=start.segments | {"MINOR"})
    yield with_facts(required_by_law_cite="35 P.S. 521.1")
    for kind in ("law_enforcement", "le_co_response_partner", "individual", "treating_provider_ce"):
        for emergency in (True, False):
            restricted = with_facts(
                restriction_agreed=[segment], treating_emergency_needs_restricted=emergency
            )
            for purpose in ("ETREAT", "TREAT", "GOV"):
                yield replace(restricted, recipient=Recipient(type=kind), purpose=purpose)
    yield with_facts(written_hiv_consent=True)


def _other_recipients(start: Asked, words: set[str], segment: str, to: Any) -> Iterator[Asked]:
    used_against_them = to is None and "use_against_patient" in words
    for kind in sorted(v.RECIPIENTS):
        towards = replace(start, recipient=Recipient(type=kind))
        yield towards
        for form in sorted(words & v.FORMS):
            yield replace(towards, consents=(_whole(towards, segment, form),))
        for process in ("court_order", "da_subpoena") if used_against_them else ():
            yield replace(start, recipient=Recipient(type=kind), process=process, purpose="TREAT")
    officials = ("court", "prosecutor", "law_enforcement", "probation_parole", "attorney_civil", "individual")
    for purpose in sorted(v.PURPOSES):
        yield replace(start, purpose=purpose)
        for kind in officials:
            yield replace(start, purpose=purpose, recipient=Recipient(type=kind))


def _other_sources(start: Asked) -> Iterator[Asked]:
    for key, values in v.STATUSES.items():
        for value in sorted(values):
            yield replace(start, source=replace(start.source, **{key: value}))
    for program in ("LEAD", "PBP"):
        yield replace(start, source=replace(start.source, program=program, is_police=program == "PBP"))


def _with_forms(start: Asked, segment: str) -> Iterator[Asked]:
    """Each kind of form, by each signer, for the question as it is."""
    for kind in sorted(v.FORMS - {"RESTRICT"}):
        whole = _whole(start, segment, kind)
        yield replace(start, consents=(whole,))
        if kind == "P2-CJ35":
            ordered = {**start.facts, "cj_condition": True, "recipient_monitoring_duty": True}
            yield replace(start, consents=(whole,), facts=ordered)
            revoked = replace(
                whole, revoked_at=start.at, revoked_how="written", revocable_on="final_disposition"
            )
            yield replace(start, consents=(revoked,), facts=ordered)
            yield replace(start, consents=(revoked,), facts=ordered, process="court_order")
        for signer in SIGNERS:
            signed = replace(whole, signer=signer)
            yield replace(start, consents=(signed,), facts={**start.facts, "minor_age": 15})
            yield replace(start, consents=(signed,), facts={**start.facts, **SIGNED_FOR})
            for key in SIGNED_FOR:
                yield replace(start, consents=(signed,), facts={**start.facts, **SIGNED_FOR, key: False})
    for purpose in ("TREAT", "HPAYMT", "X-CJ-MONITOR", "X-PROCEEDING"):
        for kind in ("P2-TPO", "P2-SPEC", "P2-PROC", "HIPAA-AUTH", "P2-CJ35"):
            for to in (start.recipient.type, "treating_provider_ce", "court"):
                asked = replace(start, purpose=purpose, recipient=Recipient(type=to))
                facts = {**start.facts, "cj_condition": True, "recipient_monitoring_duty": True}
                yield replace(asked, consents=(_whole(asked, segment, kind),), facts=facts)


def labels_of(question: Question) -> frozenset[str]:
    """As what the segment is read: the record of a Part 2 unit is read as one as well."""
    asked, segment, regime = question
    return frozenset({segment, "SUDP2"} if regime == "P2" and asked.subject == OF_A_UNIT else {segment})


# --- both answers -------------------------------------------------------------------------------------------

BEFORE = ({}, {"HIPAA": True}, {"HIPAA": False}, {"P2": True}, {"P2": False})


def by_the_table(
    id_: str, question: Question, before: dict[str, bool], matched: set[str]
) -> tuple[bool, bool]:
    """Does a row of that id hold, and is it lifted?"""
    asked, segment, regime = question
    told = {name: ({"x"} if name in before else set(), before.get(name, False)) for name in ("HIPAA", "P2")}
    look = reference.Look(asked, segment, regime, set(labels_of(question)), asked.recipient.type, told)
    look.matched = set(matched)
    for _id, regimes, to, of, rest in rows_of(id_):
        permits = rows_of(id_)[0] in reference.rows(PERMITS)
        for_, facts = (_listed(rest[0]), rest[1]) if permits else (None, rest[0])
        if reference.speaks_of(look, regimes, to, of, for_) and eval(
            reference.compiled(facts), {"look": look}
        ):
            return True, not permits and reference.lifts(look, rest[1])
    return False, False


def by_the_rule(
    rules: list[Rule], question: Question, before: dict[str, bool], matched: set[str]
) -> tuple[bool, bool]:
    asked, segment, regime = question
    matter = Matter(
        asked=asked, segment=segment, regime=regime, labels=labels_of(question), recipient=asked.recipient.type, table=Table(asked),
        matched={name: frozenset({"x"}) for name in before}, allowed={name: frozenset({"x"} if so else ()) for name, so in before.items()},
    )  # fmt: skip
    matches = {
        rule.id: Match(rule=rule, consents=rule.by(matter) if rule.by else ())
        for rule in RULES
        if rule.id in matched and rule.effect is Effect.PERMIT
    }
    for rule in rules:
        concerns = rule.concerns(regime, labels_of(question), asked.recipient.type, asked.purpose)
        if concerns and (rule.by is None or rule.by(matter)) and rule.holds(matter):
            return True, any(lift(matter, matches) for lift in rule.lifted_by)
    return False, False


def rules_of(id_: str, effect: Effect) -> list[Rule]:
    return [rule for rule in RULES if rule.id == id_ and rule.effect is effect]


@pytest.mark.parametrize("id_", sorted({row[0] for row in reference.rows(PERMITS)}))
def test_a_permit_holds_where_its_row_does(id_):
    rules = rules_of(id_, Effect.PERMIT)
    for row in rows_of(id_):
        for place, question in enumerate(questions(id_, row)):
            before = BEFORE[place % len(BEFORE)] if "P2" in str(row[1]) or "PA-SUD" in str(row[1]) else {}
            assert by_the_rule(rules, question, before, set()) == by_the_table(
                id_, question, before, set()
            ), question


@pytest.mark.parametrize("id_", sorted({row[0] for row in reference.rows(BARS)}))
def test_a_bar_stands_where_its_row_does(id_):
    rules = rules_of(id_, Effect.BAR)
    for row in rows_of(id_):
        for question in questions(id_, row):
            assert by_the_rule(rules, question, {}, set()) == by_the_table(id_, question, {}, set()), question


@pytest.mark.parametrize("id_", sorted({row[0] for row in reference.rows(BARS)}))
def test_a_bar_is_lifted_by_the_permits_that_its_row_names(id_):
    rules = rules_of(id_, Effect.BAR)
    permits = {row[0] for row in reference.rows(PERMITS)}
    row = rows_of(id_)[0]
    standing = [each for each in questions(id_, row) if by_the_table(id_, each, {}, set()) == (True, False)][
        :2
    ]

    for question in standing:
        for permit in sorted(permits):
            assert by_the_rule(rules, question, {}, {permit}) == by_the_table(id_, question, {}, {permit}), (
                permit
            )
