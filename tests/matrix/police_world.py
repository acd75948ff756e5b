"""The police side's matrix: officers of two zones and a call and a referral for every kind of record."""

import uuid
from typing import Any

from django.utils import timezone

from consent import access
from consent.models import Compartment, Program
from policecore.models import Incident, OfficerReferral, Zone
from policecore.services import set_up_units
from tests import factories
from tests.matrix.world import (
    Somebody,
    Standing,
    World,
    browser_of,
    deactivated,
    grant_all,
    locked,
    make_compartments,
    office,
    standings,
)

PURPOSE = "X-REFERRAL-IN"


def build(world: World) -> None:
    """Everybody and everything of the police side."""
    bureau = factories.make_organization("Bureau", kind="law_enforcement", is_criminal_justice_agency=True)
    set_up_units(organization=bureau, signed_by="City solicitor")
    here, there = (Program.objects.get(slug=slug) for slug in ("ZONE2", "ZONE5"))
    compartments = make_compartments(here)
    writer = factories.make_principal("writer", role="officer", program=here, employer=bureau)
    for compartment in compartments:
        factories.grant(writer, compartment, purposes=[PURPOSE])
        _records(world, compartment, writer)

    def somebody(name: str, role: str, program: Program | None = here, **more: Any) -> Somebody:
        principal = factories.make_principal(
            name.replace(" ", "-"), role=role or None, program=program, employer=bureau
        )
        return Somebody(name=name, browser=browser_of(principal), roles=frozenset({role} - {""}), **more)

    for role in ("officer", "analyst", "triage clinician"):
        # how a grant stands is nothing to the role: all ways for two, two for the third
        ways = (
            standings(PURPOSE) if role != "triage clinician" else (next(standings(PURPOSE)), Standing.never())
        )
        for standing in ways:
            principal = factories.make_principal(
                f"{role} {standing.name}".replace(" ", "-"), role=role, program=here, employer=bureau
            )
            grant_all(principal, compartments, standing)
            world.people.append(
                Somebody(
                    name=f"{role}, {standing.name}", browser=browser_of(principal), roles=frozenset({role}),
                    reads=standing.opens, writes=standing.opens and standing.writes,
                )
            )  # fmt: skip
    office("police supervisor", compartments, purposes=[PURPOSE])
    world.people += [
        somebody("supervisor here", "police supervisor", reads=True),
        somebody("supervisor there", "police supervisor", there),
        somebody("officer there", "officer", there),
        somebody("somebody without a role", "", None),
    ]
    for name, take_away in (("locked", None), ("deactivated", deactivated)):
        principal = factories.make_principal(f"officer-{name}", role="officer", program=here, employer=bureau)
        grant_all(principal, compartments, next(standings(PURPOSE)))
        browser = take_away(principal) if take_away else locked(browser_of(principal))
        world.people.append(
            Somebody(name=name, browser=browser, signed_in=False, is_locked=take_away is None)
        )
    bare = factories.make_principal("superuser", is_superuser=True, employer=bureau)
    world.people.append(Somebody(name="superuser", browser=browser_of(bare)))


def _records(world: World, compartment: Compartment, writer: Any) -> None:
    segments, zone = tuple(compartment.scope.segments), Zone.objects.get(slug="ZONE2")
    incident = _record(
        Incident, compartment, writer, zone=zone, layout="matrix", external_id=uuid.uuid4().hex,
        call_type="OVERDOSE", call_group="EMS", kind="overdose", occurred_at=timezone.now(),
    )  # fmt: skip
    referral = _record(OfficerReferral, compartment, writer, made_by=writer, incident_id=None)
    world.ids |= {(segments, "incident"): incident.pk, (segments, "referral"): referral.pk}


def _record(model: Any, compartment: Compartment, writer: Any, **codes: Any) -> Any:
    texts = {
        name: value for name, value in factories.canaries(model, compartment).items() if name not in codes
    }
    with access.opened(writer, PURPOSE):
        return model.objects.create(compartment=compartment, **texts, **codes)
