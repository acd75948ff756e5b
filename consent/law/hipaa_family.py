"""45 CFR 164.510(b) and 164.522: family and friends, and the limits that the person asked for.

A police officer is no person involved in care by virtue of the badge, so none of these rows
names one.
"""

from consent.engine.matter import Matter
from consent.engine.rules import Match, bar, by_fact, by_form, by_match, by_permit, permit, route
from consent.engine.vocabulary import OPERATIONS, PHI, TPO, words
from consent.law.words import FAMILY, HIPAA, JUDGMENT, RECORD_BASIS

ASKING = words("SUPNWK FAMRQT")
# 164.522(a)(1)(i): what an agreed restriction reaches; 510(b) by (a)(1)(i)(B).
RESTRICTABLE = (
    "hipaa.use.",
    "hipaa.tpo.",
    "hipaa.ba.",
    "hipaa.family.",
)


@permit(
    "hipaa.family.present.164.510b2", cite="45 CFR 164.510(b)(1)(i), (b)(2)", regime=HIPAA,
    to=FAMILY, of=PHI, for_=ASKING, obliges=[RECORD_BASIS],
)  # fmt: skip
def the_person_is_there_and_agrees(asked: Matter) -> bool:
    """Is the person there, able to decide, and agreed or not objecting, to what concerns that role in care?"""
    return asked.shows(
        "individual_present", "individual_capacity", "relevant_to_involvement"
    ) and asked.shows_any("individual_agreed", "no_objection_inferred")


def cannot_be_asked(asked: Matter) -> bool:
    """Is the person absent, or unable to decide?"""
    return asked.denies("individual_present") or asked.denies("individual_capacity")


@permit(
    "hipaa.family.absent.164.510b3", cite="45 CFR 164.510(b)(3)", regime=HIPAA,
    to=FAMILY, of=PHI, for_=ASKING, obliges=[JUDGMENT],
)  # fmt: skip
def it_is_best_for_somebody_who_cannot_be_asked(asked: Matter) -> bool:
    """Is it in the best interest of somebody who can't be asked, to one involved in the care, as relevant?"""
    return (
        cannot_be_asked(asked)
        and asked.denies("individual_objected")
        and asked.shows("involved_in_care", "best_interest", "relevant_to_involvement")
    )


@permit(
    "hipaa.family.notify.164.510b1ii", cite="45 CFR 164.510(b)(1)(ii)", regime=HIPAA,
    to=FAMILY, of=words("DEM LOC MED"), for_=ASKING, obliges=[JUDGMENT],
)  # fmt: skip
def the_family_is_told_where_somebody_is(asked: Matter) -> bool:
    """May the family be told of location, general condition or death?"""
    if asked.shows_any("individual_agreed", "no_objection_inferred"):
        return True
    return asked.shows("best_interest") and asked.denies("individual_objected") and cannot_be_asked(asked)


@permit(
    "hipaa.family.deceased.164.510b5", cite="45 CFR 164.510(b)(5)", regime=HIPAA,
    to=FAMILY, of=PHI, for_=words("HDECD FAMRQT"), obliges=[RECORD_BASIS],
)  # fmt: skip
def the_family_was_involved_before_death(asked: Matter) -> bool:
    """Was this person involved in the care before the death, and is no contrary wish known?"""
    return asked.shows("involved_in_care", "relevant_to_involvement") and asked.denies(
        "prior_preference_against"
    )


@bar(
    "hipaa.family.objected", cite="45 CFR 164.510(b)(2)", regime=HIPAA, of=PHI, to=FAMILY, precedence=2,
    lifted_by=[by_permit("hipaa.512j.threat"), by_form("HIPAA-AUTH")],
)  # fmt: skip
def the_person_objected(asked: Matter) -> bool:
    """Did the person, able to decide, say no?"""
    return asked.shows("individual_capacity", "individual_objected")


@route(
    "hipaa.family.disaster.164.510b4", cite="45 CFR 164.510(b)(4)", regime=HIPAA,
    to=words("family_involved social_service_org"), of=PHI, for_={"DISASTER"},
)  # fmt: skip
def a_relief_organisation_asks(_asked: Matter) -> bool:
    """A disaster-relief organisation's request goes to the privacy officer."""
    return True


# --- restrictions -----------------------------------------------------------------------------


def treats_in_an_emergency(asked: Matter) -> bool:
    """Does emergency treatment need what was restricted?"""
    return asked.shows("treating_emergency_needs_restricted") and not asked.is_to(
        "law_enforcement", "le_co_response_partner"
    )


def is_beyond_the_restriction(asked: Matter, match: Match) -> bool:
    """Does the permit stand outside treatment, payment, operations and the family?

    An authorization does, but a general consent to treatment, payment and operations is
    what an agreed restriction beats (4.2(4)).
    """
    if match.rule.id == "hipaa.auth.164.508" and asked.purpose in TPO:
        return any(consent.form != "P2-TPO" for consent in match.consents)
    return not match.rule.id.startswith(RESTRICTABLE)


@bar(
    "hipaa.restrict.164.522a", cite="45 CFR 164.522(a)(1)-(2)", regime=HIPAA, of=None, precedence=3,
    lifted_by=[
        by_fact(treats_in_an_emergency),
        by_fact(lambda asked: asked.is_to("individual")),
        by_match(is_beyond_the_restriction),
    ],
    obliges_when_lifted=["OBL-P2-EMERG-RESTRICT-ASK"],
)  # fmt: skip
def a_restriction_was_agreed(asked: Matter) -> bool:
    """Did the unit agree to a restriction that covers it?"""
    return asked.is_restricted()


@bar(
    "hipaa.restrict.selfpay.164.522a1vi", cite="45 CFR 164.522(a)(1)(vi)", regime=HIPAA, of=PHI,
    to=words("health_plan"), for_=OPERATIONS | {"HPAYMT"}, precedence=3,
    lifted_by=[by_fact(lambda asked: asked.has("required_by_law_cite"))],
)  # fmt: skip
def it_was_paid_in_full(asked: Matter) -> bool:
    """Did the person pay in full for the item, so that the plan needn't know?"""
    return asked.shows("paid_in_full")
