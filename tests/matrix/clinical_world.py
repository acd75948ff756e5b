"""The clinical side's matrix: staff of two programs, partners' machines, and a client for every kind of record."""

import uuid
from datetime import timedelta
from typing import Any

from django.http import QueryDict
from django.test import Client as Browser
from django.utils import timezone

from clinical.bench.table import Table
from clinical.models import (
    BenchScenario,
    Card,
    Encounter,
    Episode,
    EpisodeRecord,
    HealthFact,
    Lowering,
    Note,
    Phone,
    Screening,
    SignedPaper,
    Window,
)
from consent import access
from consent.models import Compartment, LedgerEntry, Organization, Program, Restriction
from referrals.partners.models import PartnerReferral
from tests import factories
from tests.clinical.photos import photo
from tests.clinical.stage import determined
from tests.clinical.test_bench import QUESTION
from tests.matrix import outreach_world, plan_world
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
from tests.referrals.machines import make_machine

PICTURE = photo(200, 200)
CARE_TEAM = ("social worker", "peer", "case manager")


def build(world: World) -> None:
    """Everybody and everything of the clinical side."""
    here = determined(factories.make_program("CO-RESPONSE"), p2_status="none")
    there = determined(factories.make_program("POST"), p2_status="program")
    compartments = make_compartments(here)
    writer = factories.make_principal("writer", role="social worker", program=here)
    for compartment in compartments:
        factories.grant(writer, compartment)
    _records(world, compartments, writer)
    _things_of_roles(world, writer)
    _staff(world, here, there, compartments)
    _without_a_session(world, here, compartments)
    _machines(world)
    world.by_role["program"] = here.uid
    reader = factories.make_principal("reader", role="compliance officer", program=here)
    with access.opened(reader, "HCOMPL"):
        world.by_role["entry"] = LedgerEntry.objects.earliest("at").pk


def _records(world: World, compartments: list[Compartment], writer: Any) -> None:
    partner = factories.make_organization("A clinic", kind="treating_provider_ce")
    world.by_role["partner"] = partner.uid
    for compartment in compartments:
        segments = tuple(compartment.scope.segments)
        client = factories.make_client(compartment, by=writer)
        encounter = _record(Encounter, compartment, writer, by=writer, opened_at=timezone.now())
        _record(Note, compartment, writer, author=writer, encounter=encounter)
        card = _record(Card, compartment, writer, kind="referral", origin_id=uuid.uuid4())
        episode = _record(
            Episode, compartment, writer, definition="co-response", version=1, source="self", stage="watch",
            stage_since=timezone.now(), opened_at=timezone.now(), opened_by=writer, closing_reason="",
        )  # fmt: skip
        written = _record(
            EpisodeRecord, compartment, writer, episode=episode, kind="link", version=1, author=writer,
            happened_at=timezone.now(),
        )  # fmt: skip
        consent = factories.make_consent(compartment, by=writer, purpose="CAREMGT")
        paper = _record(
            SignedPaper, compartment, writer, consent=consent, picture=PICTURE, width=1, height=1, by=writer,
        )  # fmt: skip
        limit = _record(
            Restriction, compartment, writer, subject_id=compartment.subject_id, segments=["CASE"],
            program=compartment.scope.program, recipients=["health_plan"], agreed_by=writer,
        )  # fmt: skip
        referral = _record(
            PartnerReferral, compartment, writer, organization=partner, program=compartment.scope.program,
            purpose="COC", segments=list(segments), segments_withheld=[], referred_by=writer, reject_reason="", outcome="",
        )  # fmt: skip
        screening = _record(Screening, compartment, writer, by=writer, instrument="cssrs", version="1")
        now = timezone.now()
        window = _record(
            Window, compartment, writer, rule="after_ed", encounter=encounter, owner=writer, begins_at=now,
            due_at=now + timedelta(days=7),
        )  # fmt: skip
        subject = client.compartment.subject_id
        found = {
            "subject": subject,
            "encounter": encounter.pk,
            "card": card.pk,
            "consent": consent.pk,
            "paper": paper.pk,
            "limit": limit.pk,
            "handoff": referral.pk,
            "screening": screening.pk,
            "episode": episode.pk,
            "episode_record": written.pk,
            "window": window.pk,
        }
        found |= _labelled(compartment, writer)
        found |= outreach_world.records(_record, compartment, writer)
        found |= plan_world.records(_record, compartment, writer)
        world.ids |= {(segments, kind): id_ for kind, id_ in found.items()}


def _labelled(compartment: Compartment, writer: Any) -> dict[str, uuid.UUID]:
    """A coded fact, and the wish to keep it less closely."""
    fact = _record(HealthFact, compartment, writer, by=writer, what="condition", system="icd10cm")
    asked = _record(
        Lowering, compartment, writer, record="healthfact", record_id=fact.pk, takes_away=["MED"], asked_by=writer,
    )  # fmt: skip
    return {"fact": fact.pk, "lowering": asked.pk}


def _record(model: Any, compartment: Compartment, writer: Any, **codes: Any) -> Any:
    """A row of canaries, but for what is a code or an id."""
    texts = {
        name: value for name, value in factories.canaries(model, compartment).items() if name not in codes
    }
    with access.opened(writer, "CAREMGT"):
        return model.objects.create(compartment=compartment, **texts, **codes)


def _things_of_roles(world: World, writer: Any) -> None:
    posted = QueryDict(mutable=True)
    for name, value in QUESTION.items():
        posted.setlist(name, value if isinstance(value, list) else [value])
    asked = Table.posted(posted)
    assert asked.is_whole()
    scenario = BenchScenario.objects.create(name="An emergency", question=asked.written(), created_by=writer)
    world.by_role["slug"] = "cssrs"  # of an instrument
    world.by_role["program"] = "CO-RESPONSE"
    world.by_role["record"] = "healthfact"  # of a lowered label
    world.by_role["scenario"] = scenario.pk
    world.by_role["form"] = "note"  # of an encounter's forms, the one whose draft is kept
    now = timezone.now()
    phone = Phone.objects.create(pk=uuid.uuid4(), principal=writer, first_seen_at=now, seen_at=now)
    world.by_role["phone"] = phone.pk


def _staff(world: World, here: Program, there: Program, compartments: list[Compartment]) -> None:
    def somebody(name: str, role: str, program: Program | None = here, **more: Any) -> Somebody:
        principal = factories.make_principal(name.replace(" ", "-"), role=role or None, program=program)
        return Somebody(name=name, browser=browser_of(principal), roles=frozenset({role} - {""}), **more)

    for role in CARE_TEAM:
        # how a grant stands is nothing to the role: all ways for one, two for the others
        for standing in standings() if role == CARE_TEAM[0] else (Standing.always(), Standing.never()):
            principal = factories.make_principal(
                f"{role} {standing.name}".replace(" ", "-"), role=role, program=here
            )
            grant_all(principal, compartments, standing)
            world.people.append(
                Somebody(
                    name=f"{role}, {standing.name}", browser=browser_of(principal), roles=frozenset({role}),
                    reads=standing.opens, writes=standing.opens and standing.writes,
                )
            )  # fmt: skip
    office("clinical supervisor", compartments)
    world.people += [
        somebody("supervisor here", "clinical supervisor", reads=True),
        somebody("supervisor there", "clinical supervisor", there),
        somebody("worker there", "social worker", there),
        somebody("program manager", "program manager"),
        somebody("compliance officer", "compliance officer"),
        somebody("privacy officer", "privacy officer"),
        somebody("referrer", "referrer"),
        somebody("somebody without a role", "", None),
    ]
    world.people += [_transferred(here, there, compartments), _police(here, compartments), *_superusers(here)]


def _transferred(here: Program, there: Program, compartments: list[Compartment]) -> Somebody:
    """Was a supervisor here until an hour ago, and is one there."""
    principal = factories.make_principal("transferred")
    hour = timedelta(hours=1)
    factories.make_membership(
        principal, role="clinical supervisor", program=here, ends_at=timezone.now() - hour
    )
    factories.make_membership(principal, role="clinical supervisor", program=there)
    return Somebody(
        name="transferred", browser=browser_of(principal), roles=frozenset({"clinical supervisor"})
    )


def _police(here: Program, compartments: list[Compartment]) -> Somebody:
    """A supervisor whose employer is a criminal justice agency: an office opens nothing for them."""
    bureau = Organization.objects.create(
        name="A bureau", kind="law_enforcement", is_criminal_justice_agency=True
    )
    principal = factories.make_principal(
        "seconded-officer", role="clinical supervisor", program=here, employer=bureau
    )
    return Somebody(
        name="seconded officer", browser=browser_of(principal), roles=frozenset({"clinical supervisor"})
    )


def _superusers(here: Program) -> list[Somebody]:
    bare = factories.make_principal("superuser", is_superuser=True)
    worker = factories.make_principal(
        "superuser-at-work", role="social worker", program=here, is_superuser=True
    )
    return [
        Somebody(name="superuser", browser=browser_of(bare)),
        Somebody(name="superuser at work", browser=browser_of(worker), roles=frozenset({"social worker"})),
    ]


def _without_a_session(world: World, here: Program, compartments: list[Compartment]) -> None:
    for name, take_away in (("locked", None), ("deactivated", deactivated)):
        principal = factories.make_principal(f"worker-{name}", role="social worker", program=here)
        grant_all(principal, compartments, next(standings()))
        browser = take_away(principal) if take_away else locked(browser_of(principal))
        world.people.append(
            Somebody(name=name, browser=browser, signed_in=False, is_locked=take_away is None)
        )


def _machines(world: World) -> None:
    """A partner's machine with a token, one whose account was closed since, and somebody's made-up token."""
    living, closed = make_machine(), make_machine()
    world.people += [
        Somebody(
            name="machine", browser=Browser(raise_request_exception=False), signed_in=False, token_lives=True,
            new_token=lambda: living.token(Browser()),
        ),
        _without_a_living_token("closed machine", closed.token(Browser())),
        _without_a_living_token("forged token", "0" * 43),
    ]  # fmt: skip
    closed.principal.is_active = False
    closed.principal.save(update_fields=["is_active"])


def _without_a_living_token(name: str, token: str) -> Somebody:
    browser = Browser(raise_request_exception=False)
    return Somebody(name=name, browser=browser, signed_in=False, new_token=lambda: token)
