"""Criminal-justice information, police to clinical: 18 Pa.C.S. ch. 91; 28 CFR 20.33; 28 U.S.C. 534.

An officer may send a referral from own observation. What a record check told, what an
investigation holds and what came out of a criminal-justice system never crosses.
"""

from typing import Final

from consent.engine.matter import Matter
from consent.engine.rules import Matches, bar, permit
from consent.engine.vocabulary import CAREUSE, words
from consent.law.words import CJ, MINIMUM_NECESSARY, OWN, SCRUB

CLINICAL: Final = words("clinical_app_user")
SEGMENTS: Final = words("CAD REFIN BLOT CHRI INV CJI ODIN JUV")


def regimes(segment: str) -> dict[str, frozenset[str]]:
    """Criminal-justice information is under its own regime alone."""
    return {CJ: frozenset({segment})} if segment in SEGMENTS else {}


@bar("cj.chria.9106", cite="18 Pa.C.S. 9106(b)(3), (c)(4), 9102", regime=CJ, of={"INV"})
def it_is_investigative(asked: Matter) -> bool:
    """Would investigative, intelligence or treatment information go to who is no criminal justice agency?"""
    return not asked.asked.shows("recipient_is_cja")


@bar("cj.cjis", cite="28 CFR 20.33; 28 U.S.C. 534; CJIS Security Policy", regime=CJ, of={"CJI"})
def it_comes_out_of_a_criminal_justice_system(asked: Matter) -> bool:
    """Would what NCIC, III, CLEAN or JNET told enter the clinical side, or go to no criminal justice agency?"""
    return asked.is_to("clinical_app_user") or not asked.asked.shows("recipient_is_cja")


def one_person_may_be_acknowledged(asked: Matter, matches: Matches) -> frozenset[str]:
    """The permits under which the enrolment of this one person may be told; never of a list."""
    return frozenset() if asked.asked.shows("bulk_list") else frozenset(matches)


@bar(
    "cj.idmatch", cite="42 CFR 2.13(a), (c); 34 U.S.C. 12291(b)(2)(B); 45 CFR 164.502(a)", regime="*",
    of={"IDMATCH"}, lifted_by=[one_person_may_be_acknowledged],
)  # fmt: skip
def it_matches_persons(_asked: Matter) -> bool:
    """Which of these do you know? An answer, yes or no, is a disclosure about each."""
    return True


@permit(
    "cj.referral.in", cite="18 Pa.C.S. 9102 (a contrario)", regime=CJ, to=CLINICAL, of={"REFIN"},
    for_={"X-REFERRAL-IN"}, obliges=[SCRUB], elements=words("observed_need contact safety_observed"),
)  # fmt: skip
def an_officer_refers_what_was_seen(_asked: Matter) -> bool:
    """A need observed, a contact, safety facts seen at first hand; the rest is stripped on the way."""
    return True


@permit(
    "cj.cad", cite="18 Pa.C.S. 9102; 65 P.S. 67.708(b)(18)", regime=CJ, to=CLINICAL, of={"CAD"},
    for_={"X-REFERRAL-IN"}, obliges=[SCRUB], elements=words("cad"),
)  # fmt: skip
def a_call_goes_with_the_referral(_asked: Matter) -> bool:
    """Call type, time and place may go with it; a criminal incident's narrative may not."""
    return True


@permit(
    "cj.use.received", cite="18 Pa.C.S. 9102 (a contrario)", regime=CJ, to=OWN, of=words("REFIN CAD"),
    for_=CAREUSE, obliges=[MINIMUM_NECESSARY],
)  # fmt: skip
def the_unit_uses_what_it_received(asked: Matter) -> bool:
    """Does the unit use a referral, scrubbed on its way in, for its own client?"""
    return (
        asked.shows("same_unit")
        and asked.shows_any("assigned_to_subject", "supervises_program")
        and asked.denies("actor_le_employed")
    )


@permit("cj.chria.9104", cite="18 Pa.C.S. 9104, 9102", regime=CJ, to=None, of={"BLOT"}, for_=None)
def it_is_on_the_blotter(_asked: Matter) -> bool:
    """Blotters, press releases and dockets fall outside the act."""
    return True


@permit(
    "cj.chria.9121", cite="18 Pa.C.S. 9121(b)", regime=CJ, to=CLINICAL, of={"CHRI"}, for_={"X-RECORDCHECK"},
    obliges=["OBL-CHRIA-LOG", SCRUB],
)  # fmt: skip
def criminal_history_was_asked_for_and_logged(asked: Matter) -> bool:
    """Was it asked for, and is the request in the log? Old arrests without disposition are stripped."""
    return asked.shows("chria_request_logged")
