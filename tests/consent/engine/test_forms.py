"""Forms: every element, every end, every company and every signer that makes one void, and those that don't."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from consent.engine import forms
from consent.engine.facts import Actor, Asked, Consent, Recipient, Source

SIGNED = datetime(2026, 3, 1, 5, tzinfo=UTC)  # midnight in New York
AT = SIGNED + timedelta(days=5)
INSTANT = timedelta(microseconds=1)
WHOLE = {
    "HIPAA-AUTH": ("employer", {"CASE"}, {"X-EMPLOY"}),
    "HIPAA-PSY": ("treating_provider_ce", {"PSYNOTE"}, {"TREAT"}),
    "P2-TPO": ("treating_provider_ce", {"SUDP2"}, {"TREAT"}),
    "P2-SPEC": ("employer", {"SUDP2"}, {"X-EMPLOY"}),
    "P2-NOTES": ("treating_provider_ce", {"SUDP2N"}, {"TREAT"}),
    "P2-PROC": ("prosecutor", {"SUDP2"}, {"X-PROCEEDING"}),
    "P2-CJ35": ("court", {"SUDP2"}, {"X-CJ-MONITOR"}),
    "VS-REL": ("law_enforcement", {"VSP"}, {"X-VICTIMSVC"}),
    "PA-MH": ("family_involved", {"MHPA"}, {"FAMRQT"}),
    "PA-HIV": ("family_involved", {"HIV"}, {"FAMRQT"}),
    "MULTI-CONF": ("treating_provider_ce", {"CASE"}, {"COC"}),
}
NEEDED = [(form, key) for form in WHOLE for key in forms.KEYS[form]]


def form(kind: str, **changes) -> Consent:
    recipient, segments, purposes = WHOLE[kind]
    whole = Consent(
        id="0", form=kind, signed_at=SIGNED, ends_at=SIGNED + timedelta(days=25), recipients=(recipient,),
        segments=frozenset(segments), purposes=frozenset(purposes), sources=("POST",),
        revocable_on="final_disposition" if kind == "P2-CJ35" else None,
    )  # fmt: skip
    return replace(whole, **changes)


def asked(consent: Consent, **facts) -> Asked:
    return Asked(
        actor=Actor(id="a", role="post_peer"), source=Source(program="POST"), recipient=Recipient(type=consent.recipients[0]),
        purpose=next(iter(consent.purposes)), segments=consent.segments, at=AT, consents=(consent,), closed_world=True,
        facts={"cj_condition": True, "recipient_monitoring_duty": True} | facts,
    )  # fmt: skip


def defects(consent: Consent, at: datetime = AT, **facts) -> tuple[str, ...]:
    return forms.defects(consent, at, asked(consent, **facts))


@pytest.mark.parametrize("kind", WHOLE)
def test_a_whole_form_is_valid(kind):
    assert defects(form(kind)) == ()
    assert forms.health_defects(form(kind), AT) == ()


@pytest.mark.parametrize(("kind", "key"), NEEDED)
def test_a_form_without_one_of_its_keys_is_void_and_names_it(kind, key):
    present = frozenset(forms.EVERY_KEY) - {key}

    assert defects(form(kind, elements_missing=(key,))) == (key,)
    assert defects(form(kind, elements=present)) == (key,)


@pytest.mark.parametrize("kind", WHOLE)
def test_a_form_of_which_nothing_was_filled_in_is_void(kind):
    assert set(forms.KEYS[kind]) <= set(defects(form(kind, elements=frozenset())))


@pytest.mark.parametrize(
    ("kind", "recipients", "purposes", "key"),
    [
        ("P2-TPO", ("treating_provider_ce",), {"TREAT"}, "p.cestmt"),
        ("P2-SPEC", ("treating_provider_ce",), {"TREAT"}, "p.cestmt"),
        ("P2-SPEC", ("treating_provider_ce",), {"TREAT"}, "p.redisc"),
        ("P2-SPEC", ("treating_provider_ce",), {"TREAT"}, "p.refuse"),
        ("P2-SPEC", ("intermediary",), {"GOV"}, "p.intermediary"),
    ],
)
def test_a_key_that_depends_on_what_the_form_says(kind, recipients, purposes, key):
    consent = form(kind, recipients=recipients, purposes=frozenset(purposes), elements_missing=(key,))

    assert defects(consent) == (key,)


@pytest.mark.parametrize("key", ["p.cestmt", "p.redisc", "p.refuse", "p.intermediary"])
def test_a_specific_consent_outside_care_needs_no_statement_about_care(key):
    assert defects(form("P2-SPEC", elements_missing=(key,))) == ()


def test_a_recipient_that_is_never_covered_needs_no_statement_on_covered_entities():
    consent = form("P2-TPO", recipients=("treating_provider_nonce",), elements_missing=("p.cestmt",))

    assert defects(consent) == ()


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("HIPAA-AUTH", "h.expiry"), ("HIPAA-PSY", "h.expiry"), ("P2-TPO", None), ("P2-SPEC", "p.expiry"),
        ("P2-NOTES", "p.expiry"), ("P2-PROC", "p.expiry"), ("P2-CJ35", "p.expiry"), ("VS-REL", "v.end"),
        ("PA-MH", "m.end"), ("PA-HIV", "v7.expiry"), ("MULTI-CONF", "c.expiry"),
    ],
)  # fmt: skip
def test_a_form_without_an_end(kind, key):
    found = defects(form(kind, ends_at=None))

    assert found == ((key,) if key else ())


@pytest.mark.parametrize("kind", [k for k in WHOLE if k not in ("VS-REL", "PA-MH")])
def test_an_event_is_an_end_where_a_date_is_not_asked_for(kind):
    ends_by_event = form(kind, ends_at=None, end_event="final_disposition")

    assert defects(ends_by_event) == ()
    assert "expired" in defects(ends_by_event, final_disposition_reached=True)


@pytest.mark.parametrize("kind", ["VS-REL", "PA-MH"])
def test_an_event_is_no_end_where_the_law_wants_a_date(kind):
    assert defects(form(kind, ends_at=None, end_event="moving_out")) != ()


@pytest.mark.parametrize("kind", WHOLE)
def test_a_form_ends_at_its_end_and_not_before(kind):
    consent = form(kind)

    assert defects(consent, consent.ends_at - INSTANT) == ()
    assert defects(consent, consent.ends_at) == ("expired",)
    assert defects(consent, SIGNED) == ()
    assert defects(consent, SIGNED - INSTANT) == ("not_yet_signed",)


@pytest.mark.parametrize(
    ("kind", "recipient", "days"),
    [
        ("P2-SPEC", "employer", 365), ("P2-SPEC", "landlord_housing", 180), ("P2-SPEC", "prosecutor", 180),
        ("P2-SPEC", "law_enforcement", 180), ("MULTI-CONF", "treating_provider_ce", 180), ("VS-REL", "court", 30),
        ("PA-MH", "family_involved", 365),
    ],
)  # fmt: skip
def test_a_longer_form_is_capped_and_not_void(kind, recipient, days):
    long = form(kind, recipients=(recipient,), ends_at=SIGNED + timedelta(days=1000))
    cap = (SIGNED.astimezone(forms.LOCAL_TIME) + timedelta(days=days)).astimezone(UTC)

    assert forms.end_of(long) == cap
    assert defects(long, cap - INSTANT) == ()
    assert defects(long, cap) == ("expired",)


@pytest.mark.parametrize("kind", ["HIPAA-AUTH", "P2-TPO", "P2-NOTES", "P2-PROC", "P2-CJ35", "PA-HIV"])
def test_no_maximum_where_none_was_set(kind):
    assert forms.end_of(form(kind, ends_at=SIGNED + timedelta(days=5000))) == SIGNED + timedelta(days=5000)


def test_a_form_signed_on_a_leap_day_lives_its_days():
    leap = datetime(2028, 2, 29, 5, tzinfo=UTC)
    consent = form("P2-SPEC", signed_at=leap, ends_at=None, end_event="moving_out")

    assert forms.end_of(consent) == datetime(2029, 2, 28, 5, tzinfo=UTC)


def test_the_change_of_clocks_does_not_move_a_date():
    consent = form(
        "VS-REL", signed_at=datetime(2026, 3, 1, 5, tzinfo=UTC), ends_at=SIGNED + timedelta(days=90)
    )

    assert forms.end_of(consent) == datetime(2026, 3, 31, 4, tzinfo=UTC)


@pytest.mark.parametrize("field", ["signed_at", "ends_at", "revoked_at", "revocable_on"])
def test_an_instant_without_a_zone_is_none(field):
    assert "naive_time" in defects(form("P2-CJ35", **{field: datetime(2026, 3, 2)}))  # noqa: DTZ001


# --- revocation -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [k for k in WHOLE if k != "P2-CJ35"])
@pytest.mark.parametrize("how", ["written", "oral", "phone", None])
def test_a_revocation_counts_at_once_in_whatever_way(kind, how):
    consent = form(kind, revoked_at=AT, revoked_how=how)

    assert defects(consent, AT - INSTANT) == ()
    assert defects(consent, AT) == ("revoked",)


@pytest.mark.parametrize(
    ("revocable_on", "facts", "found"),
    [
        ("final_disposition", {}, ()),
        ("final_disposition", {"final_disposition_reached": True}, ("revoked",)),
        (AT, {}, ("revoked",)),
        (AT + INSTANT, {}, ()),
        (None, {}, ("revoked",)),
    ],
)
def test_a_criminal_justice_consent_is_revoked_when_it_says_it_can_be(revocable_on, facts, found):
    consent = form("P2-CJ35", revoked_at=SIGNED + INSTANT, revoked_how="written", revocable_on=revocable_on)

    assert defects(consent, **facts) == found


@pytest.mark.parametrize(("how", "process", "found"), [
    ("written", "none", ("revoked",)), (None, "none", ("revoked",)), ("oral", "none", ()), ("phone", "none", ()),
    ("written", "court_order", ()),
])  # fmt: skip
def test_under_hipaa_it_ends_on_paper_unless_a_court_orders_the_reports(how, process, found):
    consent = form("P2-CJ35", revoked_at=AT, revoked_how=how)

    assert forms.health_defects(consent, AT, replace(asked(consent), process=process)) == found
    assert forms.health_defects(consent, AT - INSTANT, replace(asked(consent), process=process)) == ()


# --- company ----------------------------------------------------------------------------------------

# Section 3.10, with what it says of the form in the row; a general or specific Part 2 consent stands by itself.
TABLE = {
    "HIPAA-AUTH": "HIPAA-AUTH P2-TPO P2-SPEC P2-PROC P2-CJ35 PA-MH PA-HIV MULTI-CONF",
    "HIPAA-PSY": "HIPAA-PSY",
    "P2-TPO": " ".join(WHOLE),
    "P2-SPEC": " ".join(WHOLE),
    "P2-NOTES": "P2-NOTES",
    "P2-PROC": "HIPAA-AUTH",
    "P2-CJ35": "HIPAA-AUTH",
    "VS-REL": "",
    "PA-MH": " ".join(WHOLE),
    "PA-HIV": " ".join(WHOLE),
    "MULTI-CONF": "MULTI-CONF HIPAA-AUTH P2-SPEC PA-MH PA-HIV",
}


@pytest.mark.parametrize("kind", WHOLE)
@pytest.mark.parametrize("beside", WHOLE)
def test_what_may_share_a_sheet(kind, beside):
    found = defects(form(kind, combined_with=(beside,)))

    assert found == (() if beside in TABLE[kind].split() else ("combined",))


@pytest.mark.parametrize("kind", WHOLE)
def test_services_may_not_hang_on_signing(kind):
    void = {"HIPAA-AUTH", "HIPAA-PSY", "P2-NOTES", "VS-REL", "MULTI-CONF"}

    assert defects(form(kind, conditioned_on_services=True)) == (("conditioned",) if kind in void else ())
    assert forms.health_defects(form(kind, conditioned_on_services=True), AT) == ("conditioned",)


# --- lines and conditions -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"recipients": ("treating_provider_ce", "health_plan")}, ("c.to",)),
        ({"recipient_ids": ("a", "b")}, ("c.to",)),
        ({"segments": frozenset({"SUDP2N"})}, ("forbidden_segment",)),
        ({"segments": frozenset({"PSYNOTE"})}, ("forbidden_segment",)),
        ({"segments": frozenset({"VSP"})}, ("forbidden_segment",)),
        ({"segments": frozenset({"PROTADDR"})}, ("forbidden_segment",)),
        ({"segments": frozenset({"SUDP2"})}, ()),
        ({"recipients": ("law_enforcement",), "segments": frozenset({"MH"})}, ("forbidden_segment",)),
        ({"recipients": ("prosecutor",), "segments": frozenset({"RISK"})}, ("forbidden_segment",)),
        ({"recipients": ("law_enforcement",), "segments": frozenset({"DEM", "ENROLL"})}, ()),
        ({"recipients": ("media_public",), "segments": frozenset({"MED"})}, ("forbidden_segment",)),
        ({"purposes": frozenset({"X-PROCEEDING"})}, ("forbidden_purpose",)),
        ({"purposes": frozenset({"X-LE-LOCATE"})}, ("forbidden_purpose",)),
        ({"purposes": frozenset({"X-CJ-MONITOR"})}, ("forbidden_purpose",)),
    ],
)
def test_a_line_of_a_conference_release(changes, found):
    assert defects(form("MULTI-CONF", **changes)) == found


def test_one_victims_release_names_one_agency():
    assert defects(form("VS-REL", recipients=("court", "hmis"))) == ("v.to",)
    assert defects(form("VS-REL", recipient_ids=("a", "b"))) == ("v.to",)


def test_a_criminal_justice_consent_needs_a_condition_and_a_duty():
    consent = form("P2-CJ35")

    assert defects(consent, cj_condition=False) == ("cj35.condition",)
    assert defects(consent, recipient_monitoring_duty=False) == ("cj35.monitors",)
    assert forms.defects(consent, AT) == ()


# --- signers ----------------------------------------------------------------------------------------

SURE = {"verified_authority": True}
HERS = {"minor_age": 15, "minor_consented_alone": True}


@pytest.mark.parametrize(
    ("kind", "signer", "facts", "valid"),
    [
        ("P2-SPEC", "patient", {}, True),
        ("P2-SPEC", "minor_patient", {"minor_age": 13}, True),
        ("P2-SPEC", "patient", {"adjudicated_incapacity": True}, False),
        ("P2-SPEC", "parent", {"minor_age": 13}, False),
        ("P2-SPEC", "parent", {"minor_age": 13, "parent_consented_to_care": True}, False),
        ("P2-SPEC", "minor_and_parent", {"minor_age": 13}, True),
        ("P2-SPEC", "personal_rep", {"adjudicated_incapacity": True, **SURE}, True),
        ("P2-SPEC", "personal_rep", {"adjudicated_incapacity": True}, False),
        ("P2-SPEC", "personal_rep", {"hcpoa_active": True, **SURE}, False),
        ("P2-SPEC", "hcpoa_agent", {"hcpoa_active": True, **SURE}, False),
        ("P2-SPEC", "court_appointed_guardian", {"adjudicated_incapacity": True, **SURE}, True),
        ("P2-SPEC", "court_appointed_guardian", SURE, False),
        ("P2-SPEC", "executor", {"executor": True}, True),
        ("P2-SPEC", "executor", {}, False),
        ("P2-SPEC", "spouse", {"spouse_no_executor": True}, True),
        ("P2-SPEC", "spouse", {}, False),
        ("P2-SPEC", "family_member", {"target_class": "decedent"}, True),
        ("P2-SPEC", "family_member", {"target_class": "decedent", "spouse_no_executor": True}, False),
        ("P2-SPEC", "family_member", {"target_class": "decedent", "executor": True}, False),
        ("P2-SPEC", "family_member", {}, False),
        ("P2-SPEC", "abusive_parent", {"minor_age": 3}, False),
        ("P2-SPEC", "somebody", SURE, False),
        ("HIPAA-AUTH", "parent", {"minor_age": 17}, True),
        ("HIPAA-AUTH", "parent", {"minor_age": 18}, False),
        ("HIPAA-AUTH", "parent", {}, False),
        ("HIPAA-AUTH", "parent", HERS, False),
        ("HIPAA-AUTH", "parent", {"minor_age": 3, "parent_suspected_abuser": True}, False),
        ("HIPAA-AUTH", "hcpoa_agent", {"hcpoa_active": True, **SURE}, True),
        ("HIPAA-AUTH", "personal_rep", {"hcpoa_active": True, **SURE}, True),
        ("HIPAA-AUTH", "personal_rep", {"hcpoa_active": True}, False),
        (
            "HIPAA-AUTH",
            "personal_rep",
            {"hcpoa_active": True, **SURE, "parent_suspected_abuser": True},
            False,
        ),
        ("HIPAA-AUTH", "spouse", {"spouse_no_executor": True}, False),
        ("HIPAA-AUTH", "executor", {"executor": True, **SURE}, True),
        ("HIPAA-AUTH", "executor", {"executor": True}, False),
        ("HIPAA-AUTH", "court_appointed_guardian", SURE, True),
        ("PA-MH", "parent", {"minor_age": 13}, True),
        ("PA-MH", "parent", {"minor_age": 14}, False),
        ("PA-MH", "parent", {"minor_age": 14, "parent_consented_to_care": True}, True),
        ("PA-MH", "parent", {"parent_consented_to_care": True, **HERS}, False),
        ("PA-MH", "personal_rep", {"hcpoa_active": True, **SURE}, False),
        ("VS-REL", "patient", {}, True),
        ("VS-REL", "patient", {"minor_age": 16}, False),
        ("VS-REL", "patient", HERS, True),
        ("VS-REL", "minor_and_parent", {"minor_age": 16}, True),
        ("VS-REL", "parent", {"minor_age": 1}, False),
        ("VS-REL", "court_appointed_guardian", {}, True),
        ("VS-REL", "court_appointed_guardian", {"signer_is_abuser": True}, False),
        ("VS-REL", "minor_and_parent", {"minor_age": 16, "parent_suspected_abuser": True}, False),
        ("VS-REL", "abusive_parent", {"minor_age": 1}, False),
        ("VS-REL", "personal_rep", SURE, False),
    ],
)
def test_who_may_sign(kind, signer, facts, valid):
    assert defects(form(kind, signer=signer), **facts) == (() if valid else ("signer",))


def test_without_a_question_only_the_impossible_signer_is_refused():
    assert forms.defects(form("HIPAA-AUTH", signer="parent"), AT) == ()
    assert forms.defects(form("HIPAA-AUTH", signer="abuser"), AT) == ("signer",)
    assert forms.defects(form("HIPAA-AUTH", signer="somebody"), AT) == ("signer",)


# --- what a form covers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("purposes", "purpose", "covered"),
    [
        ({"TREAT"}, "COC", True), ({"TREAT"}, "ERTREAT", True), ({"TREAT"}, "HPAYMT", False), ({"HOPERAT"}, "TRAIN", True),
        ({"HPAYMT"}, "HPAYMT", True), ({"COC"}, "TREAT", False), ({"X-PROCEEDING"}, "X-PROCEEDING", False), (set(), "TREAT", False),
    ],
)  # fmt: skip
def test_a_general_consent_names_families_of_purposes(purposes, purpose, covered):
    assert forms.covers_purpose(form("P2-TPO", purposes=frozenset(purposes)), purpose) is covered
    assert forms.covers_purpose(form("P2-SPEC", purposes=frozenset(purposes)), purpose) is (
        purpose in purposes
    )


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"recipients": ("court",)}, True), ({"recipients": ("employer",)}, False), ({"recipients": ()}, False),
        ({"recipients": ("court",), "recipient_ids": ("org-1",)}, True),
        ({"recipients": ("court",), "recipient_ids": ("org-2",)}, False),
        ({"recipients": (), "recipient_ids": ("org-1",)}, True),
        ({"lines": (("court", "org-1"), ("employer", "org-2"))}, True),
        ({"lines": (("court", "org-2"), ("employer", "org-1"))}, False),
        ({"lines": (("court", ""),)}, True),
    ],
)  # fmt: skip
def test_a_recipient_is_named_by_type_and_by_organization(changes, named):
    assert forms.names(form("P2-SPEC", **changes), "court", frozenset({"org-1"})) is named


@pytest.mark.parametrize(
    ("kind", "segments", "asked_for", "covered"),
    [
        ("P2-SPEC", {"SUDP2N"}, {"SUDP2N"}, False), ("P2-NOTES", {"SUDP2N"}, {"SUDP2N"}, True),
        ("P2-NOTES", {"SUDP2", "SUDP2N"}, {"SUDP2"}, False), ("HIPAA-PSY", {"PSYNOTE", "MH"}, {"MH"}, False),
        ("HIPAA-AUTH", {"PSYNOTE"}, {"PSYNOTE"}, False), ("PA-MH", {"PSYNOTE"}, {"PSYNOTE"}, True),
        ("P2-SPEC", {"SUDP2"}, {"ENROLL", "SUDP2"}, True), ("P2-SPEC", set(), {"SUDP2"}, False),
    ],
)  # fmt: skip
def test_notes_are_reached_by_their_own_forms_alone(kind, segments, asked_for, covered):
    consent = form(kind, segments=frozenset(segments))

    assert forms.covers(consent, asked(consent), consent.recipients[0], frozenset(asked_for)) is covered


def test_police_are_no_recipients_of_a_general_consent_and_a_stranger_program_is_no_source():
    police = form("P2-TPO", recipients=("law_enforcement",))
    elsewhere = form("P2-SPEC", sources=("LEAD",))

    assert not forms.covers(police, asked(police), "law_enforcement", frozenset({"SUDP2"}))
    assert not forms.covers(elsewhere, asked(elsewhere), "employer", frozenset({"SUDP2"}))
