"""A small city: its zones and units, officers on duty, and a few calls, each with canaries."""

import re
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from typing import Any

from django.test import Client
from django.utils import timezone

from consent import access, services
from consent.models import Compartment, Organization, Principal, Program
from policecore.models import Incident, Zone, calls_of
from policecore.services import set_up_units
from tests.factories import make_organization, make_principal, place, world

PURPOSE = "X-REFERRAL-IN"


@dataclass(frozen=True, kw_only=True)
class City:
    """Oduya supervises zone 2 and the feed; Lind patrols zone 2; Varga, of zone 5, must never learn anything."""

    bureau: Organization
    oduya: Principal
    lind: Principal
    varga: Principal
    analyst: Principal
    triager: Principal
    numbers: Any = field(default_factory=lambda: iter(range(1, 10_000)))


def make_city() -> City:
    bureau = make_organization("Bureau of Police", kind="law_enforcement", is_criminal_justice_agency=True)
    set_up_units(organization=bureau, signed_by="City solicitor")

    def officer(name: str, role: str, *units: str) -> Principal:
        from tests.factories import make_membership

        principal = make_principal(name, employer=bureau)
        for slug in units:
            make_membership(principal, role=role, program=unit(slug))
        return principal

    return City(
        bureau=bureau,
        oduya=officer("oduya", "police supervisor", "ZONE2", "CAD"),
        lind=officer("lind", "officer", "ZONE2"),
        varga=officer("varga", "officer", "ZONE5"),
        analyst=officer("analyst", "analyst", "ZONE2", "CAD"),
        triager=officer("ayo", "triage clinician", "ZONE2"),
    )


def unit(slug: str) -> Program:
    return Program.objects.select_related("unit").get(slug=slug)


def make_call(zone_slug: str = "ZONE2", **more: Any) -> Incident:
    """A call in a zone; its place and dispatch text are canaries."""
    zone = Zone.objects.select_related("unit").get(slug=zone_slug)
    with access.opened("system:import", PURPOSE):
        compartment = services.open_compartment(**calls_of(zone.unit))
        fields = {
            "call_type": "OVERDOSE",
            "call_group": "EMS",
            "kind": "overdose",
            "location": canary(compartment, "location"),
            "description": canary(compartment, "description"),
            "occurred_at": timezone.now() - timedelta(minutes=30),
        } | more
        return Incident.objects.bulk_create(
            [
                Incident(
                    compartment=compartment, zone=zone, layout="test", external_id=uuid.uuid4().hex, **fields
                )
            ]
        )[0]


def canary(compartment: Compartment, name: str) -> str:
    return world.token(place(compartment, name))


def browser_of(principal: Principal) -> Client:
    client = Client()
    client.force_login(principal, backend="consent.backend.GrantBackend")
    return client


def links(page: Any) -> dict[str, str]:
    """Link text → address, as the page has them."""
    found = re.findall(r'<a\b[^>]*\bhref="([^"]*)"[^>]*>(.*?)</a>', page.content.decode(), re.DOTALL)
    return {unescape(re.sub(r"<[^>]*>", "", text)).strip(): unescape(address) for address, text in found}


def form_of(page: Any) -> dict[str, Any]:
    """What the page's form would send if *Send* were tapped now: hidden, ticked and prefilled fields."""
    said: dict[str, Any] = {}
    for tag in re.findall(r"<input\b[^>]*>", page.content.decode()):
        attribute = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        kind, name = attribute.get("type", "text"), attribute.get("name", "")
        ticked = kind not in ("radio", "checkbox") or re.search(r"\schecked\b", tag)
        if name and name != "csrfmiddlewaretoken" and ticked:
            said[name] = unescape(attribute.get("value", ""))
    return said


def text_of(page: Any) -> str:
    body = re.sub(r"<(script|style)\b.*?</\1>", "", page.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())
