"""What arrives from the police side becomes a card; opened, it fills the encounter."""

import pytest

from clinical.models import Card, Encounter
from clinical.models import Client as Person
from consent import access
from consent.models import LedgerEntry
from tests import factories
from tests.clinical.stage import arrive, card_of, open_card

pytestmark = pytest.mark.django_db


def words_sent_by(night):
    """The kinds of envelopes that the ledger says went out."""
    with access.opened(night.oduya, "HCOMPL"):
        return [each.field_groups for each in LedgerEntry.objects.filter(action="send")]


def test_a_referral_arrives_as_a_card_and_one_word_goes_back(night, referral, planted):
    arrive(referral)

    page = night.get(night.lind, "tonight").content.decode()
    assert planted.person in page
    assert planted.safety in page
    assert words_sent_by(night) == [["Received"]]


def test_a_call_handed_over_arrives_and_only_the_one_word_goes_back(night, incident):
    arrive(incident)

    assert b"MENTAL HEALTH CRISIS" in night.get(night.lind, "tonight").content
    assert words_sent_by(night) == [["Received"]]


def test_the_same_referral_twice_is_one_card(night, referral):
    arrive(referral)
    arrive(referral)

    with access.opened("system:intake", "X-REFERRAL-IN"):
        assert Card.objects.filter(origin_id=referral.referral_id).count() == 1


def test_an_overdose_goes_to_the_program_for_it_and_not_to_the_co_response_unit(night, referral):
    overdose = type(referral)(**vars(referral) | {"reasons": ("overdose",)})

    arrive(overdose)

    assert card_of(overdose).compartment.scope.program == night.part2
    assert night.get(night.lind, "card", card_of(overdose).pk).status_code == 404
    assert night.get(night.peer, "card", card_of(overdose).pk).status_code == 200


def test_opening_the_card_fills_the_encounter_and_makes_the_client(night, referral, planted):
    encounter_id, subject_id = open_card(night, referral)

    page = night.get(night.lind, "encounter", encounter_id).content.decode()
    assert planted.location in page
    assert planted.person in page
    assert "Zone 2" in page
    with access.opened(night.lind, "CAREMGT"):
        assert Encounter.objects.get(pk=encounter_id).card_id == card_of(referral).pk
        assert Person.objects.about(subject_id).get().described_as == planted.person


def test_a_card_is_taken_once(night, referral):
    open_card(night, referral)

    second = night.post(night.varga, "open_card", card_of(referral).pk)

    assert second.status_code == 302
    assert second["Location"] == "/tonight/"
    assert b"A colleague has opened" in night.get(night.varga, "tonight").content


def test_a_card_opened_for_somebody_known_joins_their_record(night, referral, incident):
    _first, subject_id = open_card(night, referral)
    arrive(incident)

    answer = night.post(night.lind, "open_card", card_of(incident).pk, client=str(subject_id))

    with access.opened(night.lind, "CAREMGT"):
        assert Person.objects.count() == 1
        assert Encounter.objects.about(subject_id).count() == 2
    assert answer.status_code == 302


def test_a_medic_refers_in_and_reads_one_word(night):
    medic = factories.make_principal("ellis", role="referrer", program=night.program)
    sent = night.post(
        medic, "refer_in", person="woman 60s", location="Elm Street", reasons=["basic_needs"], agreed="yes"
    )

    assert sent["Location"] == "/refer-in/received/"
    assert b"Received" in night.get(medic, "referred_in").content
    assert b"woman 60s" in night.get(night.lind, "tonight").content
    assert night.get(medic, "tonight").status_code == 404
