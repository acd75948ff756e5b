"""Who may sign, word by word: each name for a signer, each body of law, each fact that it hangs on."""

import pytest

from consent.engine import forms, signers
from tests.consent.engine.test_forms import AT, asked, defects, form

SURE = {"verified_authority": True}
AGENT = {"hcpoa_active": True, **SURE}
DEAD = {"target_class": "decedent"}
ONESELF = "patient subject self client victim minor_patient minor".split()
PARENTS = "parent guardian parent_guardian".split()
TOGETHER = "minor_and_parent patient_and_parent parent_and_minor".split()
GUARDIANS = "court_appointed_guardian guardian_of_the_person".split()
REPRESENTATIVES = "personal_rep personal_representative representative".split()
EXECUTORS = "executor administrator".split()
AGENTS = "hcpoa_agent health_care_agent".split()
FAMILY = "family family_member responsible_family".split()
ABUSERS = "abusive_parent abuser abusive_guardian abusive_partner abusive_representative".split()
PART2 = "P2-TPO P2-SPEC P2-NOTES P2-PROC P2-CJ35 MULTI-CONF".split()
HIPAA = ["HIPAA-AUTH", "HIPAA-PSY"]
STATE = ["PA-MH", "PA-HIV"]


def may_sign(kind: str, signer: str, **facts) -> bool:
    return "signer" not in defects(form(kind, signer=signer), **facts)


@pytest.mark.parametrize("signer", ONESELF)
def test_the_person_signs_under_whatever_name_they_are_called(signer):
    assert may_sign("P2-SPEC", signer)
    assert may_sign("VS-REL", signer)
    assert not may_sign("P2-SPEC", signer, adjudicated_incapacity=True)
    assert not may_sign("P2-SPEC", signer, executor=True)
    assert not may_sign("VS-REL", signer, minor_age=16)


@pytest.mark.parametrize("signer", PARENTS)
def test_a_parent_signs_for_a_child_under_whatever_name(signer):
    assert may_sign("HIPAA-AUTH", signer, minor_age=17)
    assert not may_sign("HIPAA-AUTH", signer, minor_age=18)
    assert not may_sign("HIPAA-AUTH", signer, minor_age=17, parent_suspected_abuser=True)
    assert not may_sign("HIPAA-AUTH", signer, minor_age=17, minor_consented_alone=True)


@pytest.mark.parametrize("signer", TOGETHER)
@pytest.mark.parametrize("kind", [*PART2, *HIPAA, *STATE, "VS-REL"])
def test_a_minor_and_the_parent_together_may_sign_anything(kind, signer):
    assert may_sign(kind, signer, minor_age=16)


@pytest.mark.parametrize("signer", ABUSERS)
def test_who_harmed_the_person_signs_nothing_whatever_else_is_shown(signer):
    everything = {"executor": True, "adjudicated_incapacity": True, "minor_age": 3, **AGENT}

    assert not may_sign("HIPAA-AUTH", signer, **everything)
    assert forms.defects(form("HIPAA-AUTH", signer=signer), AT) == ("signer",)


def test_every_name_for_who_harmed_the_person_is_known_and_none_is_a_signers():
    assert set(ABUSERS) == signers.ABUSERS
    everybody = {
        *ONESELF,
        *PARENTS,
        *TOGETHER,
        *GUARDIANS,
        *REPRESENTATIVES,
        *EXECUTORS,
        *AGENTS,
        *FAMILY,
        "spouse",
    }
    assert not everybody & signers.ABUSERS


@pytest.mark.parametrize("signer", GUARDIANS)
def test_a_guardian_whom_a_court_appointed(signer):
    assert may_sign("HIPAA-AUTH", signer, **SURE)
    assert not may_sign("HIPAA-AUTH", signer)
    assert not may_sign("HIPAA-AUTH", signer, adjudicated_incapacity=True)
    assert may_sign("P2-SPEC", signer, adjudicated_incapacity=True, **SURE)
    assert not may_sign("P2-SPEC", signer, **SURE)
    assert may_sign("VS-REL", signer)
    assert not may_sign("VS-REL", signer, parent_suspected_abuser=True)


@pytest.mark.parametrize("signer", REPRESENTATIVES)
def test_a_representative_by_court_by_will_or_by_power(signer):
    for kind in (*HIPAA, *STATE):
        assert may_sign(kind, signer, adjudicated_incapacity=True, **SURE)
        assert may_sign(kind, signer, executor=True, **SURE)
        assert may_sign(kind, signer, **AGENT) is (kind in HIPAA)
        assert not may_sign(kind, signer, **SURE)
        assert not may_sign(kind, signer, adjudicated_incapacity=True)
        assert not may_sign(kind, signer, executor=True)
        assert not may_sign(kind, signer, hcpoa_active=True)
    assert may_sign("P2-SPEC", signer, executor=True)
    assert may_sign("P2-SPEC", signer, adjudicated_incapacity=True, **SURE)
    assert not may_sign("P2-SPEC", signer, **AGENT)


@pytest.mark.parametrize("signer", EXECUTORS)
def test_an_executor(signer):
    assert may_sign("HIPAA-AUTH", signer, executor=True, **SURE)
    assert not may_sign("HIPAA-AUTH", signer, executor=True)
    assert not may_sign("HIPAA-AUTH", signer, **SURE)
    assert may_sign("P2-SPEC", signer, executor=True)
    assert not may_sign("P2-SPEC", signer, **SURE)


@pytest.mark.parametrize("signer", AGENTS)
def test_who_holds_a_health_care_power_acts_under_hipaa_alone(signer):
    assert may_sign("HIPAA-AUTH", signer, **AGENT)
    assert not may_sign("HIPAA-AUTH", signer, **SURE)
    assert not may_sign("HIPAA-AUTH", signer, hcpoa_active=True)
    for kind in ("P2-SPEC", "PA-MH", "VS-REL"):
        assert not may_sign(kind, signer, **AGENT)


@pytest.mark.parametrize("kind", PART2)
def test_for_the_dead_the_spouse_and_then_the_family_sign_part_2_forms(kind):
    assert may_sign(kind, "spouse", spouse_no_executor=True)
    assert not may_sign(kind, "spouse")
    for signer in FAMILY:
        assert may_sign(kind, signer, **DEAD)
        assert may_sign(kind, signer, death_suspected_crime=True)
        assert not may_sign(kind, signer)
        assert not may_sign(kind, signer, spouse_no_executor=True, **DEAD)
        assert not may_sign(kind, signer, executor=True, **DEAD)


@pytest.mark.parametrize("kind", [*HIPAA, *STATE, "VS-REL"])
def test_for_the_dead_nobody_of_the_family_signs_other_forms(kind):
    assert not may_sign(kind, "spouse", spouse_no_executor=True, **DEAD)
    for signer in FAMILY:
        assert not may_sign(kind, signer, **DEAD)


def test_the_dead_are_known_by_what_they_are_asked_about_for():
    consent = form("P2-SPEC", signer="family", purposes=frozenset({"HDECD"}))

    assert forms.defects(consent, AT, asked(consent)) == ()


@pytest.mark.parametrize("kind", STATE)
def test_the_states_forms_are_a_parents_to_sign_until_fourteen(kind):
    assert may_sign(kind, "parent", minor_age=13)
    assert not may_sign(kind, "parent", minor_age=14)
    assert may_sign(kind, "parent", minor_age=14, parent_consented_to_care=True)


def test_nobody_suspected_of_abuse_represents_anybody():
    for signer in (*GUARDIANS, *REPRESENTATIVES, *EXECUTORS, *AGENTS):
        assert not may_sign("HIPAA-AUTH", signer, executor=True, parent_suspected_abuser=True, **AGENT)


@pytest.mark.parametrize(
    "signer",
    [*ONESELF, *PARENTS, *TOGETHER, *GUARDIANS, *REPRESENTATIVES, *EXECUTORS, *AGENTS, "spouse", *FAMILY],
)
def test_without_a_question_every_possible_signer_is_taken(signer):
    assert forms.defects(form("HIPAA-AUTH", signer=signer), AT) == ()


def test_a_form_may_be_measured_under_another_law_than_its_own():
    consent = form("P2-SPEC", signer="spouse")
    question = asked(consent, spouse_no_executor=True)

    assert signers.may_sign(consent, question)
    assert not signers.may_sign(consent, question, under="HIPAA")
    assert forms.health_defects(consent, AT, question) == ("signer",)
