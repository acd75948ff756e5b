"""What the factories make is full of canaries, each known by subject and compartment."""

import pytest
from django.apps import apps

from consent import access
from tests import factories
from tests.architecture.models import protected_models
from tests.oracle.canary import planted
from tests.oracle.scan import scan

PROTECTED = protected_models(apps.get_models())
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", PROTECTED, ids=lambda model: model._meta.label)
def test_every_text_of_a_protected_model_gets_a_canary_of_its_own(model):
    compartment = factories.make_cast().compartment

    made = factories.canaries(model, compartment)

    found = scan(repr(made).encode())
    texts = [value for value in made.values() if not hasattr(value, "isoformat")]
    assert len({canary.field for canary in found if canary.kind != "date"}) >= len(texts)
    assert all(canary.compartment == compartment.pk for canary in found if canary.kind == "token")
    assert all(canary.subject == compartment.subject_id for canary in found if canary.kind == "token")


@pytest.mark.side("clinical")
def test_a_client_is_known_by_name_birth_date_and_phone():
    cast = factories.make_cast()

    client = factories.make_client(cast.compartment, by=cast.lind)

    text = f"{client.family_name} {client.born_on} {client.phone}".encode()
    kinds = {canary.kind for canary in scan(text, planted) if canary.compartment == cast.compartment.pk}
    assert kinds == {"name", "date", "phone"}


def test_varga_learns_nothing_of_what_lind_wrote():
    cast = factories.make_cast()
    factories.make_consent(cast.compartment, by=cast.lind)

    with access.opened(cast.varga, "TREAT"):
        assert factories.Consent.objects.count() == 0
