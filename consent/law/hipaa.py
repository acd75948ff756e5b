"""45 CFR Part 164 subpart E: use, treatment, payment and operations, authorization, rights of the person."""

from consent.engine import forms
from consent.engine.facts import Consent
from consent.engine.matter import Matter
from consent.engine.rules import bar, by_form, by_permit, own_consent, permit, route
from consent.engine.vocabulary import CAREUSE, OPERATIONS, PHI, TPO, TREATMENT, words
from consent.law.words import (
    ACCOUNTING_6Y,
    DEID_PROOF,
    HIPAA,
    INDIVIDUAL,
    MINIMUM_NECESSARY,
    OWN,
    PARENT,
    PROVIDERS,
    VERIFY,
)

AUTHORIZED = ("OBL-COPY-INDIV", "OBL-RETAIN-6Y")
ALSO_AUTHORIZE = words("P2-SPEC P2-TPO P2-NOTES P2-PROC P2-CJ35 MULTI-CONF PA-MH PA-HIV VS-REL")


# --- use inside the unit ----------------------------------------------------------------------


@permit(
    "hipaa.use.164.506c", cite="45 CFR 164.506(c)(1), 164.514(d)(2)", regime=HIPAA,
    to=words("own_workforce part2_internal"), of=PHI, for_=CAREUSE, obliges=[MINIMUM_NECESSARY],
)  # fmt: skip
def own_staff_need_it_for_care(asked: Matter) -> bool:
    """Is it somebody of the unit who cares for the person, or has substance use duties in the program?

    Never somebody employed by a criminal justice agency, whatever the team chart says.
    """
    of_the_team = asked.shows("same_unit") and asked.shows_any("assigned_to_subject", "supervises_program")
    return (of_the_team or asked.shows("need_for_sud_duties", "same_program")) and asked.denies(
        "actor_le_employed"
    )


@permit(
    "hipaa.use.psynotes.164.508a2i", cite="45 CFR 164.508(a)(2)(i)(A)-(B)", regime=HIPAA,
    to=OWN, of={"PSYNOTE"}, for_=words("TREAT ETREAT TRAIN"), obliges=[MINIMUM_NECESSARY],
)  # fmt: skip
def the_originator_uses_own_psychotherapy_notes(asked: Matter) -> bool:
    """Is it the one who wrote the notes, for treatment or supervised training?"""
    return asked.shows("psynote_originator", "same_unit") and asked.denies("actor_le_employed")


# --- authorization ----------------------------------------------------------------------------


def authorizing(asked: Matter) -> tuple[Consent, ...]:
    """A valid authorization, or another valid form that also meets 164.508(c)."""
    own = asked.covered_by("HIPAA-AUTH")
    others = asked.covered_by(*sorted(ALSO_AUTHORIZE))
    return own + tuple(each for each in others if not forms.health_defects(each, asked.asked.at, asked.asked))


@permit(
    "hipaa.auth.164.508", cite="45 CFR 164.508(a)(1), (c)", regime=HIPAA,
    to=None, of=None, for_=None, by=authorizing, obliges=AUTHORIZED, precedence=4,
)  # fmt: skip
def an_authorization_describes_it(asked: Matter) -> bool:
    """Does a valid authorization describe it, to whom it names, for that purpose?

    Psychotherapy notes need one of their own.
    """
    return asked.segment != "PSYNOTE"


@permit(
    "hipaa.auth.psynotes.164.508a2", cite="45 CFR 164.508(a)(2), (b)(3)(ii)", regime=HIPAA,
    to=None, of={"PSYNOTE"}, for_=None, by=own_consent("HIPAA-PSY"), obliges=AUTHORIZED, precedence=4,
)  # fmt: skip
def an_authorization_of_its_own_describes_the_notes(asked: Matter) -> bool:
    """Does an authorization for psychotherapy notes alone describe them?"""
    return asked.segment == "PSYNOTE"


@bar(
    "hipaa.psynotes.164.508a2", cite="45 CFR 164.508(a)(2), 164.501", regime=HIPAA, of={"PSYNOTE"},
    lifted_by=[
        by_form("HIPAA-PSY"),
        by_permit(
            "hipaa.use.psynotes.164.508a2i", "hipaa.secretary.164.502a2", "hipaa.512a.required",
            "hipaa.512d.oversight", "hipaa.512g.coroner", "hipaa.512j.threat",
        ),
    ],
)  # fmt: skip
def psychotherapy_notes_stay_apart(_asked: Matter) -> bool:
    """Treatment, payment and operations are not enough for psychotherapy notes."""
    return True


@bar(
    "hipaa.sale-marketing.164.508a3", cite="45 CFR 164.508(a)(3)-(4)", regime=HIPAA, of=PHI,
    lifted_by=[by_form("HIPAA-AUTH")],
)  # fmt: skip
def it_is_for_marketing_or_sale(asked: Matter) -> bool:
    """Is it for marketing, or sold?"""
    return asked.shows("is_marketing_or_sale")


@route("hipaa.cj35.gap", cite="45 CFR 164.508(b)(5) against 42 CFR 2.35(c)", regime=HIPAA, of=PHI)
def a_condition_was_revoked_in_writing(asked: Matter) -> bool:
    """Was a criminal-justice consent taken back on paper while Part 2 still holds it irrevocable (CR-29)?"""
    return any(
        "revoked" in forms.health_defects(each, asked.asked.at, asked.asked)
        for each in asked.covered_by("P2-CJ35")
    )


# --- treatment, payment, operations -----------------------------------------------------------


@permit(
    "hipaa.tpo.treat.164.506c", cite="45 CFR 164.506(c)(1)-(2), 164.501", regime=HIPAA,
    to=PROVIDERS, of=PHI, for_=TREATMENT | {"X-302"},
)  # fmt: skip
def the_provider_treats_the_person(asked: Matter) -> bool:
    """Does the provider treat the person, or coordinate that care?"""
    return asked.shows("recipient_treats_subject")


@permit(
    "hipaa.tpo.treat.social", cite="45 CFR 164.501 (treatment), 164.506(c)", regime=HIPAA,
    to=words("social_service_org landlord_housing"), of=words("DEM CASE MED MH"),
    for_=words("COC CAREMGT X-HOUSING"), obliges=[MINIMUM_NECESSARY],
)  # fmt: skip
def the_service_furthers_health(asked: Matter) -> bool:
    """Is the service judged to be part of care, or to help it, as supportive housing does?"""
    return asked.shows("recipient_service_furthers_health")


@permit(
    "hipaa.tpo.treat.thirdparty-le", cite="45 CFR 164.501 (treatment)", regime=HIPAA,
    to=words("le_co_response_partner"), of=words("DEM LOC"), for_=words("COC"),
    obliges=[MINIMUM_NECESSARY, "OBL-NOPERSIST"], is_local_policy=True,
)  # fmt: skip
def it_is_where_and_when_to_drive(asked: Matter) -> bool:
    """Is it only where and when to take somebody, for a ride that the clinician arranges?

    Whether an officer can be the third party of a provider's coordination is open (CR-13).
    Until counsel answers: transport, and no health content.
    """
    return asked.segment in ("DEM", "LOC")


@route(
    "hipaa.tpo.treat.thirdparty-le", cite="45 CFR 164.501 (treatment)", regime=HIPAA,
    to=words("le_co_response_partner"), of=PHI, for_=words("COC CAREMGT TREAT"),
)  # fmt: skip
def health_content_for_the_partner_officer(asked: Matter) -> bool:
    """Is more than the ride asked for, as coordination with a partner officer (CR-13)?"""
    return asked.segment not in ("DEM", "LOC")


@permit(
    "hipaa.tpo.pay.164.506c", cite="45 CFR 164.506(c)(1), (3)", regime=HIPAA,
    to=words("health_plan treating_provider_ce treating_provider_nonce"), of=PHI, for_={"HPAYMT"},
    obliges=[MINIMUM_NECESSARY],
)  # fmt: skip
def it_is_for_payment(_asked: Matter) -> bool:
    """Is it to a plan, or to a provider for its own payment?"""
    return True


@permit(
    "hipaa.tpo.ops.164.506c", cite="45 CFR 164.506(c)(1)", regime=HIPAA,
    to=words("part2_internal part2_admin_control"), of=PHI, for_=OPERATIONS, obliges=[MINIMUM_NECESSARY],
)  # fmt: skip
def it_is_for_own_operations(_asked: Matter) -> bool:
    """Is it for the operations of the unit itself?"""
    return True


@permit(
    "hipaa.tpo.ops.other.164.506c4", cite="45 CFR 164.506(c)(4)", regime=HIPAA,
    to=words("health_plan treating_provider_ce"), of=PHI, for_=OPERATIONS - {"HOPERAT"},
    obliges=[MINIMUM_NECESSARY],
)  # fmt: skip
def another_entity_shares_the_relationship(asked: Matter) -> bool:
    """Is it a covered entity that has or had a relationship with the person, for quality or competence?"""
    return asked.shows("recipient_is_ce_or_ba") and asked.shows_any(
        "recipient_treats_subject", "recipient_has_relationship"
    )


@permit(
    "hipaa.ba.164.502e", cite="45 CFR 164.502(e), 164.504(e)", regime=HIPAA,
    to=words("business_associate qso"), of=PHI, for_=TPO, obliges=[MINIMUM_NECESSARY],
)  # fmt: skip
def a_business_associate_agreement_names_the_service(asked: Matter) -> bool:
    """Is there an agreement with the business associate, and is this the service it names?"""
    return asked.shows("baa", "service_within_agreement")


@permit(
    "hipaa.secretary.164.502a2", cite="45 CFR 164.502(a)(2)(ii)", regime=HIPAA,
    to=words("hhs"), of=None, for_={"HCOMPL"}, obliges=[VERIFY, ACCOUNTING_6Y],
)  # fmt: skip
def the_secretary_looks_into_compliance(asked: Matter) -> bool:
    """Has HHS shown its authority?"""
    return asked.shows("verified_authority")


@permit(
    "hipaa.deid.164.514b", cite="45 CFR 164.514(a)-(b)", regime="*", to=None, of={"AGG"}, for_=None,
    obliges=[DEID_PROOF],
)  # fmt: skip
def nobody_can_be_recognised(asked: Matter) -> bool:
    """Is it de-identified by a named method, with small cells suppressed?"""
    return asked.is_one_of("deid_method", "safe_harbor", "expert") and asked.shows("small_cells_suppressed")


@permit(
    "hipaa.lds.164.514e", cite="45 CFR 164.514(e)", regime=HIPAA,
    to=words("researcher public_health_authority business_associate"), of={"LDS"},
    for_=words("HRESCH PUBHLTH HOPERAT"), obliges=["OBL-DUA", MINIMUM_NECESSARY],
)  # fmt: skip
def a_data_use_agreement_binds_them(asked: Matter) -> bool:
    """Is there a data use agreement? The regimes of the data it was made from still decide for themselves."""
    return asked.shows("dua")


# --- the person, and who stands in for the person ---------------------------------------------


@permit(
    "hipaa.access.164.524", cite="45 CFR 164.524", regime=HIPAA, to=INDIVIDUAL, of=PHI, for_={"PATRQT"},
    obliges=[VERIFY],
)  # fmt: skip
def it_is_the_person_asking(asked: Matter) -> bool:
    """Is it the person, identified? A representative or a parent goes by the rows for them."""
    return asked.shows("verified_identity")


@permit(
    "hipaa.rep.164.502g", cite="45 CFR 164.502(g)(1)-(2), (4)", regime=HIPAA, to=words("personal_rep"),
    of=PHI, for_=words("PWATRNY PATRQT"), obliges=[VERIFY],
)  # fmt: skip
def the_representative_has_authority(asked: Matter) -> bool:
    """Is there a health-care power, an adjudication or an executor's office, and was it verified?"""
    return asked.shows_any("hcpoa_active", "adjudicated_incapacity", "executor") and asked.shows(
        "verified_authority"
    )


@permit(
    "hipaa.rep.minor.164.502g3", cite="45 CFR 164.502(g)(3)", regime=HIPAA, to=PARENT, of=PHI,
    for_=words("PWATRNY PATRQT FAMRQT"), obliges=[VERIFY],
)  # fmt: skip
def the_parent_represents_the_child(asked: Matter) -> bool:
    """Is it the parent of a minor who didn't consent to the care alone, and not a suspected abuser?"""
    return (
        asked.age_below(18)
        and asked.denies("minor_consented_alone")
        and asked.denies("parent_suspected_abuser")
        and asked.shows("verified_identity", "verified_authority")
    )


@bar(
    "hipaa.rep.abuse.164.502g5", cite="45 CFR 164.502(g)(5)", regime=HIPAA, of=None,
    to=words("parent_guardian personal_rep"),
)  # fmt: skip
def the_representative_is_a_suspected_abuser(asked: Matter) -> bool:
    """Is abuse, neglect or endangerment by the representative reasonably believed?"""
    return asked.shows("parent_suspected_abuser")
