"""A bundle goes into one client's record, each resource where its label puts it; the same again changes nothing."""

import gzip
import json
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clinical.importing.bundle import MOST_BYTES
from clinical.models import Client, HealthFact, Lowering
from consent import access, services
from consent.labels.kinds import SNOMED
from tests import factories
from tests.clinical.stage import open_card
from tests.clinical.test_bundle import SECRET, bundle_of, condition
from tests.shared_data import shared

pytestmark = pytest.mark.django_db


@pytest.fixture
def subject(night, incident):
    subject = open_card(night, incident)[1]
    night.post(
        night.lind,
        "edit_client",
        subject,
        given_name="Sam",
        family_name="Reyes",
        born_on="1990-02-03",
        anyway="1",
    )
    return subject


@pytest.fixture
def ash(night):
    ash = factories.make_principal("ash", role="clinical supervisor", program=night.program)
    profile = services.profile(night.program)
    with access.opened("system:grants", "HOPERAT"):
        for segments in (profile.identity, profile.enrolment, profile.note):
            services.open_office(program=night.program, segments=segments, role="clinical supervisor")
    return ash


def upload(night, by, subject, document, **more):
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    address = reverse("clinical:import_bundle", args=[subject])
    return night.browser(by).post(address, {"file": SimpleUploadedFile("a.json", content), **more})


def everything():
    """All that is kept, for whoever compares: words, label and what changed last."""
    with access.opened("system:labels", "CAREMGT"):
        rows = HealthFact.objects.select_related("compartment__scope").order_by("created_at", "pk")
        return {
            row.pk: (row.words, tuple(row.compartment.scope.segments), row.status, row.detail, row.until)
            for row in rows
        }


def labels():
    return {words: segments for words, segments, *_more in everything().values()}


MIXED = bundle_of(
    condition("F11.20", "a"), condition("B20", "b"), condition("J45.909", "c"),
    {"resourceType": "Immunization", "id": "i"},
    condition("", "d") | {"code": {"coding": [{"system": SNOMED, "code": "999999999"}]}},
)  # fmt: skip


def test_each_resource_goes_where_its_label_puts_it_and_what_is_left_out_is_named(night, subject, ash):
    page = upload(night, ash, subject, MIXED).content.decode()

    assert labels() == {"F11.20": ("MH", "SUDNP2"), "B20": ("HIV", "MH"), "J45.909": ("MED", "MH")}
    assert "Immunization: 1" in page
    assert "Bundle.entry[5].resource" in page
    seen = night.get(ash, "health", subject).content.decode()
    assert "F11.20" in seen
    assert "B20" not in seen  # no office opens HIV, not even that of who imported it


def test_the_same_file_again_changes_nothing(night, subject, ash):
    upload(night, ash, subject, MIXED)
    before = everything()

    page = upload(night, ash, subject, MIXED).content.decode()

    assert everything() == before
    assert "All 3 were here before. Nothing changed." in page


def test_a_later_export_changes_what_changed_and_labels_only_go_up(night, subject, ash):
    upload(night, ash, subject, bundle_of(condition("J45.909", "c")))
    upload(night, ash, subject, bundle_of(condition("J45.909", "c", abatementDateTime="2026-01-01")))
    ended = everything()
    upload(night, ash, subject, bundle_of(condition("F11.20", "c")))

    assert [(words, status, until) for words, _s, status, _d, until in ended.values()] == [
        ("J45.909", "ended", "2026-01-01")
    ]
    assert labels() == {"F11.20": ("MED", "MH", "SUDNP2")}
    assert everything().keys() == ended.keys()


def test_a_label_that_a_supervisor_lowered_stays_when_the_same_file_comes_again(night, subject, ash):
    upload(night, ash, subject, bundle_of(condition("F11.20", "a")))
    with access.opened(ash, "CAREMGT"):
        fact = HealthFact.objects.get()
    bo = factories.make_principal("bo", role="clinical supervisor", program=night.program)
    night.post(ash, "ask_to_lower", fact.pk, "healthfact", takes_away="SUDNP2", reason="a wrong code")
    with access.opened(ash, "CAREMGT"):
        asked = Lowering.objects.get()
    night.post(bo, "lowering", asked.pk, lowers="yes", remark="seen the letter")

    upload(night, ash, subject, bundle_of(condition("F11.20", "a")))

    assert labels() == {"F11.20": ("MH",)}


def test_the_same_ids_of_another_person_are_others(night, subject, ash):
    with access.opened(night.lind, "CAREMGT"):
        other = uuid4()
        compartment = services.open_compartment(
            other, night.program, services.profile(night.program).identity
        )
        services.assign(subject_id=other, program=night.program, principal=night.lind, by=night.lind)
        Client.objects.create(compartment=compartment, unit=night.program.unit, family_name="Reyes")
    upload(night, ash, subject, MIXED)

    upload(night, ash, other, MIXED)

    assert len(everything()) == 6


@pytest.mark.parametrize(
    "document",
    [
        b"{", bundle_of(condition() | {"onsetDateTime": SECRET}), bundle_of(condition(), condition() | {"subject": {"reference": SECRET}}),
        bundle_of(condition("F11.20", "a"), {"resourceType": SECRET}),
    ],
)  # fmt: skip
def test_a_broken_bundle_is_refused_whole_and_says_where_and_not_what(night, subject, ash, document):
    page = upload(night, ash, subject, document).content.decode()

    assert everything() == {}
    assert "Nothing was kept" in page
    assert SECRET not in page
    assert "line 1" in page or "Bundle.entry[" in page


@pytest.mark.parametrize(
    ("patient", "facts"),
    [
        ({"birthDate": "1991-02-03"}, "birth date"), ({"name": [{"family": "Rayes"}]}, "family name"),
        ({"birthDate": "1991-02-03", "name": [{"family": "Rayes"}]}, "birth date and family name"),
    ],
)  # fmt: skip
def test_another_person_is_asked_about_before_anything_is_kept(night, subject, ash, patient, facts):
    document = bundle_of(condition(), patient=patient)

    asked = upload(night, ash, subject, document).content.decode()
    before = everything()
    upload(night, ash, subject, document, is_same_person="on")

    assert facts in asked
    assert "Rayes" not in asked
    assert before == {}
    assert len(everything()) == 1


def test_a_birth_date_known_as_a_year_is_no_other_one(night, subject, ash):
    upload(night, ash, subject, bundle_of(condition(), patient={"birthDate": "1990"}))

    assert len(everything()) == 1


def test_only_a_supervisor_of_the_program_imports(night, subject, ash):
    other = factories.make_principal("ali", role="clinical supervisor", program=night.part2)

    for principal in (night.lind, night.varga, other, night.oduya):
        assert upload(night, principal, subject, MIXED).status_code == 404
        assert night.get(principal, "import_bundle", subject).status_code == 404
    assert everything() == {}


def test_who_supervises_two_programs_of_the_unit_says_into_which_record_it_goes(night, subject, ash):
    second = factories.make_program()
    second.unit = night.program.unit
    second.save(update_fields=["unit"])
    factories.make_membership(ash, role="clinical supervisor", program=second)

    unsaid = upload(night, ash, subject, MIXED)
    assert "Say into which program’s record it goes." in unsaid.content.decode()
    assert everything() == {}

    assert upload(night, ash, subject, MIXED, program=night.program.slug).status_code == 200
    assert everything()


def test_a_file_too_long_is_refused_before_it_is_read(night, subject, ash):
    answer = upload(night, ash, subject, b" " * (MOST_BYTES + 4_000_000))

    assert answer.status_code == 413
    assert everything() == {}


def test_a_synthetic_patient_comes_in_whole_and_fast(night, subject, ash):
    with gzip.open(shared("data", "patients", "synthetic-patients.ndjson.gz")) as file:
        line = file.readline()
    number = len(json.loads(line)["entry"]) - 1

    page = upload(night, ash, subject, line, is_same_person="on")

    assert page.status_code == 200
    assert len(everything()) == number
    assert all(set(segments) >= {"MH"} for _w, segments, *_more in everything().values())
