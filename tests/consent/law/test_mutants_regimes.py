"""Which body of law protects a segment, toward whom, and as what; and facts that one rule alone asks."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from consent import law
from consent.engine.facts import Actor, Asked, Recipient, Source
from consent.engine.matter import Matter, Table
from consent.law import (
    federal,
    hipaa,
    hipaa_public,
    part2_orders,
    pennsylvania,
    pennsylvania_care,
    pennsylvania_minds,
)
from tests.consent.engine.test_forms import form

NOWHERE = Source(
    program="POST", p2_status="none", hipaa_legal="not_covered", mhpa_facility="no", vs_regime="none"
)
PART2 = replace(NOWHERE, p2_status="program")
VICTIMS = replace(NOWHERE, vs_regime="funded")
FACILITY = replace(NOWHERE, mhpa_facility="yes")
ASKED = Asked(
    actor=Actor(id="a", role="post_peer"), source=NOWHERE, recipient=Recipient(type="employer"), purpose="X-EMPLOY",
    segments=frozenset({"MED"}), at=datetime(2026, 4, 2, 16, tzinfo=UTC), closed_world=True,
)  # fmt: skip


def matter(segment="MED", *, recipient="employer", regime="HIPAA", asked=ASKED, **facts) -> Matter:
    asked = replace(asked, facts=facts, recipient=Recipient(type=recipient), segments=frozenset({segment}))
    return Matter(
        asked=asked, segment=segment, regime=regime, labels=frozenset({segment}), recipient=recipient,
        table=Table(asked), matched={}, allowed={},
    )  # fmt: skip


def labels(pack, regime, segment, *, recipient="employer", source=NOWHERE, purpose="GOV", beside="", **facts):
    asked = replace(
        ASKED, source=source, purpose=purpose, segments=frozenset({segment, *beside.split()}), facts=facts
    )
    return pack.regimes(segment, asked, recipient).get(regime, frozenset())


@pytest.mark.parametrize("pack", law.packs(), ids=lambda pack: pack.name)
def test_a_pack_names_its_version_and_the_day_of_its_law(pack):
    assert re.fullmatch(r"\d{4}-\d\d-\d\d\.\d+", pack.version)
    assert pack.version.startswith(pack.law_as_of)
    assert date.fromisoformat(pack.law_as_of) <= date.fromisoformat(pack.version.split(".")[0])


def test_the_law_as_a_whole_is_as_of_the_federal_packs_day_and_version():
    assert law.LAW_AS_OF == federal.LAW_AS_OF
    assert law.RULESET_VERSION == federal.VERSION


def test_a_rule_and_an_id_that_only_steers_have_their_citations():
    assert law.cite("p2.order.noncriminal.2.64") == "42 CFR 2.64, 2.61, 2.63(a)"
    assert law.cite("pa.hiv.order.7608") == "35 P.S. 7608"
    assert all(law.cite(steers) == where for pack in law.packs() for steers, where in pack.gates.items())
    assert law.cite("no.such.rule") == ""


# --- Part 2 -----------------------------------------------------------------------------------------------

CARVED_OUT = [
    (to, for_)
    for to in ("law_enforcement", "threat_target", "adult_protective_services")
    for for_ in ("THREAT", "X-ABUSE-ADULT")
]


@pytest.mark.parametrize(("recipient", "purpose"), CARVED_OUT)
@pytest.mark.parametrize("segment", ["DEM", "LOC", "CASE", "MED", "MH", "RISK"])
def test_what_shows_no_patient_is_read_as_it_is_where_the_carve_out_speaks_of_it(recipient, purpose, segment):
    found = labels(
        federal,
        "P2",
        segment,
        recipient=recipient,
        source=PART2,
        purpose=purpose,
        nonidentifying_content=True,
    )

    assert found == {segment}


@pytest.mark.parametrize(
    ("segment", "recipient", "purpose"),
    [
        ("BILL", "law_enforcement", "THREAT"),
        ("MED", "law_enforcement", "GOV"),
        ("MED", "employer", "THREAT"),
        ("MED", "employer", "GOV"),
        ("MED", "own_workforce", "THREAT"),
    ],
)
def test_elsewhere_part_2_has_nothing_to_say_of_what_shows_no_patient(segment, recipient, purpose):
    shown = {"nonidentifying_content": True}

    assert (
        labels(federal, "P2", segment, recipient=recipient, source=PART2, purpose=purpose, **shown) == set()
    )


def test_a_part_2_units_records_are_part_2_toward_anybody_outside_it():
    assert labels(federal, "P2", "MED", source=PART2) == {"MED", "SUDP2"}
    assert labels(federal, "P2", "MED", source=PART2, recipient="own_workforce") == set()
    assert labels(federal, "P2", "MED") == set()
    assert labels(federal, "P2", "ENROLL", source=PART2) == {"ENROLL", "SUDP2"}
    assert labels(federal, "P2", "IDMATCH", source=PART2) == {"IDMATCH", "ENROLL", "SUDP2"}
    assert labels(federal, "P2", "AGG", source=PART2) == {"AGG"}
    assert labels(federal, "P2", "LDS", source=PART2) == {"LDS", "SUDP2"}
    assert labels(federal, "P2", "LDS", beside="SUDP2") == {"LDS", "SUDP2"}
    assert labels(federal, "P2", "LDS") == set()


# --- victims ----------------------------------------------------------------------------------------------


def test_whatever_victim_services_collected_is_a_victims_record():
    assert labels(federal, "VS", "PROTADDR") == {"PROTADDR"}
    assert labels(federal, "VS", "LDS", source=VICTIMS) == {"LDS", "VSP"}
    assert labels(federal, "VS", "LDS", beside="VSP") == {"LDS", "VSP"}
    assert labels(federal, "VS", "LDS", beside="MED") == set()
    assert labels(federal, "VS", "IDMATCH", source=VICTIMS) == {"IDMATCH", "ENROLL", "VSP"}
    assert labels(federal, "VS", "IDMATCH") == set()
    assert labels(federal, "VS", "AGG", source=VICTIMS) == {"AGG"}
    assert labels(federal, "VS", "MED", source=VICTIMS) == {"MED", "VSP"}
    assert labels(federal, "VS", "MED") == set()


# --- Pennsylvania -------------------------------------------------------------------------------------------

TREATING = ("ems_medical_personnel", "treating_provider_ce", "part2_program_other", "och_other_program")


@pytest.mark.parametrize("recipient", TREATING)
@pytest.mark.parametrize("segment", ["MH", "RISK"])
def test_a_facilitys_notes_are_no_facility_records_toward_whoever_treats(recipient, segment):
    def found(**facts):
        return labels(pennsylvania, "PA-MH", segment, recipient=recipient, source=FACILITY, **facts)

    assert found(recipient_treats_subject=True) == set()
    assert found() == {segment}
    assert found(recipient_treats_subject=True, mhpa_source=True) == {segment}


@pytest.mark.parametrize("segment", ["MH", "RISK"])
def test_what_came_from_a_facility_stays_a_facilitys_record_with_whoever_holds_it(segment):
    assert labels(pennsylvania, "PA-MH", segment, mhpa_source=True) == {segment}
    assert labels(pennsylvania, "PA-MH", segment) == set()
    assert labels(pennsylvania, "PA-MH", segment, source=FACILITY, recipient_treats_subject=True) == {segment}


def test_a_limited_data_set_is_protected_as_what_it_was_made_of():
    for made_of in ("MHPA", "COMMIT"):
        assert labels(pennsylvania, "PA-MH", "LDS", beside=made_of) == {"LDS", "MHPA"}
    assert labels(pennsylvania, "PA-MH", "LDS", source=FACILITY) == {"LDS", "MHPA"}
    assert labels(pennsylvania, "PA-MH", "LDS", beside="MED") == set()
    assert labels(pennsylvania, "PA-HIV", "LDS", beside="HIV") == {"LDS", "HIV"}
    assert labels(pennsylvania, "PA-SUD", "LDS", beside="SUDNP2") == {"LDS", "SUDNP2"}
    for regime in ("PA-HIV", "PA-SUD"):
        assert labels(pennsylvania, regime, "LDS", beside="MED") == set()


def test_psychotherapy_notes_are_a_facilitys_record_in_a_facility_or_when_privileged():
    assert labels(pennsylvania, "PA-MH", "PSYNOTE", source=FACILITY) == {"PSYNOTE"}
    assert labels(pennsylvania, "PA-MH", "PSYNOTE", content_privileged=True) == {"PSYNOTE"}
    assert labels(pennsylvania, "PA-MH", "PSYNOTE") == set()


# --- facts that one rule alone asks ------------------------------------------------------------------------


def test_an_order_reaches_communications_where_the_judge_found_them_needed():
    reaches = part2_orders.reaches_communications
    finding = {"order_confidential_comms_finding": True}

    assert reaches(matter("SUDP2"))
    assert not reaches(matter("SUDP2N"))
    assert not reaches(matter("SUDP2", content_privileged=True))
    assert not reaches(matter("SUDP2N", content_privileged=True))
    assert reaches(matter("SUDP2N", **finding))
    assert reaches(matter("SUDP2", content_privileged=True, **finding))


def test_for_psychotherapy_notes_either_form_will_do_where_there_is_no_facility():
    def covered_by(kind):
        return (kind,)

    def of(segment, *, may_be_facility):
        source = SimpleNamespace(may_be_facility=may_be_facility)
        return pennsylvania_minds.consenting(
            SimpleNamespace(covered_by=covered_by, segment=segment, source=source)
        )

    assert of("PSYNOTE", may_be_facility=False) == ("PA-MH", "HIPAA-PSY")
    assert of("PSYNOTE", may_be_facility=True) == ("PA-MH",)
    assert of("MH", may_be_facility=False) == ("PA-MH",)


@pytest.mark.parametrize("shown", ["adjudicated_incapacity", "executor"])
def test_a_verified_guardian_or_executor_sees_the_record(shown):
    holds = pennsylvania_minds.who_may_see_the_persons_own_record.holds

    assert holds(matter("MH", recipient="personal_rep", verified_authority=True, **{shown: True}))
    assert not holds(matter("MH", recipient="personal_rep", **{shown: True}))
    assert not holds(matter("MH", recipient="personal_rep", verified_authority=True))


@pytest.mark.parametrize(
    "left_out", ["", "victim_incapacitated", "le_rep_not_against_victim", "le_immediate_need"]
)
def test_of_a_victim_who_cant_agree_police_must_say_all_three_things(left_out):
    said = {"victim_incapacitated", "le_rep_not_against_victim", "le_immediate_need"} - {left_out}
    known = {"adult_abuse_suspected", "authorized_recipient", "law_expressly_authorizes"} | said
    holds = hipaa_public.an_adult_is_abused.holds

    assert holds(matter(recipient="law_enforcement", **dict.fromkeys(known, True))) is (left_out == "")


def test_a_ride_leaves_nothing_behind_with_the_officer():
    assert "OBL-NOPERSIST" in hipaa.it_is_where_and_when_to_drive.obliges


def test_the_statement_about_hiv_goes_along_with_either_kind_of_consent():
    for rule in (
        pennsylvania_care.the_person_consented_expressly,
        pennsylvania_care.a_scenario_says_there_is_such_a_consent,
    ):
        assert rule.obliges == ("OBL-PA-HIV-STMT",)


@pytest.mark.parametrize("kind", ["P2-PROC", "P2-CJ35"])
def test_a_form_for_proceedings_lifts_the_golden_rule(kind):
    from consent.law import conference

    rule = conference.a_participant_would_be_worse_off
    to = {
        "recipients": ("prosecutor",),
        "segments": frozenset({"SUDP2"}),
        "purposes": frozenset({"X-CJ-MONITOR"}),
    }
    signed = form(kind, sources=("LEAD",), **to)
    asked = replace(ASKED, source=replace(PART2, program="LEAD"), purpose="X-CJ-MONITOR", consents=(signed,))
    asked = replace(
        asked, facts={"cj_condition": True, "recipient_monitoring_duty": True}, at=signed.signed_at
    )
    bare = replace(asked, consents=())

    def lifted(question):
        towards = Matter(
            asked=replace(question, recipient=Recipient(type="prosecutor"), segments=frozenset({"SUDP2"})),
            segment="SUDP2", regime="P2", labels=frozenset({"SUDP2"}), recipient="prosecutor",
            table=Table(question), matched={}, allowed={},
        )  # fmt: skip
        return any(lift(towards, {}) for lift in rule.lifted_by)

    assert lifted(asked)
    assert not lifted(bare)
