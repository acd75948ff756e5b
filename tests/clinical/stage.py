"""A co-response unit on a night: Lind and Varga on duty, Oduya at the ledger, a clinic that could help."""

import uuid
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clinical import handlers
from clinical.intake.services import open_duty_unit
from clinical.models import Card, Client, Encounter
from consent import access
from consent.models import Compartment, Determination, Organization, Principal, Program
from referrals.services import IncidentHanded, ReferralMade
from tests import factories
from tests.oracle.canary import Canary, Place
from tests.oracle.canary import planted as registry

# What was planted, by the person's name: their card gets the subject that the oracle knows.
PLANTED: dict[str, SimpleNamespace] = {}
SEEN_AT = datetime(2026, 11, 24, 2, 14, tzinfo=UTC)


@dataclass
class Night:
    """Who is there, and how they come to the site."""

    program: Program
    part2: Program
    lind: Principal
    varga: Principal
    peer: Principal
    oduya: Principal
    clinic: Organization
    browsers: dict[Any, Browser] = field(default_factory=dict)

    def browser(self, principal: Principal) -> Browser:
        """A signed-in browser of ``principal``."""
        if principal.pk not in self.browsers:
            browser = Browser()
            browser.force_login(principal, backend="consent.backend.GrantBackend")
            self.browsers[principal.pk] = browser
        return self.browsers[principal.pk]

    def get(self, principal: Principal, page: str, *args: Any, **kwargs: Any) -> Any:
        """A page of the clinical site."""
        return self.browser(principal).get(reverse(f"clinical:{page}", args=args), **kwargs)

    def post(self, principal: Principal, page: str, *args: Any, **data: Any) -> Any:
        """A form of the clinical site."""
        return self.browser(principal).post(reverse(f"clinical:{page}", args=args), data)


def determined(program: Program, **statuses: Any) -> Program:
    """Counsel signed these statuses about ``program`` a year ago."""
    made = Determination.objects.create(
        **{"mhpa_facility": "no", "vs_regime": "none", "hipaa_legal": "covered_component"} | statuses,
        signed_by="Counsel", begins_at=timezone.now() - timedelta(days=365),
    )  # fmt: skip
    made.programs.add(program)
    return program


def make_night() -> Night:
    """The night."""
    program = determined(factories.make_program("CO-RESPONSE"), p2_status="none")
    part2 = determined(factories.make_program("POST"), p2_status="program")
    made = Night(
        program=program,
        part2=part2,
        lind=factories.make_principal("lind", role="social worker", program=program),
        varga=factories.make_principal("varga", role="social worker", program=program),
        peer=factories.make_principal("pat", role="peer", program=part2),
        oduya=factories.make_principal("oduya", role="compliance officer", program=program),
        clinic=factories.make_organization("Riverside Clinic", kind="treating_provider_ce"),
    )
    with access.opened("system:grants", "HOPERAT"):
        open_duty_unit(program)
        open_duty_unit(part2)
    return made


def canaries_of(about: str) -> SimpleNamespace:
    """Planted values of one card, before anybody knows whom it is about."""
    subject = uuid.uuid4()

    def where(name: str) -> Place:
        return Place(segment="REFIN", record=f"{about}-{subject}", field=name, subject=subject)

    return SimpleNamespace(
        subject=subject,
        person=factories.world.surname(where("person")),
        location=factories.world.token(where("location")),
        safety=factories.world.token(where("safety_note")),
        phone=factories.world.phone(where("contact")),
    )


def make_referral(planted: SimpleNamespace) -> ReferralMade:
    """An officer's referral, as the envelope carries it."""
    PLANTED[planted.person] = planted
    return ReferralMade(
        referral_id=uuid.uuid4(), incident_id=None, person_as_known=planted.person, contact=planted.phone,
        reasons=("basic needs",), suggested_program="", agreed="yes", safety_note=planted.safety,
        seen_at=SEEN_AT, zone="ZONE2", location=planted.location, call_type="CHECK ON WELFARE",
    )  # fmt: skip


def make_incident() -> IncidentHanded:
    """A call handed to the unit."""
    return IncidentHanded(
        incident_id=uuid.uuid4(), call_type="MENTAL HEALTH CRISIS", location="100 block of Elm Street",
        zone="DOWNTOWN", occurred_at=SEEN_AT, description="caller asks for a social worker",
    )  # fmt: skip


def arrive(value: ReferralMade | IncidentHanded) -> None:
    """The envelope is opened on this side."""
    planted = PLANTED.get(getattr(value, "person_as_known", ""))
    handle = handlers.referral_made if isinstance(value, ReferralMade) else handlers.incident_handed
    new_id = patch("clinical.intake.services.uuid4", lambda: planted.subject) if planted else nullcontext()
    with new_id, access.opened("system:intake", "X-REFERRAL-IN"):
        handle(value, uuid.uuid4())
    if planted:
        plant(planted, card_of(value).compartment, "person", "location", "safety", "phone")


def plant(planted: SimpleNamespace, compartment: Compartment, *names: str) -> None:
    """Tell the oracle that these values now stand in ``compartment`` as well."""
    kinds = {"person": "name", "location": "token", "safety": "token", "phone": "phone"}
    for name in names:
        registry.plant(
            Canary(
                kind=kinds[name], text=getattr(planted, name), segment=" ".join(compartment.scope.segments),
                record="stage", field=name, subject=compartment.subject_id, compartment=compartment.pk,
            )
        )  # fmt: skip


def card_of(value: ReferralMade | IncidentHanded) -> Any:
    """The card that it became."""
    origin = value.referral_id if isinstance(value, ReferralMade) else value.incident_id
    with access.opened("system:intake", "X-REFERRAL-IN"):
        return Card.objects.select_related("compartment__scope").get(origin_id=origin)


def open_card(
    night: Night, value: ReferralMade | IncidentHanded, by: Principal | None = None
) -> tuple[uuid.UUID, uuid.UUID]:
    """Lind, or somebody else, opens the card: the encounter's id and the client's."""
    by = by or night.lind
    arrive(value)
    card = card_of(value)
    answer = night.post(by, "open_card", card.pk)
    assert answer.status_code == 302, answer.content
    encounter_id = uuid.UUID(answer["Location"].split("/")[2])
    subject_id = card.compartment.subject_id
    if planted := PLANTED.get(card.person):
        with access.opened(by, "CAREMGT"):
            person = Client.objects.select_related("compartment__scope").about(subject_id).get()
            encounter = Encounter.objects.select_related("compartment__scope").get(pk=encounter_id)
            plant(planted, person.compartment, "person", "phone")
            plant(planted, encounter.compartment, "location")
    return encounter_id, subject_id
