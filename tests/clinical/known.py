"""Clients with names that are no canaries, so that a page may say again what was typed."""

import uuid
from typing import Any

from django.utils import timezone

from clinical.encounters.services import begin_encounter
from clinical.models import Client
from consent import access
from consent.models import Principal, Program


def make_known(by: Principal, program: Program, **known: Any) -> Client:
    """A client whom ``by`` met and wrote down."""
    with access.opened(by, "CAREMGT", plan=access.GATHER):
        encounter = begin_encounter(
            subject_id=uuid.uuid4(), program=program, by=by, at=timezone.now(), client=known
        )
        subject_id = encounter.compartment.subject_id
        return Client.objects.about(subject_id).select_related("compartment__scope__program", "unit").get()
