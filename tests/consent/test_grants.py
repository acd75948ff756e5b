"""Grants follow the standing facts: assignment, office, employer, determination, consent, restriction."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from consent import access, services
from consent.models import (
    Agreement,
    Compartment,
    Consent,
    Determination,
    Grant,
    Membership,
    Organization,
    Principal,
    Restriction,
)
from consent.selectors import may_open
from consent.services.decisions import agreements_with
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.side("clinical")]
NOW = timezone.now


@pytest.fixture
def program():
    made = factories.make_program("CO-RESPONSE")
    determined = Determination.objects.create(
        p2_status="lawful_holder",
        hipaa_legal="covered_component",
        mhpa_facility="no",
        vs_regime="none",
        signed_by="the city's counsel",
        begins_at=NOW() - timedelta(days=30),
    )
    determined.programs.add(made)
    return made


@pytest.fixture
def lind(program):
    return factories.make_principal("lind", role="social worker", program=program)


@pytest.fixture
def sam(program):
    """A client with a note's compartment; nobody is assigned yet."""
    subject = uuid4()
    with access.opened("system:test", "CAREMGT"):
        services.open_compartment(subject, program, ("MH",))
    return subject


def assign(sam, program, principal):
    with access.opened("system:test", "CAREMGT"):
        return services.assign(subject_id=sam, program=program, principal=principal)


def open_to(principal, sam, purpose="TREAT"):
    with access.opened(principal, purpose):
        found = Compartment.objects.filter(subject_id=sam).select_related("scope")
        return {tuple(each.scope.segments) for each in found}


def recompute(sam):
    with access.opened("system:test", "HOPERAT"):
        services.recompute_grants(sam)


def grants_of(sam):
    with access.opened("system:grants", "HOPERAT"):
        return list(Grant.objects.filter(content_object__subject_id=sam).order_by("pk").values())


def test_an_assignment_opens_the_clients_compartments_with_a_cited_basis(sam, program, lind):
    assert open_to(lind, sam) == set()

    assign(sam, program, lind)

    assert open_to(lind, sam) == {("MH",)}
    assert open_to(lind, sam, purpose="HRESCH") == set()
    basis = grants_of(sam)[0]["basis"]
    assert {"rule": "hipaa.use.164.506c", "cite": basis[0]["cite"]} in basis
    assert "45 CFR 164.506(c)" in basis[0]["cite"]


def test_the_end_of_an_assignment_closes_them_and_a_new_one_opens_them_again(sam, program, lind):
    assignment = assign(sam, program, lind)
    with access.opened("system:test", "CAREMGT"):
        services.end_assignment(assignment)
    assert open_to(lind, sam) == set()

    assign(sam, program, lind)

    assert open_to(lind, sam) == {("MH",)}
    assert len(grants_of(sam)) == 1


def test_assigned_is_not_enough_without_an_office_in_the_program(sam, program, lind):
    Membership.objects.filter(principal=lind).update(ends_at=NOW() - timedelta(seconds=1))

    assign(sam, program, lind)

    assert open_to(lind, sam) == set()


def test_a_transferred_worker_keeps_nothing_of_the_old_program(sam, program, lind):
    assign(sam, program, lind)
    factories.make_membership(lind, role="social worker", program=factories.make_program("PINS"))
    assert open_to(lind, sam) == {("MH",)}

    with access.opened("system:test", "HOPERAT"):
        services.end_office(membership=Membership.objects.get(principal=lind, program=program))

    assert open_to(lind, sam) == set()


def test_a_new_determination_reaches_every_client_of_the_program(sam, program, lind):
    assign(sam, program, lind)
    Determination.objects.update(mhpa_facility="undetermined")

    with access.opened("system:test", "HOPERAT"):
        assert services.recompute_program(program) == 1

    assert {"rule": "pa.mh.use"} in [{"rule": b.get("rule")} for b in grants_of(sam)[0]["basis"]]


@pytest.mark.parametrize(
    ("parties", "kind", "facts"),
    [("us and them", "BAA", {"baa": True}), ("us and them", "QSOA", {"qsoa": True}),
     ("us and them", "MOU", {}), ("others and them", "BAA", {}), ("them to us", "BAA", {})],
)  # fmt: skip
def test_an_agreement_counts_between_us_and_the_recipient_in_our_direction(program, parties, kind, facts):
    clinic = factories.make_organization("Clinic", kind="treating_provider_ce")
    others = factories.make_organization("Others", kind="prosecutor")
    end = NOW() + timedelta(days=9)
    Agreement.objects.create(
        kind=kind, party_a=others if parties == "others and them" else program.organization, party_b=clinic,
        direction="b_to_a" if parties == "them to us" else "a_to_b", ends_at=end,
    )  # fmt: skip

    found, ends_at = agreements_with(clinic, program, NOW())

    assert found == facts
    assert ends_at == (end if parties == "us and them" else None)
    assert agreements_with(clinic, program, end) == ({}, None)


@pytest.mark.parametrize("employer", ["police", "unknown"])
def test_somebody_paid_by_the_police_or_by_nobody_known_gets_nothing(sam, program, employer):
    varga = factories.make_principal("varga", role="social worker", program=program)
    varga.employer = (
        Organization.objects.create(name="Bureau", kind="law_enforcement", is_criminal_justice_agency=True)
        if employer == "police"
        else None
    )
    varga.save()
    with access.opened("system:test", "CAREMGT"):
        office = services.open_office(
            program=program,
            segments=("MH",),
            role="social worker",
            holder=factories.make_principal(role="social worker", program=program),
        )

    assign(sam, program, varga)

    assert office is not None
    assert open_to(varga, sam) == set()
    with access.opened("system:grants", "TREAT"):
        compartment = Compartment.objects.get(subject_id=sam)
    with access.opened(varga, "TREAT"):
        assert not may_open(varga, compartment, purpose="TREAT", at=NOW())


def test_a_duty_office_opens_its_scope_to_every_holder_and_to_nobody_else(sam, program, lind):
    stranger = factories.make_principal(role="social worker", program=factories.make_program("LEAD"))
    with access.opened("system:test", "CAREMGT"):
        services.open_office(program=program, segments=("MH",), role="social worker", holder=lind)

    assert open_to(lind, sam) == {("MH",)}
    assert open_to(stranger, sam) == set()


def test_a_program_that_nobody_determined_bears_the_burdens_and_opens_less(program, lind):
    """`cfg.twosided`: MH of an undetermined facility is tested as its records are, DEM as Part 2's."""
    Determination.objects.all().delete()
    subject = uuid4()
    with access.opened("system:test", "CAREMGT"):
        services.open_compartment(subject, program, ("DEM",))
        services.assign(subject_id=subject, program=program, principal=lind)
    partner = factories.make_organization("Clinic", kind="treating_provider_ce")
    with access.opened(lind, "COC"):
        _asked, decision = services.decide_release(
            subject_id=subject, program=program, segments=("DEM",), recipient=partner, purpose="COC",
            at=NOW(), facts={"recipient_treats_subject": True},
        )  # fmt: skip

    assert decision.outcome == "deny"
    assert "p2.default-deny.2.13a" in decision.bars_standing


def test_recomputing_what_has_not_changed_writes_nothing(sam, program, lind):
    assign(sam, program, lind)
    before = grants_of(sam)

    recompute(sam)

    assert grants_of(sam) == before


def test_a_restriction_toward_one_kind_of_recipient_leaves_own_staff_their_work(sam, program, lind):
    assign(sam, program, lind)
    with access.opened(lind, "TREAT"):
        for recipients in (["health_plan"], ["own_workforce"]):
            Restriction.objects.create(
                compartment=Compartment.objects.get(subject_id=sam), subject_id=sam, program=program,
                segments=["MH"], recipients=recipients, agreed_by=lind,
                agreed_at=NOW() - timedelta(days=1), ends_at=None if recipients == ["health_plan"] else NOW(),
            )  # fmt: skip

    recompute(sam)

    assert open_to(lind, sam) == {("MH",)}


@pytest.mark.parametrize("how", ["written", "oral", "phone"])
def test_a_release_opens_to_its_recipient_while_the_consent_holds(sam, program, lind, how):
    clinic = factories.make_organization("Clinic", kind="treating_provider_ce")
    machine = factories.make_principal("clinic-machine", kind=Principal.Kind.MACHINE, employer=clinic)
    other = factories.make_principal(
        "other-machine",
        kind=Principal.Kind.MACHINE,
        employer=factories.make_organization("Other", kind=clinic.kind),
    )
    assign(sam, program, lind)
    with access.opened(lind, "TREAT"):
        consent = services.record_consent(
            form="HIPAA-AUTH", subject_id=sam, program=program,
            recipients=[{"type": clinic.kind, "organization": str(clinic.uid), "unit": ""}],
            segments=["MH"], purposes=["COC"], elements=dict.fromkeys(HIPAA_ELEMENTS, "as on the form"),
            signed_at=NOW() - timedelta(minutes=1), ends_at=NOW() + timedelta(days=30), explained_by=lind,
        )  # fmt: skip
        services.open_compartment(sam, program, ("MH",), recipient=clinic)
    recompute(sam)
    assert open_to(machine, sam, purpose="COC") == {("MH",)}
    assert open_to(machine, sam, purpose="TREAT") == set()
    assert open_to(other, sam, purpose="COC") == set()
    machines_grant = next(g for g in grants_of(sam) if g["user_id"] == machine.pk)
    assert {"consent": str(consent.pk)} in machines_grant["basis"]
    assert machines_grant["valid_until"] == consent.ends_at

    with access.opened(lind, "TREAT"):
        services.revoke_consent(consent=Consent.objects.get(), how=how, by=lind, at=NOW())

    assert open_to(machine, sam, purpose="COC") == set()
    assert open_to(lind, sam) == {("MH",), ("ENROLL", "MH")}


HIPAA_ELEMENTS = (
    "h.info", "h.from", "h.to", "h.purpose", "h.expiry", "h.sig", "h.sigdate", "h.revoke", "h.cond", "h.redisc",
    "h.plain",
)  # fmt: skip


def test_a_form_with_a_defect_opens_nothing_and_is_kept(sam, program, lind):
    clinic = factories.make_organization("Clinic", kind="treating_provider_ce")
    machine = factories.make_principal("clinic-machine", kind=Principal.Kind.MACHINE, employer=clinic)
    assign(sam, program, lind)
    with access.opened(lind, "TREAT"):
        services.record_consent(
            form="HIPAA-AUTH", subject_id=sam, program=program,
            recipients=[{"type": clinic.kind, "organization": str(clinic.uid), "unit": ""}],
            segments=["MH"], purposes=["COC"],
            elements=dict.fromkeys(HIPAA_ELEMENTS, "as on the form") | {"h.revoke": ""},
            signed_at=NOW() - timedelta(minutes=1), ends_at=NOW() + timedelta(days=30), explained_by=lind,
        )  # fmt: skip
        services.open_compartment(sam, program, ("MH",), recipient=clinic)

    recompute(sam)

    assert open_to(machine, sam, purpose="COC") == set()
    with access.opened(lind, "TREAT"):
        assert Consent.objects.count() == 1
