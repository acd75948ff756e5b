"""A client, their worker, a partner with a machine, and the forms that let the one tell the other."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from consent import access, services
from consent.engine import forms
from consent.models import Consent, Determination, Organization, Principal, Program
from referrals.partners import services as partners
from referrals.partners.models import PartnerReferral
from tests import factories
from tests.oracle.canary import Place
from tests.referrals.machines import Machine, make_machine

SEGMENTS = ("DEM", "SUDP2")


@dataclass(kw_only=True)
class Story:
    """Who is in it."""

    worker: Principal
    program: Program
    partner: Organization
    machine: Machine
    sam: uuid.UUID
    consents: list[Consent]

    def sign(self, *, purposes: tuple[str, ...] = ("TREAT", "COC", "CAREMGT"), **more: Any) -> None:
        """Sam signs a HIPAA authorization and a Part 2 consent for the partner."""
        now = timezone.now()
        with access.opened(self.worker, "CAREMGT"):
            for form in ("HIPAA-AUTH", "P2-SPEC"):
                keys = {*forms.KEYS[form], *forms.OPTIONAL_KEYS} if form == "P2-SPEC" else {*forms.KEYS[form]}
                values: dict[str, Any] = {
                    "form": form,
                    "subject_id": self.sam,
                    "program": self.program,
                    "recipients": [
                        {"type": self.partner.kind, "organization": str(self.partner.uid), "unit": ""}
                    ],
                    "segments": SEGMENTS,
                    "purposes": purposes,
                    "elements": dict.fromkeys(keys - {"p.intermediary", "p.fundraise"}, "as on the form"),
                    "signed_at": now - timedelta(minutes=5),
                    "ends_at": now + timedelta(days=90),
                    "explained_by": self.worker,
                }
                self.consents.append(services.record_consent(**(values | more)))

    def revoke(self) -> None:
        """Sam takes every form back, in writing."""
        with access.opened(self.worker, "CAREMGT"):
            for consent in self.consents:
                services.revoke_consent(consent=consent, how="written", by=self.worker, at=timezone.now())

    def refer(self, **more: Any) -> PartnerReferral:
        """The worker refers Sam to the partner; what goes holds canaries."""
        values: dict[str, Any] = {
            "subject_id": self.sam,
            "program": self.program,
            "organization": self.partner,
            "segments": SEGMENTS,
            "content": {
                "DEM": {"name": "as known to the program"},
                "SUDP2": {"reason": "asks for treatment"},
            },
            "by": self.worker,
        }
        with access.opened(self.worker, "CAREMGT"):
            return partners.refer(**(values | more))


def make_story(kind: str = "treating_provider_ce") -> Story:
    """The program, its determination, Sam's worker and the partner; nothing signed yet."""
    program = factories.make_program("POST")
    determination = Determination.objects.create(
        p2_status="program",
        hipaa_legal="covered_component",
        mhpa_facility="no",
        vs_regime="none",
        hmis_cho=False,
        signed_by="Counsel",
        begins_at=timezone.now() - timedelta(days=30),
    )
    determination.programs.add(program)
    number = uuid.uuid4().hex[:8]
    worker = factories.make_principal(f"worker-{number}", role="social worker", program=program)
    partner = factories.make_organization(f"Clinic {number}", kind=kind)
    sam = uuid.uuid4()
    with access.opened("system:grants", "HOPERAT"):
        services.open_compartment(sam, program, services.profile(program).note)
        services.assign(subject_id=sam, program=program, principal=worker)
    return Story(
        worker=worker,
        program=program,
        partner=partner,
        machine=make_machine(partner),
        sam=sam,
        consents=[],
    )


def canaries_for(story: Story, compartment: Any) -> dict[str, dict[str, str]]:
    """Content whose every value is a planted canary."""
    record = f"release-{uuid.uuid4().hex[:8]}"

    def token(segment: str, field: str) -> str:
        place = Place(
            segment=segment, record=record, field=field, subject=story.sam, compartment=compartment.pk
        )
        return factories.world.token(place)

    return {"DEM": {"name": token("DEM", "name")}, "SUDP2": {"reason": token("SUDP2", "reason")}}
