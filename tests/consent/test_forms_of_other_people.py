"""What a question costs doesn't grow with the forms of people whom it isn't about."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from consent import access
from consent.models import Consent
from tests import factories

pytestmark = pytest.mark.django_db
FORMS_OF_OTHERS, AT_ONCE = 3_000, 1_000  # the ledger's entry names each that is written, and has an end


def sign_for_others(cast: factories.Cast) -> None:
    """Forms of as many other people, a few transactions' worth."""
    forms = [
        Consent(
            compartment=cast.compartment,
            form="P2-SPEC",
            subject_id=uuid.uuid4(),
            program=cast.program,
            recipients=[],
            segments=["SUDP2"],
            purposes=["TREAT"],
            elements={},
            signed_at=timezone.now() - timedelta(days=1),
        )
        for _ in range(FORMS_OF_OTHERS)
    ]
    for first in range(0, FORMS_OF_OTHERS, AT_ONCE):
        with access.opened(cast.lind, "TREAT"):
            Consent.objects.bulk_create(forms[first : first + AT_ONCE])


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for part in plan.get("Plans", ()) for node in nodes(part))]


def test_the_forms_of_one_client_are_found_by_an_index_among_thousands() -> None:
    cast = factories.make_cast()
    sign_for_others(cast)

    with access.opened("system:grants", "HOPERAT"):
        rows = Consent.objects.filter(subject_id=cast.sam, program=cast.program)
        (explained,) = json.loads(rows.order_by("signed_at", "pk").explain(format="json", analyze=True))

    found = [node for node in nodes(explained["Plan"]) if node.get("Relation Name") == "consent_consent"]
    assert {node["Node Type"] for node in found} <= {"Index Scan", "Bitmap Heap Scan"}
    assert sum(node.get("Rows Removed by Filter", 0) for node in found) == 0
