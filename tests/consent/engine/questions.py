"""Random questions, near the ones that matter.

A question aims at a rule: its recipients, purposes and segments, and then the facts, the process and the forms of
one permit for each regime that protects the segment. Then something is left out, turned round or added. Times lie
at the edges. A question is made from a seed, so that a failing one can be made again.
"""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from hypothesis import strategies as st

from consent import law
from consent.engine import vocabulary as v
from consent.engine.facts import Actor, Asked, Consent, Recipient, Source
from consent.engine.forms import EVERY_KEY
from consent.engine.rules import Effect, Rule, library

PACKS = law.packs()
BOOKS = library(PACKS)
RULES: tuple[Rule, ...] = tuple(rule for pack in PACKS for rule in pack.rules)
PERMITS = [rule for rule in RULES if rule.effect is Effect.PERMIT]
BARS = [rule for rule in RULES if rule.effect is Effect.BAR]
AT = datetime(2026, 4, 2, 16, tzinfo=UTC)
PROGRAMS = ("POST", "LEAD", "PINS", "ROOTS", "CO-RESPONSE", "TSAP", "EMS", "PBP")
MICROSECOND = timedelta(microseconds=1)
# Changes of clocks, the year's ends, a leap day and the day before there is none.
EDGES = (
    AT,
    datetime(2026, 3, 8, 7, tzinfo=UTC),
    datetime(2026, 11, 1, 6, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(2027, 1, 1, 5, tzinfo=UTC),
    datetime(2028, 2, 29, 5, tzinfo=UTC),
    datetime(2027, 2, 28, 5, tzinfo=UTC),
)
FORMS = tuple(sorted(v.FORMS - {"ORAL-510B"}))
SIGNERS = (
    "minor_patient", "parent", "abusive_parent", "personal_rep", "spouse", "executor", "court_appointed_guardian",
    "minor_and_parent", "somebody",
)  # fmt: skip
# What permits want denied; a question that aims at a permit leaves these out, or says no.
NEGATED = tuple(
    sorted(
        v.words(
            "actor_le_employed minor_consented_alone parent_suspected_abuser individual_objected "
            "prior_preference_against use_against_patient recipient_is_cja crime_is_abuse_or_dv "
            "learned_in_treatment_of_propensity released_from_custody final_disposition_reached new_unrelated_case "
            "adjudicated_incapacity order_names_use_against_patient signer_is_abuser service_conditioned"
        )
    )
)
SIGNED_FOR_SOMEBODY = ("p2.incapacity.adj.2.15a1", "p2.deceased.consent.2.15b2")
EITHER = ("individual_present", "individual_capacity")


def _constants(code: object) -> set[str]:
    """Every word in a predicate, and in the functions within it."""
    found = set()
    for constant in code.co_consts:
        if isinstance(constant, str):
            found |= {constant, *constant.split()}
        elif isinstance(constant, (tuple, frozenset)):
            found |= {each for each in constant if isinstance(each, str)}
        elif hasattr(constant, "co_consts"):
            found |= _constants(constant)
    return found


@cache
def words_of(rule: Rule) -> frozenset[str]:
    """The words of a rule: facts, values, processes, forms."""
    found = _constants(rule.holds.__code__)
    names = set(rule.holds.__code__.co_names)
    for name in names:
        helper = rule.holds.__globals__.get(name)
        found |= _constants(helper.__code__) if hasattr(helper, "__code__") else set()
        found |= (
            {each for each in helper if isinstance(each, str)}
            if isinstance(helper, (tuple, frozenset))
            else set()
        )
    if rule.by is not None:
        found |= _constants(rule.by.__code__)
        for cell in rule.by.__closure__ or ():
            found |= set(cell.cell_contents) if isinstance(cell.cell_contents, tuple) else set()
    if {"in_scope"} & names or "in_scope" in found:
        found.add("order_scope")
    return frozenset(found)


def make(seed: int, *, closed_world: bool | None = None) -> Asked:
    """The question of that seed."""
    dice = random.Random(seed)
    aim = dice.choice(RULES)
    source = _source(dice)
    recipient = (
        dice.choice(sorted(aim.to)) if aim.to and dice.random() < 0.95 else dice.choice(sorted(v.RECIPIENTS))
    )
    purpose = (
        dice.choice(sorted(aim.for_))
        if aim.for_ and dice.random() < 0.95
        else dice.choice(sorted(v.PURPOSES))
    )
    near = sorted((aim.of or v.SEGMENTS) - {v.AS_PHI})
    segments = {dice.choice(near)} | {
        dice.choice(sorted(v.SEGMENTS)) for _ in range(dice.choice((0, 0, 1, 2)))
    }
    segments |= v.MODIFIERS if dice.random() < 0.05 else set()
    at = dice.choice(EDGES) + dice.choice((timedelta(0), MICROSECOND, -MICROSECOND))
    blank = Asked(
        actor=_actor(dice), source=source, recipient=Recipient(type=recipient, id=dice.choice(("", "org-1"))),
        purpose=purpose, segments=frozenset(segments), at=at,
        closed_world=dice.random() < 0.5 if closed_world is None else closed_world,
    )  # fmt: skip
    aims = _aims(dice, blank, aim)
    aimed = frozenset().union(*(words_of(rule) for rule in aims))
    facts = _facts(dice, aims, segments)
    forms = sorted(aimed & set(FORMS)) or (["P2-SPEC", "P2-TPO"] if "SUDP2" in segments else list(FORMS))
    signed_for = any(rule.id in SIGNED_FOR_SOMEBODY for rule in aims)
    facts |= (
        {"executor": True, "adjudicated_incapacity": dice.random() < 0.5}
        if signed_for and dice.random() < 0.8
        else {}
    )
    number = dice.choice((1, 1, 2)) if aimed & set(FORMS) or signed_for or dice.random() < 0.3 else 0
    processes = sorted((aimed & v.PROCESSES) - {"none"})
    process = dice.choice(processes) if processes and dice.random() < 0.85 else "none"
    return replace(
        blank,
        facts=facts,
        process=process if dice.random() < 0.93 else dice.choice(sorted(v.PROCESSES)),
        recorded_no=frozenset()
        if blank.closed_world
        else frozenset(k for k in (*NEGATED, *EITHER) if dice.random() < 0.8),
        consents=tuple(_consent(dice, blank, dice.choice(forms), str(n)) for n in range(number)),
    )


def _actor(dice: random.Random) -> Actor:
    civil = sorted(v.ROLES - v.POLICE_ROLES)
    role = dice.choice(civil) if dice.random() < 0.85 else dice.choice(sorted(v.ROLES))
    return Actor(
        id="a",
        role=role,
        employer_class=dice.choice(("", "", "civil", "civil", "police")) if dice.random() < 0.5 else "",
    )


def _source(dice: random.Random) -> Source:
    return Source(
        program=dice.choice(PROGRAMS),
        p2_status=dice.choice(("program", "lawful_holder", "lawful_holder", "none", "undetermined")),
        hipaa_legal=dice.choice(("covered_component", "covered_component", "not_covered", "undetermined")),
        mhpa_facility=dice.choice(("no", "no", "yes", "undetermined")),
        vs_regime=dice.choice(("none", "none", "none", "voca", "undetermined")),
        hmis_cho=dice.random() < 0.5,
    )


def _aims(dice: random.Random, blank: Asked, aim: Rule) -> list[Rule]:
    """The rule aimed at, and one permit for each regime that protects one of the segments."""
    found = [aim]
    for segment in sorted(blank.segments - v.MODIFIERS):
        for regime, labels in BOOKS.readings(segment, blank, blank.recipient.type).items():
            permits = BOOKS.choose(regime, labels, blank.recipient.type, blank.purpose).permits
            if permits and not (aim in permits and dice.random() < 0.7):
                found.append(dice.choice(permits))
    return found


def _facts(dice: random.Random, aims: list[Rule], segments: set[str]) -> dict[str, object]:
    facts: dict[str, object] = {}
    for rule in aims:
        words = words_of(rule)
        for key in sorted(words & v.FLAGS):
            wanted = key not in NEGATED or rule.effect is Effect.BAR
            wanted = dice.random() < 0.5 if key in EITHER and rule.effect is Effect.PERMIT else wanted
            if dice.random() < (0.95 if wanted else 0.06):
                facts[key] = True
            elif dice.random() < 0.3:
                facts[key] = False
        for key in sorted(words & set(v.CHOICES)):
            values = sorted(words & v.CHOICES[key])
            if dice.random() < 0.95:
                facts[key] = dice.choice(
                    values if values and dice.random() < 0.95 else sorted(v.CHOICES[key])
                )
        if "order_scope" in words and dice.random() < 0.9:
            facts["order_scope"] = sorted(segments) if dice.random() < 0.85 else sorted(segments)[:1]
        if words & {"tpo_consent", "specific_consent", "audit", "research"} and dice.random() < 0.9:
            facts["received_under"] = dice.choice(sorted(words & v.CHOICES["received_under"]))
        if "required_by_law_cite" in words:
            facts["required_by_law_cite"] = "35 P.S. 521.1"
        if {"minor_age", "parent_guardian"} & (words | (rule.to or set())) and dice.random() < 0.8:
            facts["minor_age"] = dice.choice((1, 13, 14, 15, 17, 18))
    for key in dice.sample(sorted(v.FLAGS), dice.choice((0, 0, 0, 1, 2))):
        facts[key] = dice.random() < 0.8
    if any("restrict" in rule.id for rule in aims) or dice.random() < 0.04:
        facts["restriction_agreed"] = dice.choice((sorted(segments), sorted(segments)[:1], True))
    return facts


def _consent(dice: random.Random, blank: Asked, form: str, id_: str) -> Consent:
    """A form that covers the question, whole, or with a flaw."""
    at, flaw = blank.at, dice.random() < 0.35
    segments, purposes = blank.segments - v.MODIFIERS, {blank.purpose}
    recipients = (blank.recipient.type,)
    consent = Consent(
        id=id_, form=form, signed_at=at - dice.choice((timedelta(0), timedelta(days=2), timedelta(days=20))),
        ends_at=at + dice.choice((MICROSECOND, timedelta(days=8))), recipients=recipients,
        segments=segments | ({"SUDP2"} if dice.random() < 0.3 else set()), purposes=frozenset(purposes),
        signer=dice.choice(SIGNERS) if dice.random() < 0.25 else "patient",
        revocable_on=dice.choice((None, "final_disposition")), sources=(blank.source.program,),
    )  # fmt: skip
    flaws = (
        {"ends_at": dice.choice((at, at - MICROSECOND, None)), "end_event": dice.choice((None, "final_disposition"))},
        {"ends_at": at + timedelta(days=800), "signed_at": at - timedelta(days=dice.choice((29, 30, 31, 180, 181, 365, 366)))},
        {"signed_at": at + dice.choice((MICROSECOND, timedelta(days=1)))},
        {"revoked_at": at + dice.choice((timedelta(0), MICROSECOND, -MICROSECOND)), "revoked_how": dice.choice((None, "written", "oral"))},
        {"elements_missing": (dice.choice(sorted(EVERY_KEY)),)},
        {"elements": frozenset(key for key in sorted(EVERY_KEY) if dice.random() < 0.97)},
        {"combined_with": (dice.choice(FORMS),)},
        {"conditioned_on_services": True},
        {"recipients": dice.choice((("health_plan",), (*recipients, "court"), ())), "recipient_ids": dice.choice(((), ("org-1",)))},
        {"recipient_ids": dice.choice((("org-1",), ("org-2",)))},
        {"segments": frozenset(dice.choice(({"SUDP2"}, {"VSP", "DEM"}, {"SUDP2N"}, set())))},
        {"purposes": frozenset({dice.choice(("TREAT", "HOPERAT", "X-LE-LOCATE", "HRESCH"))})},
        {"sources": dice.choice(((), ("ELSEWHERE",)))},
    )  # fmt: skip
    return replace(consent, **dice.choice(flaws)) if flaw else consent


def questions(*, closed_world: bool | None = None) -> st.SearchStrategy[Asked]:
    """Questions by their seeds."""
    return st.integers(0, 2**63).map(lambda seed: make(seed, closed_world=closed_world))
