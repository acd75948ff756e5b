"""Emergency access supplies facts; the law decides; it opens one client to one person for an hour."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from consent import access, services
from consent.access import NothingToTell
from consent.engine.decide import decide
from consent.models import (
    Compartment,
    EmergencyAccess,
    EmergencyAttempt,
    Grant,
    LedgerEntry,
    Principal,
    Restriction,
)
from consent.services import emergency, emergency_use
from consent.services.colleagues import Colleague
from consent.services.decisions import PACKS
from consent.services.emergency_use import FULFILLED, Emergency
from consent.services.standing import Standing
from tests import factories
from tests.consent import emergencies
from tests.consent.emergencies import make_subject, open_for, rows_of, seen_by

pytestmark = [pytest.mark.django_db, pytest.mark.side("clinical")]
NOW = timezone.now
CRISIS = {("DEM", "MH"), ("ENROLL", "MH"), ("MH",), ("MH", "RISK")}


@pytest.fixture
def scene():
    return emergencies.make_scene()


def segments_seen(principal, subject, **how):
    return {segments for who, segments in seen_by(principal, **how) if who == subject}


def ledger_of(subject=None, **question):
    from consent.services.ledger import pseudonym

    about = {"subject": pseudonym(subject)} if subject else {}
    with access.opened(
        factories.make_principal(role="compliance officer", program=factories.make_program("POST")), "HCOMPL"
    ):
        return list(LedgerEntry.objects.filter(**about, **question))


def test_it_opens_one_client_to_one_principal_to_read_for_emergency_treatment(scene):
    assert seen_by(scene.lind) == set()

    opening = open_for(scene.lind, scene.sam)

    assert opening.outcome == "opened"
    assert seen_by(scene.lind) == {(scene.sam, segments) for segments in CRISIS}
    assert seen_by(scene.lind, plan="gather") == {(scene.sam, segments) for segments in CRISIS}
    for purpose in ("TREAT", "CAREMGT", "HOPERAT", "THREAT"):
        assert seen_by(scene.lind, purpose=purpose) == set(), purpose
    assert not segments_seen(scene.pat, scene.sam)
    with access.opened("system:grants", "HOPERAT"):
        grants = list(Grant.objects.filter(content_object__subject_id=scene.sam))
    assert {grant.user_id for grant in grants} == {scene.lind.pk}
    assert not any(grant.writes for grant in grants)
    assert {grant.valid_until for grant in grants} == {opening.accesses[0].ends_at}
    assert all(
        {"rule": "hipaa.use.164.506c", "cite": grant.basis[0]["cite"]} in grant.basis for grant in grants
    )


@pytest.mark.parametrize("of_now", [-1, 0, 1], ids=["a microsecond after the end", "at the end", "before"])
@pytest.mark.parametrize("plan", ["gather", "walk"])
def test_the_database_closes_it_to_the_microsecond(scene, of_now, plan):
    ends_at = open_for(scene.lind, scene.sam).accesses[0].ends_at
    with access.opened(scene.lind, "ETREAT", plan=plan):
        now = transaction_now()
        with access.acting_as("system:grants"):
            for grant in Grant.objects.filter(user=scene.lind):
                assert grant.valid_until == ends_at
                grant.valid_from -= timedelta(minutes=60)
                grant.valid_until = now + timedelta(microseconds=of_now)
                grant.save()
        shown = Compartment.objects.filter(subject_id=scene.sam).exists()
        assert EmergencyAccess.objects.filter(principal=scene.lind).exists() is shown

    assert shown is (of_now > 0)
    for microseconds, is_running in ((-1, True), (0, False), (1, False)):
        moment = ends_at + timedelta(microseconds=microseconds)
        assert rows_of(scene.sam)[0].is_running(moment) is is_running


def transaction_now():
    from django.contrib.postgres.functions import TransactionNow

    return Principal.objects.annotate(now=TransactionNow()).values_list("now", flat=True)[0]


def test_ended_it_is_closed_the_next_instant_and_a_new_one_is_a_new_row(scene):
    row = open_for(scene.lind, scene.sam).accesses[0]

    with access.opened(scene.lind, "ETREAT"):
        assert emergency.end_emergency(row, by=scene.lind, at=NOW())
        assert not EmergencyAccess.objects.exists()
    assert seen_by(scene.lind) == set()
    with access.opened(scene.lind, "ETREAT"):
        assert not emergency.end_emergency(row, by=scene.lind, at=NOW())

    again = open_for(scene.lind, scene.sam)
    assert again.outcome == "opened"
    assert [each.pk for each in rows_of(scene.sam)] == [row.pk, again.accesses[0].pk]
    assert segments_seen(scene.lind, scene.sam) == CRISIS


def test_asked_for_again_while_it_runs_it_is_the_same_and_not_prolonged(scene):
    first = open_for(scene.lind, scene.sam, at=NOW() - timedelta(minutes=50))

    again = open_for(scene.lind, scene.sam, words="The same person, and another reason altogether")

    assert again.outcome == "running"
    assert [row.ends_at for row in rows_of(scene.sam)] == [first.accesses[0].ends_at]
    with access.opened("system:grants", "HOPERAT"):
        assert {grant.valid_until for grant in Grant.objects.all()} == {first.accesses[0].ends_at}


def test_what_else_changes_about_the_client_neither_ends_nor_prolongs_it(scene):
    row = open_for(scene.lind, scene.sam).accesses[0]
    colleague = factories.make_principal("cleo", role="social worker", program=scene.crisis)

    with access.opened("system:test", "CAREMGT"):
        services.assign(subject_id=scene.sam, program=scene.crisis, principal=colleague)

    assert segments_seen(scene.lind, scene.sam) == CRISIS
    with access.opened("system:grants", "HOPERAT"):
        assert {g.valid_until for g in Grant.objects.filter(user=scene.lind)} == {row.ends_at}


def test_somebody_on_the_care_team_keeps_what_they_have_when_it_ends(scene):
    with access.opened("system:test", "CAREMGT"):
        services.assign(subject_id=scene.sam, program=scene.crisis, principal=scene.lind)
    before = seen_by(scene.lind, purpose="CAREMGT")
    row = open_for(scene.lind, scene.sam).accesses[0]

    with access.opened(scene.lind, "ETREAT"):
        emergency.end_emergency(row, by=scene.lind, at=NOW())

    assert before
    assert seen_by(scene.lind, purpose="CAREMGT") == before


@pytest.mark.parametrize(
    ("who", "changed", "opens"),
    [
        # 42 CFR 2.51(a)(1): medical personnel, a medical emergency, consent that can't be had
        ("lind", {"treats": "medical"}, {("DEM", "SUDP2"), ("ENROLL", "SUDP2"), ("SUDP2",)}),
        ("lind", {"treats": "medical", "without_consent": "refused"}, set()),
        ("lind", {"treats": "self"}, set()),
        ("lind", {"treats": "medics", "told_name": "Medic 4", "told_facility": "City EMS"}, set()),
        # 42 CFR 2.12(c)(3): the program's own staff, on duty with the person
        ("pat", {"treats": "self"}, {("DEM", "SUDP2"), ("ENROLL", "SUDP2"), ("SUDP2",)}),
        ("pat", {"treats": "self", "without_consent": "refused"},
         {("DEM", "SUDP2"), ("ENROLL", "SUDP2"), ("SUDP2",)}),
    ],
)  # fmt: skip
def test_a_part_2_record_opens_as_far_as_its_emergency_rule_goes(scene, who, changed, opens):
    subject = make_subject(scene.overdose)
    asker = getattr(scene, who)

    opening = open_for(asker, subject, **changed)

    assert segments_seen(asker, subject) == opens
    assert opening.outcome == ("opened" if opens else "nothing")
    if changed["treats"] == "medical" and opens:
        bases = {b["rule"] for e in ledger_of(subject, action="decide", outcome="permit") for b in e.basis}
        assert "p2.emergency.2.51" in bases


def test_a_victims_record_opens_to_nobody_outside_its_unit(scene):
    subject = make_subject(scene.victims)

    for treats in ("self", "medical"):
        assert open_for(scene.lind, subject, treats=treats).outcome == "nothing"

    assert not segments_seen(scene.lind, subject)


@pytest.mark.parametrize("employer", ["police", "unknown"])
def test_somebody_paid_by_the_police_or_by_nobody_known_opens_no_note(scene, employer):
    scene.lind.employer = (
        factories.make_organization("Bureau", kind="law_enforcement", is_criminal_justice_agency=True)
        if employer == "police"
        else None
    )
    scene.lind.save()

    for treats in ("self", "medical"):
        open_for(scene.lind, scene.sam, treats=treats)
        open_for(scene.lind, make_subject(scene.overdose), treats=treats)

    assert seen_by(scene.lind) == set()


@pytest.mark.parametrize("segment", ["PSYNOTE", "SUDP2N"])
@pytest.mark.parametrize("role", ["cr_officer", "police_officer", "police_detective"])
def test_police_never_break_the_glass_on_counselling_notes(scene, segment, role):
    program = scene.crisis if segment == "PSYNOTE" else scene.overdose
    scope = services.compartments.scope_of(program, [segment])
    asked_for = Emergency(
        colleague=Colleague.of(scene.lind, NOW()), subject_id=scene.sam, said=emergencies.said(treats="medical"),
        started_at=NOW(), ends_at=NOW() + timedelta(minutes=60),
    )  # fmt: skip
    with access.opened("system:test", "ETREAT"):
        standing = Standing.of(scene.sam, program, NOW())
    for purpose in emergency_use.PURPOSES:
        for asked in emergency_use.questions(standing, scope, asked_for, purpose):
            decision = decide(replace(asked, actor=replace(asked.actor, role=role)), PACKS)
            assert decision.outcome == "deny"
            assert decision.reasons == ("eng.btg",)


def test_what_the_client_asked_to_limit_stays_closed_unless_treatment_needs_it(scene):
    with access.opened("system:test", "CAREMGT"):
        services.assign(subject_id=scene.sam, program=scene.crisis, principal=scene.lind)
    with access.opened(scene.lind, "TREAT"):
        Restriction.objects.create(
            compartment=Compartment.objects.filter(subject_id=scene.sam).first(), subject_id=scene.sam,
            program=scene.crisis, segments=["RISK"], agreed_by=scene.lind,
        )  # fmt: skip
    cleo = factories.make_principal("cleo", role="social worker", program=scene.crisis)

    open_for(cleo, scene.sam)
    assert segments_seen(cleo, scene.sam) == CRISIS - {("MH", "RISK")}
    with access.opened(cleo, "ETREAT"):
        emergency.end_emergency(rows_of(scene.sam)[0], by=cleo, at=NOW())
    open_for(cleo, scene.sam, needs_restricted=True)

    assert segments_seen(cleo, scene.sam) == CRISIS
    duties = {
        o["code"] for e in ledger_of(scene.sam, action="decide", outcome="permit") for o in e.obligations
    }
    assert "OBL-P2-EMERG-RESTRICT-ASK" in duties
    assert duties <= set(FULFILLED)


def test_medics_are_told_on_a_decision_of_their_own(scene):
    subject = make_subject(scene.overdose)

    open_for(scene.pat, subject, treats="medics", told_name="Medic Okafor", told_facility="City EMS, Medic 4")

    told = [e for e in ledger_of(subject, action="decide") if e.recipient == ""]
    assert len(told) == 3
    assert {b["rule"] for e in told for b in e.basis} >= {"p2.emergency.2.51"}
    assert all({"code": "OBL-P2-EMERG-DOC"} in e.obligations for e in told)
    row = rows_of(subject)[0]  # 2.51(c): to whom and where they work, by whom, when, what
    assert (row.told_name, row.told_facility) == ("Medic Okafor", "City EMS, Medic 4")
    assert (row.principal, row.nature) == (scene.pat, "overdose")
    assert row.started_at <= NOW()


def test_one_person_known_to_two_units_becomes_two_accesses(scene):
    there = make_subject(scene.overdose)

    opening = open_for(scene.lind, scene.sam, there, treats="medical")

    assert {row.subject_id for row in opening.accesses} == {scene.sam, there}
    assert segments_seen(scene.lind, there)
    assert segments_seen(scene.lind, scene.sam)
    assert not segments_seen(scene.lind, scene.robin)
    assert attempts_of(scene.lind) == [("opened", 2)]


def attempts_of(principal):
    with access.opened("system:emergency", "HCOMPL"):
        rows = EmergencyAttempt.objects.filter(principal=principal).order_by("pk")
        return list(rows.values_list("outcome", "opened"))


def test_every_compartment_has_its_receipt_and_the_ledger_holds_no_word(scene):
    words = "Canary words that must stand in no ledger"

    open_for(scene.lind, scene.sam, words=words)

    entries = ledger_of(scene.sam)
    decided = [e for e in entries if e.action == "decide"]
    assert {tuple(sorted({*e.segments, *e.segments_withheld})) for e in decided} == CRISIS | {("PSYNOTE",)}
    assert {e.purpose for e in decided} == {"ETREAT", "ERTREAT"}
    assert {e.outcome for e in decided} == {"permit", "deny"}
    assert [e.reason for e in entries if e.action == "emergency"] == ["opened overdose unconscious self"]
    assert not any(words.encode() in bytes(e.canonical) for e in ledger_of())


def test_a_refusal_and_nobody_are_ledgered_without_a_difference_to_the_asker(scene):
    victim = make_subject(scene.victims)

    nobody, refused = open_for(scene.lind), open_for(scene.lind, victim)

    assert nobody == refused
    assert attempts_of(scene.lind) == [("nothing", 0), ("nothing", 0)]
    assert len([e for e in ledger_of(action="emergency") if e.outcome == "deny" and not e.subject]) == 2
    assert {e.outcome for e in ledger_of(victim)} == {"deny"}


def test_only_care_staff_ask_and_only_for_themselves(scene):
    compliance = factories.make_principal(role="compliance officer", program=scene.crisis)
    for who, context in ((compliance, compliance), (scene.lind, scene.pat)):
        with pytest.raises(NothingToTell), access.opened(context, "ETREAT"):
            emergency.open_emergency(by=who, subjects=[scene.sam], said=emergencies.said(), at=NOW())
    with pytest.raises(NothingToTell), access.opened("system:test", "ETREAT"):
        emergency.open_emergency(by=scene.lind, subjects=[scene.sam], said=emergencies.said(), at=NOW())


def test_somebody_deactivated_sees_nothing_more(scene):
    open_for(scene.lind, scene.sam)
    Principal.objects.filter(pk=scene.lind.pk).update(is_active=False)

    assert seen_by(scene.lind) == set()
    with access.opened("system:test", "HOPERAT"):
        services.recompute_grants(scene.sam)
    Principal.objects.filter(pk=scene.lind.pk).update(is_active=True)
    assert seen_by(scene.lind) == set()


@pytest.mark.parametrize(
    ("role", "program", "opens"),
    [
        ("case manager", "LEAD", True),
        ("peer", "POST", True),
        ("social worker", "TSAP", True),
        ("peer", "TSAP", False),
    ],
)
def test_a_visitor_from_another_program_is_called_what_they_are_there(scene, role, program, opens):
    """Also where the program that keeps the record has no word for such a role; who has none anywhere is refused."""
    made = emergencies.make_program(program) if program != "LEAD" else factories.make_program("LEAD")
    visitor = factories.make_principal(role=role, program=made)

    assert open_for(visitor, scene.sam).outcome == ("opened" if opens else "nothing")
    receipts = ledger_of(scene.sam, action="decide")
    called = {entry.question["actor"]["role"] for entry in receipts if "role" in entry.question["actor"]}
    names = {
        "LEAD": {"lead_case_manager"},
        "POST": {"post_peer"},
        "TSAP": {"tsap_social_worker"} if opens else set(),
    }
    assert called == names[program]
