"""Victim services: 34 U.S.C. 12291(b)(2); 28 CFR 90.4(b), 94.115; 42 U.S.C. 10406(c)(5); 45 CFR 1370.4.

Everything collected for services requested, used or denied is protected, also encoded or
hashed. It goes out by a written, informed, time-limited release of the person, or because a
statute or a court compels it.
"""

from typing import Final

from consent.engine.facts import Consent
from consent.engine.matter import Matter
from consent.engine.rules import bar, by_permit, permit, route
from consent.engine.vocabulary import CAREUSE, words
from consent.law.words import (
    COUNSEL,
    DEID_PROOF,
    INDIVIDUAL,
    MINIMUM_NECESSARY,
    NOTIFY,
    OWN,
    VERIFY,
    VS,
)

RECORDS: Final = words("VSP PROTADDR")
_SIGNS_FOR_ONESELF = words("patient subject self client victim minor_patient minor")


@bar(
    "vs.nondisclosure", cite="34 U.S.C. 12291(b)(2)(B); 28 CFR 94.115(a)", regime=VS, of=RECORDS,
    lifted_by=[
        by_permit(
            "vs.release", "vs.mandate", "vs.aggregate", "vs.access.self", "vs.use.unit", "pa.childabuse.6311"
        )
    ],
)  # fmt: skip
def it_would_leave_the_victim_services_unit(_asked: Matter) -> bool:
    """No identifying information leaves the unit, not even encoded, encrypted or hashed."""
    return True


@bar(
    "vs.unit", cite="28 CFR 90.4(b)", regime=VS, of=RECORDS,
    lifted_by=[by_permit("vs.release", "vs.mandate", "vs.access.self", "pa.childabuse.6311")],
)  # fmt: skip
def it_would_reach_another_component(asked: Matter) -> bool:
    """Is it another program of the office, its leadership, or police? The unit is walled from them."""
    return asked.is_to("och_other_program", "le_co_response_partner", "law_enforcement", "elected_official")


@bar("hmis.vsp", cite="34 U.S.C. 12291(b)(2); 69 FR 61517", regime=VS, of={"VSP"}, to=words("hmis"))
def it_would_enter_the_homelessness_system(_asked: Matter) -> bool:
    """Victim service data never flows to HMIS."""
    return True


def released(asked: Matter) -> tuple[Consent, ...]:
    """Valid releases, by somebody who isn't the abuser and on whom services didn't depend."""
    return tuple(
        each
        for each in asked.covered_by("VS-REL")
        if (each.signer in _SIGNS_FOR_ONESELF or asked.denies("signer_is_abuser"))
    )


@permit(
    "vs.release", cite="34 U.S.C. 12291(b)(2)(B)(ii); 28 CFR 90.4(b), 94.115(a)(2)", regime=VS,
    to=None, of=RECORDS, for_=None, by=released, obliges=[MINIMUM_NECESSARY, "OBL-TIMEBOX"], precedence=4,
)  # fmt: skip
def the_person_released_it(asked: Matter) -> bool:
    """Did the person release it, informed and for a limited time, with no service hanging on it?"""
    return not asked.asked.shows("signer_is_abuser") and not asked.asked.shows("service_conditioned")


@permit(
    "vs.mandate", cite="34 U.S.C. 12291(b)(2)(C); 28 CFR 94.115(b)", regime=VS, to=None, of={"VSP"}, for_=None,
    obliges=[NOTIFY, MINIMUM_NECESSARY, COUNSEL],
)  # fmt: skip
def a_statute_or_court_compels_it(asked: Matter) -> bool:
    """Does a statute or court compel it, and was the victim told? A subpoena alone isn't taken for a mandate."""
    return asked.shows("vs_mandate", "victim_notice_attempted") and asked.in_scope()


@permit(
    "vs.aggregate", cite="34 U.S.C. 12291(b)(2)(D); 28 CFR 94.115(c)", regime=VS, to=None, of={"AGG"}, for_=None,
    obliges=[DEID_PROOF],
)  # fmt: skip
def only_totals_go_out(asked: Matter) -> bool:
    """Is it aggregate data that identifies nobody?"""
    return asked.is_one_of("deid_method", "safe_harbor", "expert")


@permit(
    "vs.use.unit", cite="34 U.S.C. 12291(b)(2); 28 CFR 90.4(b)", regime=VS, to=OWN, of=RECORDS,
    for_=CAREUSE | {"X-VICTIMSVC"}, obliges=[MINIMUM_NECESSARY],
)  # fmt: skip
def the_unit_uses_its_own(asked: Matter) -> bool:
    """Is it the person's own worker, or that worker's supervisor, in the unit?"""
    return (
        asked.shows("same_unit")
        and asked.shows_any("assigned_to_subject", "supervises_program")
        and asked.denies("actor_le_employed")
    )


@permit(
    "vs.access.self", cite="34 U.S.C. 12291(b)(2); 28 CFR 94.115(a)", regime=VS, to=INDIVIDUAL, of=RECORDS,
    for_={"PATRQT"}, obliges=[VERIFY],
)  # fmt: skip
def it_is_the_person_asking(asked: Matter) -> bool:
    """Is it the person, identified, and not the abuser in the person's place?"""
    return asked.shows("verified_identity") and asked.denies("signer_is_abuser")


@route(
    "vs.lecarve", cite="28 CFR 94.115(c); 34 U.S.C. 12291(b)(2)(D)", regime=VS, of=RECORDS,
    to=words("law_enforcement prosecutor"), for_=words("X-LE-VICTIM"),
)  # fmt: skip
def police_generated_it_themselves(asked: Matter) -> bool:
    """Is it said to come from police or prosecutors? That frees their report, not the unit's note."""
    return asked.is_one_of("target_class", "victim")
