"""Forms, word by word: each key, each kind of recipient, each segment, each end, against a table of its own."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from consent.engine import forms
from tests.consent.engine.test_forms import AT, INSTANT, SIGNED, WHOLE, asked, defects, form

ELSEWHERE = timezone(timedelta(hours=3))
BASIC = "p.name p.from p.info p.to p.purpose p.expiry p.sig p.date"
HIPAA = "h.info h.from h.to h.purpose h.expiry h.sig h.sigdate h.revoke h.cond h.redisc h.plain"
# `law/rules.md` section 3, written down once more.
KEYS = {
    "HIPAA-AUTH": HIPAA,
    "HIPAA-PSY": HIPAA,
    "P2-TPO": f"{BASIC} p.revoke p.redisc p.refuse p.cestmt",
    "P2-SPEC": f"{BASIC} p.revoke",
    "P2-NOTES": f"{BASIC} p.revoke p.notes_only",
    "P2-PROC": f"{BASIC} p.revoke p.proceeding p.standalone",
    "P2-CJ35": f"{BASIC} cj35.condition cj35.monitors cj35.period cj35.revocable_on cj35.use",
    "VS-REL": "v.who v.to v.what v.why v.end v.informed v.how v.sig v.date v.noncond",
    "PA-MH": "m.start m.end m.to m.purpose m.info m.sig m.staffsig m.verbal m.revoke",
    "PA-HIV": "v7.from v7.to v7.subject v7.purpose v7.info v7.hivnamed v7.sig v7.date v7.revoke v7.expiry",
    "MULTI-CONF": "c.to c.segments c.purpose c.expiry c.initials",
}
CAPPED = "law_enforcement le_co_response_partner corrections prosecutor court probation_parole landlord_housing".split()
NEVER_COVERED = (
    "treating_provider_nonce social_service_org landlord_housing family_involved employer court".split()
)
POLICE = "law_enforcement le_co_response_partner prosecutor police_app_user".split()
PUBLIC = "employer media_public elected_official insurer_nonhealth contractor vendor_no_agreement".split()
NOT_TO_POLICE = "MH MHPA COMMIT SUDP2 SUDNP2 RISK HIV".split()
NOT_TO_THE_PUBLIC = "MED MH MHPA COMMIT RISK SUDP2 SUDNP2 HIV STI REPRO GEN SDV EMS BILL".split()
NOT_FOR_TPO = (
    "law_enforcement le_co_response_partner corrections prosecutor court probation_parole employer landlord_housing "
    "police_app_user"
).split()
DISPOSED = (
    "final_disposition disposition dismissal charge_dismissed case_closed withdrawal_of_condition condition_withdrawn"
).split()


@pytest.mark.parametrize("kind", KEYS)
def test_an_empty_form_lacks_just_its_keys(kind):
    assert set(defects(form(kind, elements=frozenset()))) == set(KEYS[kind].split())
    assert set(defects(form(kind, elements=frozenset(KEYS[kind].split())))) == set()


def test_every_key_that_a_form_can_have_is_known():
    optional = "p.cestmt p.redisc p.refuse p.intermediary p.fundraise c.2way c.exclusions".split()

    assert {key for keys in KEYS.values() for key in keys.split()} | set(optional) == forms.EVERY_KEY
    assert tuple(HIPAA.split()) == forms.HIPAA_KEYS


def test_an_unknown_form_and_one_that_needs_nothing():
    assert forms.defects(replace(form("P2-SPEC"), form="NAPKIN"), AT) == ("unknown_form",)
    for kind in ("ORAL-510B", "RESTRICT"):
        nothing = replace(form("P2-SPEC"), form=kind, elements=frozenset(), ends_at=None)
        assert forms.defects(nothing, AT) == ()


# --- keys that depend ---------------------------------------------------------------------------------


@pytest.mark.parametrize("recipient", NEVER_COVERED)
def test_who_is_never_covered_needs_no_statement_on_covered_entities(recipient):
    assert defects(form("P2-TPO", recipients=(recipient,), elements_missing=("p.cestmt",))) == ()
    beside = form("P2-TPO", recipients=(recipient, "health_plan"), elements_missing=("p.cestmt",))
    assert defects(beside) == ("p.cestmt",)


def test_a_form_that_names_everybody_who_is_never_covered_needs_it_neither():
    assert (
        forms.defects(form("P2-TPO", recipients=tuple(NEVER_COVERED), elements_missing=("p.cestmt",)), AT)
        == ()
    )


def test_a_form_that_names_nobody_by_type_needs_the_statement_as_well():
    assert forms.defects(form("P2-TPO", recipients=(), elements_missing=("p.cestmt",)), AT) == ("p.cestmt",)


@pytest.mark.parametrize(
    ("kind", "purposes", "recipient", "needed"),
    [
        ("P2-TPO", {"TREAT"}, "treating_provider_ce", {"p.cestmt", "p.redisc", "p.refuse"}),
        ("P2-TPO", {"GOV"}, "treating_provider_ce", {"p.cestmt", "p.redisc", "p.refuse"}),
        ("P2-SPEC", {"TREAT"}, "treating_provider_ce", {"p.cestmt", "p.redisc", "p.refuse"}),
        ("P2-SPEC", {"TREAT", "GOV"}, "treating_provider_ce", {"p.cestmt", "p.redisc", "p.refuse"}),
        ("P2-SPEC", {"GOV"}, "treating_provider_ce", set()),
        ("P2-SPEC", {"TREAT"}, "employer", {"p.redisc", "p.refuse"}),
        ("P2-SPEC", {"TREAT"}, "intermediary", {"p.cestmt", "p.redisc", "p.refuse", "p.intermediary"}),
        ("P2-SPEC", {"GOV"}, "intermediary", {"p.intermediary"}),
        ("P2-NOTES", {"TREAT"}, "treating_provider_ce", set()),
        ("P2-NOTES", {"TREAT"}, "intermediary", {"p.intermediary"}),
        ("P2-PROC", {"TREAT"}, "intermediary", set()),
        ("HIPAA-AUTH", {"TREAT"}, "intermediary", set()),
    ],
)
def test_keys_that_depend_on_what_the_form_says(kind, purposes, recipient, needed):
    missing = ("p.cestmt", "p.redisc", "p.refuse", "p.intermediary")
    consent = form(kind, purposes=frozenset(purposes), recipients=(recipient,), elements_missing=missing)

    assert set(forms.defects(consent, AT)) == needed


def test_a_recipient_on_a_line_counts_as_named():
    consent = form(
        "P2-SPEC", recipients=(), lines=(("intermediary", "a"),), elements_missing=("p.intermediary",)
    )

    assert forms.types_named(consent) == {"intermediary"}
    assert forms.defects(consent, AT) == ("p.intermediary",)


# --- ends ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "purposes", "found"),
    [
        ("P2-SPEC", {"TREAT"}, ()), ("P2-SPEC", {"TREAT", "HRESCH"}, ()), ("P2-SPEC", {"HRESCH"}, ()), ("P2-SPEC", set(), ("p.expiry",)),
        ("P2-SPEC", {"TREAT", "GOV"}, ("p.expiry",)), ("P2-NOTES", {"TREAT"}, ("p.expiry",)), ("P2-PROC", {"TREAT"}, ("p.expiry",)),
        ("HIPAA-AUTH", {"HRESCH"}, ()), ("HIPAA-PSY", {"HRESCH"}, ()), ("HIPAA-AUTH", {"HRESCH", "TREAT"}, ("h.expiry",)),
        ("HIPAA-PSY", {"TREAT"}, ("h.expiry",)), ("VS-REL", {"HRESCH"}, ("v.end",)), ("PA-MH", {"HRESCH"}, ("m.end",)),
        ("PA-HIV", {"HRESCH"}, ("v7.expiry",)), ("MULTI-CONF", {"HRESCH"}, ("c.expiry",)), ("P2-TPO", set(), ()),
    ],
)  # fmt: skip
def test_where_no_end_is_needed(kind, purposes, found):
    assert forms.defects(form(kind, ends_at=None, purposes=frozenset(purposes)), AT) == found


def test_all_purposes_of_care_and_research_together_need_no_end():
    care = "TREAT ETREAT ERTREAT COC CAREMGT HPAYMT HOPERAT HQUALIMP HCOMPL HACCRED PATSFTY PERFMSR TRAIN"

    assert (
        forms.defects(form("P2-SPEC", ends_at=None, purposes=frozenset([*care.split(), "HRESCH"])), AT) == ()
    )


@pytest.mark.parametrize("kind", ["VS-REL", "PA-MH"])
def test_a_date_is_wanted_where_an_event_is_not_enough(kind):
    wanted = {"VS-REL": "v.end", "PA-MH": "m.end"}[kind]

    assert forms.defects(form(kind, ends_at=None, end_event="moving_out"), AT) == (wanted,)
    assert forms.defects(form(kind, end_event="moving_out"), AT) == ()


@pytest.mark.parametrize(
    "recipient", sorted({*CAPPED, "employer", "health_plan", "hmis", "police_app_user", "family_involved"})
)
def test_a_specific_consent_toward_justice_and_housing_lasts_half_a_year(recipient):
    days = 180 if recipient in CAPPED else 365

    assert forms.longest_life(form("P2-SPEC", recipients=(recipient,))) == timedelta(days=days)


@pytest.mark.parametrize(
    ("kind", "days"),
    [
        ("MULTI-CONF", 180),
        ("VS-REL", 30),
        ("PA-MH", 365),
        ("PA-HIV", None),
        ("P2-TPO", None),
        ("HIPAA-AUTH", None),
    ],
)
def test_the_local_maxima(kind, days):
    assert forms.longest_life(form(kind)) == (None if days is None else timedelta(days=days))


def test_the_sooner_of_both_ends_is_the_end_and_keeps_its_zone():
    sooner = form("VS-REL", ends_at=SIGNED + timedelta(days=3))
    capped = form(
        "VS-REL", ends_at=SIGNED + timedelta(days=900), signed_at=datetime(2026, 6, 1, 5, tzinfo=ELSEWHERE)
    )

    assert forms.end_of(sooner) == SIGNED + timedelta(days=3)
    assert forms.end_of(capped) == datetime(2026, 7, 1, 5, tzinfo=ELSEWHERE)
    assert forms.end_of(capped).tzinfo is ELSEWHERE


@pytest.mark.parametrize("event", DISPOSED)
def test_a_case_that_is_disposed_of_ends_a_form_that_names_it_in_whatever_words(event):
    consent = form("P2-CJ35", ends_at=None, end_event=event)

    assert defects(consent) == ()
    assert defects(consent, final_disposition_reached=True) == ("expired",)


def test_an_event_that_is_a_fact_ends_a_form_when_it_is_shown():
    consent = form("P2-SPEC", ends_at=None, end_event="released_from_custody")

    assert defects(consent, final_disposition_reached=True) == ()
    assert defects(consent, released_from_custody=True) == ("expired",)
    assert defects(form("P2-SPEC"), released_from_custody=True) == ()
    assert forms.defects(consent, AT) == ()


@pytest.mark.parametrize(
    ("revocable_on", "facts", "at", "found"),
    [
        ("released_from_custody", {}, AT, ()),
        ("released_from_custody", {"released_from_custody": True}, AT, ("revoked",)),
        ("released_from_custody", {"final_disposition_reached": True}, AT, ("revoked",)),
        (AT, {"final_disposition_reached": True}, AT - INSTANT, ()),
        (AT, {}, AT, ("revoked",)),
    ],
)
def test_a_monitoring_consent_is_revoked_when_it_says(revocable_on, facts, at, found):
    consent = form("P2-CJ35", revoked_at=SIGNED, revocable_on=revocable_on)

    assert defects(consent, at, **facts) == found


def test_without_a_question_a_monitoring_consent_that_waits_for_an_event_holds():
    consent = form("P2-CJ35", revoked_at=SIGNED, revocable_on="final_disposition")

    assert not forms.is_revoked(consent, AT)
    assert forms.defects(consent, AT) == ()
    assert not forms.is_revoked(form("P2-SPEC"), AT)
    assert forms.is_revoked(form("P2-SPEC", revoked_at=AT, revocable_on="final_disposition"), AT)


# --- company, lines, conditions -------------------------------------------------------------------------


def test_what_may_share_a_sheet_with_an_authorization_or_a_conference_release():
    for beside in ("ORAL-510B", "RESTRICT"):
        assert defects(form("HIPAA-AUTH", combined_with=(beside,))) == ()
        assert defects(form("MULTI-CONF", combined_with=(beside,))) == ("combined",)
    assert defects(form("HIPAA-AUTH", combined_with=("P2-NOTES", "HIPAA-AUTH"))) == ("combined",)


@pytest.mark.parametrize("recipient", [*POLICE, *PUBLIC, "treating_provider_ce", "court"])
def test_what_may_stand_on_a_line(recipient):
    for segment in sorted({*NOT_TO_POLICE, *NOT_TO_THE_PUBLIC, "DEM", "CASE", "LOC"}):
        barred = (recipient in POLICE and segment in NOT_TO_POLICE) or (
            recipient in PUBLIC and segment in NOT_TO_THE_PUBLIC
        )
        found = defects(form("MULTI-CONF", recipients=(recipient,), segments=frozenset({segment})))
        assert found == (("forbidden_segment",) if barred else ()), segment


@pytest.mark.parametrize(
    "purpose", "X-PROCEEDING X-LE-INVESTIGATE X-LE-PROCESS HLEGAL X-CJ-MONITOR X-LE-SAFETY".split()
)
def test_a_conference_release_is_for_no_proceeding(purpose):
    assert defects(form("MULTI-CONF", purposes=frozenset({purpose}))) == ("forbidden_purpose",)
    assert defects(form("MULTI-CONF", purposes=frozenset({purpose, "COC"}))) == ("forbidden_purpose",)


def test_a_conference_release_has_one_recipient_on_a_line():
    one, two = (("court", "a"),), (("court", "a"), ("hmis", "b"))

    assert forms.defects(form("MULTI-CONF", recipients=(), lines=one), AT) == ()
    assert forms.defects(form("MULTI-CONF", recipients=("court",), lines=two), AT) == ("c.to",)
    assert forms.defects(form("MULTI-CONF", recipients=("court", "hmis")), AT) == ("c.to",)
    assert forms.defects(form("MULTI-CONF", recipients=("court", "hmis"), lines=one), AT) == ()
    assert forms.defects(form("MULTI-CONF", recipient_ids=("a",)), AT) == ()
    assert forms.defects(form("MULTI-CONF", recipient_ids=("a", "b")), AT) == ("c.to",)


def test_one_victims_release_names_one_agency_and_one_organization():
    assert forms.defects(form("VS-REL", recipients=("court",), recipient_ids=("a",)), AT) == ()
    assert forms.defects(form("VS-REL", recipients=("court", "hmis")), AT) == ("v.to",)
    assert forms.defects(form("VS-REL", recipients=("court",), recipient_ids=("a", "b")), AT) == ("v.to",)
    assert forms.defects(form("P2-SPEC", recipients=("court", "hmis"), recipient_ids=("a", "b")), AT) == ()


def test_the_duty_to_monitor_is_asked_of_the_one_who_is_named():
    consent = form("P2-CJ35")
    named = asked(consent, recipient_monitoring_duty=False)
    somebody_else = replace(named, recipient=replace(named.recipient, type="prosecutor"))

    assert forms.defects(consent, AT, named) == ("cj35.monitors",)
    assert forms.defects(consent, AT, somebody_else) == ()
    assert defects(consent, cj_condition=False, recipient_monitoring_duty=False) == (
        "cj35.condition",
        "cj35.monitors",
    )


# --- HIPAA's leg -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["P2-CJ35", "P2-SPEC", "HIPAA-AUTH"])
@pytest.mark.parametrize(
    ("how", "on_paper"), [("written", True), (None, True), ("oral", False), ("phone", False)]
)
def test_hipaas_leg_ends_on_paper_for_a_monitoring_consent_alone(kind, how, on_paper):
    consent = form(kind, revoked_at=AT, revoked_how=how)

    assert forms.revoked_in_writing(consent, AT) is on_paper
    assert not forms.revoked_in_writing(consent, AT - INSTANT)
    assert not forms.revoked_in_writing(form(kind), AT)
    assert forms.health_defects(consent, AT) == (("revoked",) if on_paper and kind == "P2-CJ35" else ())


@pytest.mark.parametrize("key", HIPAA.split())
def test_hipaas_leg_needs_every_element_of_an_authorization(key):
    assert forms.health_defects(form("P2-SPEC", elements_missing=(key,)), AT) == (key,)


def test_hipaas_leg_names_each_defect_once_and_in_order():
    void = form("P2-SPEC", elements_missing=("h.to", "h.from"), conditioned_on_services=True, signer="abuser")

    assert forms.health_defects(void, AT) == ("conditioned", "h.from", "h.to", "signer")


def test_hipaas_leg_is_signed_by_whom_hipaa_lets_sign():
    agent, spouse = form("P2-SPEC", signer="hcpoa_agent"), form("P2-SPEC", signer="spouse")
    shown = {"hcpoa_active": True, "verified_authority": True, "spouse_no_executor": True}

    assert forms.health_defects(agent, AT, asked(agent, **shown)) == ()
    assert forms.defects(agent, AT, asked(agent, **shown)) == ("signer",)
    assert forms.health_defects(spouse, AT, asked(spouse, **shown)) == ("signer",)
    assert forms.defects(spouse, AT, asked(spouse, **shown)) == ()


# --- what it covers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("recipient", [*NOT_FOR_TPO, "health_plan", "treating_provider_ce", "hmis"])
def test_for_whom_a_general_consent_is_none(recipient):
    consent = form("P2-TPO", recipients=(recipient,))
    specific = form("P2-SPEC", recipients=(recipient,), purposes=frozenset({"TREAT"}))

    assert forms.covers(consent, asked(consent), recipient, frozenset({"SUDP2"})) is (
        recipient not in NOT_FOR_TPO
    )
    assert forms.covers(specific, asked(specific), recipient, frozenset({"SUDP2"}))


def test_a_recipient_is_known_by_id_or_by_organization_and_nobody_by_an_empty_name():
    consent = form("P2-SPEC", recipient_ids=("org-1",))
    question = asked(consent)
    label = frozenset({"SUDP2"})

    def covers(**recipient):
        return forms.covers(
            consent, replace(question, recipient=replace(question.recipient, **recipient)), "employer", label
        )

    assert covers(id="org-1")
    assert covers(organization="org-1")
    assert not covers()
    assert not covers(id="org-2")
    nameless = form("P2-SPEC", recipient_ids=("",))
    assert not forms.covers(nameless, asked(nameless), "employer", label)


@pytest.mark.parametrize(
    ("kind", "on_it", "label", "covered"),
    [
        ("P2-NOTES", {"SUDP2N"}, "SUDP2N", True), ("P2-NOTES", {"SUDP2N", "SUDP2"}, "SUDP2", False),
        ("P2-NOTES", {"PSYNOTE"}, "PSYNOTE", False), ("HIPAA-PSY", {"PSYNOTE"}, "PSYNOTE", True),
        ("HIPAA-PSY", {"SUDP2N"}, "SUDP2N", False), ("HIPAA-PSY", {"PSYNOTE", "MH"}, "MH", False),
        ("P2-SPEC", {"SUDP2N"}, "SUDP2N", False), ("P2-SPEC", {"PSYNOTE"}, "PSYNOTE", False), ("PA-MH", {"PSYNOTE"}, "PSYNOTE", True),
        ("PA-MH", {"SUDP2N"}, "SUDP2N", False), ("PA-MH", {"MH"}, "MH", True), ("HIPAA-AUTH", {"MH", "PSYNOTE"}, "MH", True),
    ],
)  # fmt: skip
def test_which_form_reaches_which_notes(kind, on_it, label, covered):
    consent = form(kind, segments=frozenset(on_it))

    assert forms.covers(consent, asked(consent), consent.recipients[0], frozenset({label})) is covered


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"recipients": (), "recipient_ids": ("a",)}, True), ({"recipients": (), "recipient_ids": ("b",)}, False),
        ({"recipients": ("court",), "recipient_ids": ()}, True), ({"recipients": ("hmis",), "recipient_ids": ("a",)}, False),
        ({"recipients": (), "recipient_ids": ()}, False), ({"lines": (("court", "a"),), "recipients": ("hmis",)}, True),
        ({"lines": (("court", "b"),), "recipients": ("court",)}, False), ({"lines": (("hmis", ""),)}, False),
        ({"lines": (("court", ""),)}, True),
    ],
)  # fmt: skip
def test_who_is_named(changes, named):
    assert forms.names(form("P2-SPEC", **changes), "court", frozenset({"a"})) is named


@pytest.mark.parametrize(
    ("on_it", "covered"),
    [
        ("TREAT", "TREAT ETREAT ERTREAT COC CAREMGT"), ("HPAYMT", "HPAYMT"),
        ("HOPERAT", "HOPERAT HQUALIMP HCOMPL HACCRED PATSFTY PERFMSR TRAIN"), ("COC", "COC"), ("GOV", ""),
    ],
)  # fmt: skip
def test_what_a_purpose_of_a_general_consent_takes_in(on_it, covered):
    from consent.engine.vocabulary import PURPOSES

    consent = form("P2-TPO", purposes=frozenset({on_it}))

    assert {each for each in PURPOSES if forms.covers_purpose(consent, each)} == set(covered.split())


def test_the_forms_of_part_2_and_the_defects_that_are_no_keys():
    other = "expired not_yet_signed naive_time revoked combined conditioned signer forbidden_segment forbidden_purpose unknown_form"

    assert {"P2-TPO", "P2-SPEC", "P2-NOTES", "P2-PROC", "P2-CJ35", "MULTI-CONF"} == forms.PART2_FORMS
    assert set(other.split()) == forms.OTHER_DEFECTS
    assert set("X-PROCEEDING X-LE-INVESTIGATE X-LE-PROCESS HLEGAL X-CJ-MONITOR".split()) == forms.PROCEEDINGS
    assert WHOLE.keys() == KEYS.keys()
