"""Random questions, near the ones that matter: rules' own recipients, purposes and facts, and times at the edges."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from consent import law
from consent.engine import vocabulary as v
from consent.engine.facts import Actor, Asked, Consent, Recipient, Source
from consent.engine.forms import EVERY_KEY
from consent.engine.rules import Effect, Rule

PACKS = law.packs()
RULES: tuple[Rule, ...] = tuple(rule for pack in PACKS for rule in pack.rules)
NEW_YORK = ZoneInfo("America/New_York")
AT = datetime(2026, 4, 2, 16, tzinfo=UTC)
PROGRAMS = ("POST", "LEAD", "PINS", "ROOTS", "CO-RESPONSE", "TSAP", "EMS", "PBP")
HOUR, MICROSECOND = timedelta(hours=1), timedelta(microseconds=1)
# Changes of clocks, the year's ends, a leap day.
EDGES = [
    datetime(2026, 3, 8, 7, tzinfo=UTC),
    datetime(2026, 11, 1, 6, tzinfo=UTC),
    datetime(2026, 1, 1, 5, tzinfo=UTC),
    datetime(2028, 2, 29, 5, tzinfo=UTC),
    datetime(2027, 2, 28, 5, tzinfo=UTC),
]
FORMS = tuple(sorted(v.FORMS - {"ORAL-510B"}))
SIGNERS = ("patient", "minor_patient", "parent", "abusive_parent", "personal_rep", "spouse", "executor",
           "court_appointed_guardian", "minor_and_parent", "somebody")  # fmt: skip
LISTED = ("order_scope", "restriction_agreed")


@cache
def facts_named_by(rule: Rule) -> tuple[str, ...]:
    """The facts whose names stand in the predicate, so that they come together."""
    names = _constants(rule.holds.__code__)
    return tuple(sorted(names & (v.FLAGS | set(v.CHOICES))))


def _constants(code) -> set[str]:
    found = set()
    for constant in code.co_consts:
        if isinstance(constant, str):
            found.add(constant)
        elif isinstance(constant, tuple):
            found |= {each for each in constant if isinstance(each, str)}
        elif hasattr(constant, "co_consts"):
            found |= _constants(constant)
    return found


def choice(draw, values, *, mostly=None):
    """One of the values; mostly of those the rule names."""
    preferred = sorted(mostly) if mostly else []
    if preferred and draw(st.integers(0, 3)):
        return draw(st.sampled_from(preferred))
    return draw(st.sampled_from(sorted(values)))


@st.composite
def consents(draw, *, program, recipient, purpose, segments, at, id_="0"):
    """A form that mostly covers the question, whole or with a flaw or two."""
    form = draw(st.sampled_from(FORMS))
    signed = at - draw(st.sampled_from([timedelta(0), MICROSECOND, timedelta(days=20), timedelta(days=180), timedelta(days=400), -HOUR]))
    ends = draw(st.sampled_from([None, at, at + MICROSECOND, at - MICROSECOND, at + timedelta(days=30), at + timedelta(days=500)]))
    revoked = draw(st.sampled_from([None, None, None, None, at, at - MICROSECOND, at + MICROSECOND]))
    flawed = draw(st.integers(0, 2)) == 0
    return Consent(
        id=id_,
        form=form,
        signed_at=signed,
        ends_at=ends if flawed or draw(st.booleans()) else at + timedelta(days=10),
        end_event=draw(st.sampled_from([None, None, "final_disposition", "moving_out"])),
        revoked_at=revoked if flawed else None,
        revoked_how=draw(st.sampled_from([None, "written", "oral", "phone"])) if revoked else None,
        recipients=draw(st.sampled_from([(recipient,), (recipient,), (recipient, "court"), ("health_plan",)])),
        recipient_ids=draw(st.sampled_from([(), (), (), ("org-1",), ("org-2",)])),
        segments=frozenset(draw(st.sampled_from([segments, segments, {"SUDP2"}, {"DEM", "VSP"}]))) - v.MODIFIERS,
        purposes=frozenset({draw(st.sampled_from([purpose, purpose, "TREAT", "HOPERAT"]))}),
        elements_missing=(draw(st.sampled_from(sorted(EVERY_KEY))),) if flawed and draw(st.booleans()) else (),
        combined_with=(draw(st.sampled_from(FORMS)),) if flawed and draw(st.booleans()) else (),
        signer=draw(st.sampled_from(SIGNERS)) if draw(st.integers(0, 3)) == 0 else "patient",
        revocable_on=draw(st.sampled_from([None, "final_disposition"])),
        conditioned_on_services=draw(st.integers(0, 9)) == 0,
        sources=(program,) if draw(st.integers(0, 9)) else ("ELSEWHERE",),
    )


@st.composite
def sources(draw):
    """A program and its determinations."""
    program = draw(st.sampled_from(PROGRAMS))
    return Source(
        program=program,
        p2_status=draw(st.sampled_from(["program", "program", "lawful_holder", "none", "undetermined"])),
        hipaa_legal=draw(st.sampled_from(["covered_component", "covered_component", "not_covered", "undetermined"])),
        mhpa_facility=draw(st.sampled_from(["no", "no", "yes", "undetermined"])),
        vs_regime=draw(st.sampled_from(["none", "none", "voca", "undetermined"])),
        hmis_cho=draw(st.booleans()),
    )


@st.composite
def some_facts(draw, rules, segments):
    """The facts of some rules together, and a few at random."""
    facts = {}
    for rule in rules:
        for key in facts_named_by(rule):
            if draw(st.integers(0, 5)):
                facts[key] = _value(draw, key)
    for key in draw(st.lists(st.sampled_from(sorted(v.FLAGS)), max_size=3, unique=True)):
        facts[key] = _value(draw, key)
    if draw(st.integers(0, 4)) == 0:
        facts["minor_age"] = draw(st.sampled_from([0, 13, 14, 17, 18, 40]))
    if draw(st.integers(0, 4)) == 0:
        facts["order_scope"] = sorted(segments)[: draw(st.integers(0, 2))]
    if draw(st.integers(0, 6)) == 0:
        facts["restriction_agreed"] = sorted(segments)[: draw(st.integers(0, 2))]
    if draw(st.integers(0, 4)) == 0:
        facts["required_by_law_cite"] = "35 P.S. 521"
    return facts


def _value(draw, key):
    if key in v.CHOICES:
        return draw(st.sampled_from(sorted(v.CHOICES[key])))
    return bool(draw(st.integers(0, 7)))


@st.composite
def questions(draw, *, closed_world=None, most_segments=3):
    """A whole question about one rule or two."""
    rule = draw(st.sampled_from(RULES))
    other = draw(st.sampled_from(RULES))
    recipient = choice(draw, v.RECIPIENTS, mostly=rule.to)
    purpose = choice(draw, v.PURPOSES, mostly=rule.for_)
    wanted = {choice(draw, v.SEGMENTS, mostly=(rule.of or frozenset()) - {v.AS_PHI})}
    wanted |= draw(st.sets(st.sampled_from(sorted(v.SEGMENTS)), max_size=most_segments - 1))
    segments = frozenset(wanted) | (v.MODIFIERS if draw(st.integers(0, 9)) == 0 else frozenset())
    source = draw(sources())
    at = draw(st.sampled_from([AT, *EDGES])) + draw(st.sampled_from([timedelta(0), MICROSECOND, -MICROSECOND]))
    facts = draw(some_facts((rule, other), segments))
    closed = draw(st.booleans()) if closed_world is None else closed_world
    return Asked(
        actor=Actor(id="a", role=draw(st.sampled_from(sorted(v.ROLES))), employer_class=draw(st.sampled_from(["", "", "civil", "police"]))),
        source=source,
        recipient=Recipient(type=recipient, id=draw(st.sampled_from(["", "org-1"]))),
        purpose=purpose,
        segments=segments,
        at=at,
        process=draw(st.sampled_from(["none", *sorted(v.PROCESSES)])) if draw(st.booleans()) else "none",
        facts=facts,
        recorded_no=frozenset() if closed else draw(st.sets(st.sampled_from(NEGATED), max_size=4).map(frozenset)),
        consents=tuple(
            draw(consents(program=source.program, recipient=recipient, purpose=purpose, segments=segments, at=at, id_=str(n)))
            for n in range(draw(st.integers(0, 2)))
        ),
        closed_world=closed,
    )


NEGATED = sorted(
    v.words(
        "actor_le_employed minor_consented_alone parent_suspected_abuser individual_present individual_capacity "
        "individual_objected prior_preference_against use_against_patient recipient_is_cja crime_is_abuse_or_dv "
        "learned_in_treatment_of_propensity released_from_custody final_disposition_reached new_unrelated_case "
        "adjudicated_incapacity order_names_use_against_patient signer_is_abuser service_conditioned"
    )
)
PERMITS = [rule for rule in RULES if rule.effect is Effect.PERMIT]
BARS = [rule for rule in RULES if rule.effect is Effect.BAR]


def at_instant(asked: Asked, at: datetime) -> Asked:
    return replace(asked, at=at)
