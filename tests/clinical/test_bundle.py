"""A bundle is read whole or refused whole, with the place named and nothing of what stood there."""

import copy
import gzip
import json

import pytest

from clinical.importing import bundle as bundles
from clinical.importing.bundle import MOST_BYTES, MOST_ENTRIES, Broken
from clinical.importing.facts import NotTaken, incoming
from consent.labels.kinds import ICD10CM, Kind
from consent.labels.reading import kinds_of_all
from tests.shared_data import shared

SECRET = "Qzyxw Canary"
ME = "urn:uuid:11111111-1111-4111-8111-111111111111"


def bundle_of(*resources, patient=None):
    """A bundle with a Patient and these resources."""
    person = {
        "resourceType": "Patient", "id": "p", "identifier": [{"system": "urn:clinic", "value": "77"}],
        "name": [{"family": "Reyes", "given": ["Sam"]}], "birthDate": "1990-02-03",
    } | (patient or {})  # fmt: skip
    entries = [{"fullUrl": ME, "resource": person}]
    entries += [{"fullUrl": f"urn:uuid:2222-{n}", "resource": each} for n, each in enumerate(resources)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def condition(code="F11.20", name="c1", **more):
    coding = {"system": ICD10CM, "code": code} if code else {}
    return {
        "resourceType": "Condition", "id": name, "subject": {"reference": ME}, "code": {"coding": [coding]},
    } | more  # fmt: skip


def raw(document):
    return json.dumps(document).encode()


def read(*resources, **more):
    return bundles.read(raw(bundle_of(*resources, **more)))


def kinds(resource, *others):
    found = read(resource, *others)
    fact = incoming(found.resources[0], found)
    return kinds_of_all(fact.codings) | fact.kinds


def broken(document):
    with pytest.raises(Broken) as refused:
        bundles.read(document if isinstance(document, bytes) else raw(document))
    assert SECRET not in str(refused.value)
    return refused.value.place


def at(change):
    """A good bundle, changed."""
    document = bundle_of(condition(), condition("J45.909", "c2"))
    change(document)
    return document


# --- what is broken ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda d: d.update(resourceType=SECRET), "resourceType"),
        (lambda d: d.update(type=SECRET), "Bundle.type"),
        (lambda d: d.update(type="transaction"), "Bundle.type"),
        (lambda d: d.update(entry=[]), "Bundle.entry"),
        (lambda d: d.update(entry=SECRET), "Bundle.entry"),
        (lambda d: d["entry"].pop(0), "Bundle.entry"),
        (lambda d: d["entry"].append(d["entry"][0]), "Bundle.entry"),
        (lambda d: d["entry"].append(SECRET), "Bundle.entry[3]"),
        (lambda d: d["entry"][1].update(fullUrl=5), "Bundle.entry[1].fullUrl"),
        (lambda d: d["entry"][1].pop("resource"), "Bundle.entry[1].resource"),
        (lambda d: d["entry"][1]["resource"].update(resourceType=SECRET), "Bundle.entry[1].resource.resourceType"),
        (lambda d: d["entry"][1]["resource"].update(resourceType="Address"), "Bundle.entry[1].resource.resourceType"),
        (lambda d: d["entry"][2]["resource"].update(subject={"reference": 5}), "Bundle.entry[2].resource.subject.reference"),
        (lambda d: d["entry"][2]["resource"].update(subject={"reference": SECRET}), "Bundle.entry[2].resource.subject"),
        (lambda d: d["entry"][2]["resource"].pop("subject"), "Bundle.entry[2].resource.subject"),
        (lambda d: d["entry"][2]["resource"].update({SECRET: 1}), "Bundle.entry[2].resource"),
        (lambda d: d["entry"][2]["resource"]["code"].update({SECRET: 1}), "Bundle.entry[2].resource.code"),
        (lambda d: d["entry"][2]["resource"]["code"]["coding"][0].update(system=3), "Bundle.entry[2].resource.code.coding[0].system"),
        (lambda d: d["entry"][2]["resource"].update(onsetDateTime=SECRET), "Bundle.entry[2].resource.onsetDateTime"),
        (lambda d: d["entry"][2]["resource"].update(contained=[{"resourceType": SECRET}]), "Bundle.entry[2].resource"),
        (lambda d: d["entry"][0]["resource"].update(birthDate=SECRET), "Bundle.entry[0].resource.birthDate"),
        (lambda d: d["entry"][0]["resource"].update(name=SECRET), "Bundle.entry[0].resource.name"),
        (lambda d: d["entry"].append(copy.deepcopy(d["entry"][1])), "Bundle.entry[3].resource"),
    ],
)  # fmt: skip
def test_a_broken_bundle_is_refused_with_its_place(change, place):
    assert broken(at(change)) == place


@pytest.mark.parametrize(
    "document",
    [
        b"", b"{", b'{"resourceType": "Bundle"', b"[]", b"null", b"\xff\xfe{}", b'{"a": NaN}', b'{"a": 1, "a": 2}',
        b"[" * 100_000, b'"' + SECRET.encode() + b'"', b"<Bundle/>", b'{"a": ' + b"9" * 10_000 + b"}",
    ],
)  # fmt: skip
def test_what_is_no_strict_json_is_refused_by_line_or_as_a_whole(document):
    assert broken(document) in {"the file", "resourceType"} or broken(document).startswith("line ")


def test_a_file_or_a_bundle_too_long_is_refused():
    assert broken(b" " * (MOST_BYTES + 1)) == "the file"
    assert (
        broken({"resourceType": "Bundle", "type": "collection", "entry": [{}] * (MOST_ENTRIES + 1)})
        == "Bundle.entry"
    )


def test_a_resource_that_nobody_could_know_again_is_refused():
    document = bundle_of(condition(), patient={"identifier": []})
    del document["entry"][1]["fullUrl"]

    assert broken(document) == "Bundle.entry[1].resource"


def test_the_same_resource_has_the_same_name_in_another_export():
    first, again = bundle_of(condition()), bundle_of(condition())
    again["entry"][1]["fullUrl"] = "urn:uuid:another"

    names = {bundles.read(raw(each)).resources[0].name for each in (first, again)}

    assert names == {"urn:clinic|77|Condition/c1"}


def test_what_has_no_place_here_is_counted_by_its_type():
    found = read(
        condition(),
        {"resourceType": "Immunization"},
        {"resourceType": "Immunization"},
        {"resourceType": "Encounter"},
    )

    assert found.unsupported == {"Immunization": 2, "Encounter": 1}
    assert len(found.resources) == 1


# --- what a resource says --------------------------------------------------------------------------------


def test_a_label_goes_by_every_code_of_a_resource_and_by_the_condition_it_points_to():
    drug = {
        "resourceType": "MedicationRequest", "id": "m", "status": "active", "intent": "order", "subject": {"reference": ME},
        "medicationCodeableConcept": {"text": "clonidine 0.1 MG"},
    }  # fmt: skip

    assert kinds(drug) == {Kind.GENERAL}
    assert kinds(drug | {"reasonReference": [{"reference": "Condition/c1"}]}, condition()) == {Kind.SUBSTANCE}
    assert kinds(drug | {"reasonCode": [{"text": "opioid withdrawal"}]}) == {Kind.SUBSTANCE}


def test_a_senders_own_label_is_believed_upwards():
    found = read(condition("J45.909", meta={"security": [{"code": "HIV"}, {"code": "42CFRPart2"}]}))

    fact = incoming(found.resources[0], found)

    assert fact.kinds == {Kind.HIV}
    assert fact.segments == {"SUDP2"}


@pytest.mark.parametrize(
    "resource",
    [
        condition(verificationStatus={"coding": [{"code": "entered-in-error"}]}),
        condition(code=""), {key: value for key, value in condition().items() if key != "code"},
        condition() | {"code": {"coding": [{"system": "http://snomed.info/sct", "code": "999999999"}]}},
    ],
)  # fmt: skip
def test_what_cannot_be_labelled_or_was_an_error_is_left_out_by_its_place(resource):
    found = read(resource)

    with pytest.raises(NotTaken):
        incoming(found.resources[0], found)


def test_results_medicines_and_dates_read_as_a_person_would():
    pressure = {
        "resourceType": "Observation", "id": "o", "status": "final", "subject": {"reference": ME}, "code": {"text": "Blood pressure"},
        "effectiveDateTime": "2024-05", "component": [
            {"code": {"text": "Systolic"}, "valueQuantity": {"value": 120, "unit": "mmHg"}},
            {"code": {"text": "Diastolic"}, "valueQuantity": {"value": 80, "unit": "mmHg"}},
        ],
    }  # fmt: skip
    over = condition(onsetDateTime="2019", abatementDateTime="2020-02-01")
    found = read(pressure, over)

    result, ended = (incoming(each, found).said for each in found.resources)

    assert (result.what, result.detail, result.since, result.status) == (
        "result", "Systolic: 120 mmHg; Diastolic: 80 mmHg", "2024-05", "done",
    )  # fmt: skip
    assert (ended.status, ended.since, ended.until) == ("ended", "2019", "2020-02-01")


def test_a_character_that_hides_is_taken_out_of_every_text():
    found = read(condition(note=[{"text": "left \u202eright\x07"}]) | {"code": {"text": "as\u200bthma"}})

    said = incoming(found.resources[0], found).said

    assert (said.words, said.detail) == ("as thma", "left right")


def test_every_synthetic_patient_is_read_and_each_resource_gets_a_label():
    with gzip.open(shared("data", "patients", "synthetic-patients.ndjson.gz")) as file:
        lines = list(file)
    taken, left = 0, []
    for line in lines:
        found = bundles.read(line)
        for resource in found.resources:
            try:
                fact = incoming(resource, found)
            except NotTaken as reason:
                left.append(str(reason))
                continue
            taken += 1
            assert kinds_of_all(fact.codings)

    assert len(lines) == 27
    assert taken > 2700
    assert left == []
