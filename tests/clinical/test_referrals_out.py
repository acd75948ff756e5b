"""A referral goes where a valid form lets it, shows what goes and what stays, and closes with the form."""

import pytest

from consent import access
from referrals.partners.models import PartnerReferral, Release
from tests import factories
from tests.clinical.stage import open_card
from tests.clinical.test_consents import consents, whole

pytestmark = pytest.mark.django_db
MESSAGE = "please see them this week"


@pytest.fixture
def subject(night, referral):
    _encounter, subject_id = open_card(night, referral)
    return subject_id


@pytest.fixture
def machine(night):
    """The clinic's own machine."""
    return factories.make_principal(
        "clinic-machine", role="partner machine", program=night.program, employer=night.clinic, kind="machine"
    )


def refer(night, subject, **more):
    return night.post(night.lind, "refer", subject, night.clinic.uid, **{"message": MESSAGE} | more)


def releases_read_by(machine):
    with access.opened(machine, "COC"):
        return list(Release.objects.all())


def test_without_a_consent_nothing_goes_and_the_page_says_which_form_is_missing(night, subject):
    other = factories.make_organization("Corner Pantry", kind="social_service_org")

    page = night.get(night.lind, "refer", subject, other.uid).content.decode()
    night.post(night.lind, "refer", subject, other.uid, message=MESSAGE)

    assert "Nothing can go to them yet" in page
    assert "hipaa authorization" in page
    with access.opened(night.lind, "CAREMGT"):
        assert not PartnerReferral.objects.exists()


def test_with_a_consent_what_was_ticked_goes_and_nothing_else(night, subject, machine, planted):
    night.post(night.lind, "take_consent", subject, **whole(night))

    chosen = night.get(night.lind, "choose_partner", subject).content.decode()
    refer(night, subject, needs="a bed", person=["phone"])

    release = releases_read_by(machine)[0]
    assert "A valid consent names them" in chosen
    assert release.content["MH"] == {"message": MESSAGE}
    assert release.content["CASE"] == {"needs": "a bed"}
    assert set(release.content["DEM"]) == {"phone"}
    assert b"Requested" in night.get(night.lind, "handoffs").content


@pytest.mark.django_db(transaction=True)  # an end is seen by the next transaction
def test_a_revocation_closes_the_partners_release_at_once(night, subject, machine):
    night.post(night.lind, "take_consent", subject, **whole(night))
    refer(night, subject)
    assert releases_read_by(machine)

    night.post(night.lind, "take_back", consents(night)[0].pk, how="oral")

    assert not releases_read_by(machine)


def test_a_colleague_sees_no_referral(night, subject):
    night.post(night.lind, "take_consent", subject, **whole(night))
    sent = refer(night, subject)

    assert night.browser(night.varga).get(sent["Location"]).status_code == 404
    assert b"Riverside Clinic" not in night.get(night.varga, "handoffs").content


def test_a_form_that_names_one_partner_and_treating_providers_opens_to_both(night, subject):
    pantry = factories.make_organization("Corner Pantry", kind="social_service_org")
    stranger = factories.make_organization("Hill Pantry", kind="social_service_org")
    night.post(night.lind, "take_consent", subject, **whole(night, to=[str(pantry.uid), "treating"]))

    pages = {
        each.name: night.get(night.lind, "refer", subject, each.uid).content.decode()
        for each in (pantry, night.clinic, stranger)
    }

    assert [name for name, page in pages.items() if "Nothing can go" in page] == ["Hill Pantry"]
