"""The city's programs with what counsel determined about each, as the demonstration has them."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from consent.models import Program
from tests import factories
from tests.clinical.stage import determined

DETERMINED = timezone.now()
_STATUSES: dict[str, dict[str, Any]] = {
    "CO-RESPONSE": {"p2_status": "lawful_holder"},
    "PINS": {"p2_status": "lawful_holder"},
    "LEAD": {"p2_status": "program"},
    "POST": {"p2_status": "program"},
    "TSAP": {"p2_status": "lawful_holder", "vs_regime": "voca", "hipaa_legal": "not_covered"},
    "ROOTS": {"p2_status": "lawful_holder", "hmis_cho": True, "in_privacy_notice": True},
}


def _make(slug: str) -> Callable[[], Program]:
    def make() -> Program:
        program = factories.make_program(slug)
        return determined(program, **_STATUSES[slug]) if slug in _STATUSES else program

    return make


PROGRAMS = {slug: _make(slug) for slug in (*_STATUSES, "ROOTS-DROPIN")}
