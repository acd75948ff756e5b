"""A street outreach program with a desk, one for victims, one after overdoses; and who works where."""

from dataclasses import dataclass
from typing import Any

from clinical.intake.services import open_duty_unit
from consent import access, services
from consent.models import Principal, Program
from tests import factories
from tests.clinical.stage import Night, determined, make_night


@dataclass(kw_only=True)
class City(Night):
    """The night, and three programs beside it, each a legal unit of its own.

    Attributes:
        otis, solveig: Work for ROOTS.
        beatrix: Works for TSAP; ``agnes`` supervises it.
    """

    roots: Program
    tsap: Program
    otis: Principal
    solveig: Principal
    beatrix: Principal
    agnes: Principal


def make_city() -> City:
    """Everybody at their desks."""
    night = make_night()
    roots = determined(
        factories.make_program("ROOTS"), p2_status="lawful_holder", hmis_cho=True, in_privacy_notice=True
    )
    tsap = determined(
        factories.make_program("TSAP"), p2_status="lawful_holder", vs_regime="voca", hipaa_legal="not_covered"
    )
    people: dict[str, Any] = {
        "otis": factories.make_principal("otis", role="social worker", program=roots),
        "solveig": factories.make_principal("solveig", role="peer", program=roots),
        "beatrix": factories.make_principal("beatrix", role="social worker", program=tsap),
        "agnes": factories.make_principal("agnes", role="clinical supervisor", program=tsap),
    }
    with access.opened("system:grants", "HOPERAT"):
        open_duty_unit(roots)
        open_duty_unit(tsap)
        for kind in ("identity", "enrolment", "note", "duty"):
            segments = getattr(services.profile(tsap), kind)
            services.open_office(program=tsap, segments=segments, role="clinical supervisor")
    given = {name: getattr(night, name) for name in night.__dataclass_fields__}
    return City(**given, roots=roots, tsap=tsap, **people)
