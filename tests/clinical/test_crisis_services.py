"""988 and county mobile crisis send people here, and a contact can be handed to them."""

import pytest

from clinical.models import Card, Encounter
from consent import access
from consent.models import Organization
from tests import factories

pytestmark = pytest.mark.django_db
SAID = {"person": "man 30s, green hat", "location": "Elm Street", "reasons": ["distress"], "agreed": "yes"}
SERVICES = [("988", "988", "988 Lifeline"), ("mobile_crisis", "mobile", "County mobile crisis")]


def employed_by(service, name="Crisis line"):
    organization = Organization.objects.create(name=name, kind="treating_provider_ce", crisis_service=service)
    program = factories.make_program("LINE", organization=organization)
    return factories.make_principal("counselor", role="referrer", program=program, employer=organization)


def card_in_sight(night):
    with access.opened(night.lind, "CAREMGT"):
        return Card.objects.select_related("compartment__scope").get()


@pytest.mark.parametrize(("service", "kind", "words"), SERVICES)
def test_what_a_crisis_service_refers_is_a_card_of_that_service_and_fills_in_who_called(
    night, service, kind, words
):
    night.post(employed_by(service), "refer_in", **SAID)

    card = card_in_sight(night)
    assert (card.kind, card.get_kind_display()) == (kind, words)
    assert card.compartment.scope.segments == ["EMS", "MH"]
    assert words.encode() in night.get(night.lind, "card", card.pk).content
    night.post(night.lind, "open_card", card.pk)
    with access.opened(night.lind, "CAREMGT"):
        assert Encounter.objects.get().called_by == service


def test_the_service_reads_one_word_afterwards_and_never_the_card(night):
    counselor = employed_by("988")

    answer = night.post(counselor, "refer_in", **SAID)

    assert answer["Location"].endswith("/refer-in/received/")
    assert night.get(counselor, "card", card_in_sight(night).pk).status_code == 404


def test_a_medics_card_stays_a_medics(night):
    medic = factories.make_principal("medic", role="referrer", program=night.program)

    night.post(medic, "refer_in", **SAID)

    assert card_in_sight(night).kind == "medic"


@pytest.mark.parametrize(
    ("disposition", "words"),
    [("mobile", "Handed to county mobile crisis"), ("988", "Connected to the 988 Lifeline")],
)
def test_a_contact_ends_by_being_handed_over(night, disposition, words):
    page = night.post(night.lind, "new_encounter", described_as="man 30s", location="", called_by="988")
    encounter_id = page["Location"].split("/")[2]

    night.post(night.lind, "leave", encounter_id, disposition=disposition)

    with access.opened(night.lind, "CAREMGT"):
        encounter = Encounter.objects.get()
    assert (encounter.called_by, encounter.disposition) == ("988", disposition)
    assert words.lower() in night.get(night.lind, "encounter", encounter_id).content.decode().lower()


def test_a_crisis_service_stands_first_where_a_partner_is_chosen(night):
    factories.make_organization("Aardvark Clinic", kind="treating_provider_ce")
    Organization.objects.create(
        name="Zeta mobile team", kind="treating_provider_ce", crisis_service="mobile_crisis"
    )
    page = night.post(night.lind, "new_encounter", described_as="man 30s", location="")
    encounter_id = page["Location"].split("/")[2]
    with access.opened(night.lind, "CAREMGT"):
        subject = Encounter.objects.select_related("compartment").get(pk=encounter_id).compartment.subject_id

    chosen = night.get(night.lind, "choose_partner", subject).content.decode()

    assert chosen.index("Zeta mobile team") < chosen.index("Aardvark Clinic")
    assert "County mobile crisis · Treating provider" in chosen
