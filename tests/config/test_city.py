"""The synthetic city: complete, invented, the same for the same seed, and made once."""

import json
import stat
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from config.city import calls, forms, names, people, plans
from consent import access, services
from consent.engine.forms import defects
from consent.models import Consent, EmergencyAccess, Holiday, Membership, Organization, Principal, Program
from consent.roles import PARTNER_MACHINE, ROLES_OF_SIDE

SMALL = {"clients": 20, "calls": 300}
NOON = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
TABLES = (
    "consent_organization", "consent_program", "consent_determination", "consent_agreement",
    "consent_principal", "consent_membership", "consent_compartment", "consent_grant",
    "consent_officegrant", "consent_ledgerentry",
)  # fmt: skip


def seed(state: Path, **options: object) -> str:
    said = StringIO()
    call_command("seed_city", state=state, stdout=said, **(SMALL | options))
    return said.getvalue()


@pytest.fixture(scope="module")
def state(database, django_db_blocker, tmp_path_factory):
    """A small city, seeded once for this file; the folder that holds its accounts."""
    folder = tmp_path_factory.mktemp("city")
    with django_db_blocker.unblock():
        seed(folder)
        yield folder
        database.copy()


@pytest.fixture
def city(state, django_db_blocker):
    with django_db_blocker.unblock():
        yield json.loads((state / f"seed-{settings.SIDE}.json").read_text())


def contents(database) -> dict[str, int]:
    """How many rows each table has that its owner can count (the oracle's policies let it)."""
    with database.login("owner") as owner:
        return {table: owner.execute(f"select count(*) from {table}").fetchone()[0] for table in TABLES}


def people_of_this_side() -> tuple[people.Person, ...]:
    return people.OF_SIDE[settings.SIDE]


def test_every_role_has_an_account_that_logs_in(city):
    expected = set(ROLES_OF_SIDE[settings.SIDE]) - {PARTNER_MACHINE}

    assert set(city["accounts"]) == expected
    for role, account in city["accounts"].items():
        assert account["username"] == role.replace(" ", "-")
        answer = Browser().post(
            reverse("account_login"), {"login": account["username"], "password": account["password"]}
        )
        assert answer.status_code == 302, role
        assert access.roles_of(Principal.objects.get(username=account["username"])) == {role}


def test_passwords_are_for_the_owner_of_the_installation_alone(state, city):
    passwords = [each["password"] for each in (city["accounts"] | city["colleagues"]).values()]

    assert stat.S_IMODE((state / f"seed-{settings.SIDE}.json").stat().st_mode) == 0o600
    assert len(set(passwords)) == len(passwords)
    assert min(len(each) for each in passwords) >= 20


def test_a_second_run_changes_nothing(state, city, database):
    before = contents(database), (state / f"seed-{settings.SIDE}.json").read_bytes()

    said = seed(state)

    assert said.strip().endswith("already seeded")
    assert (contents(database), (state / f"seed-{settings.SIDE}.json").read_bytes()) == before


def test_lost_accounts_get_new_passwords_and_nothing_else(city, database, tmp_path):
    before = contents(database)

    seed(tmp_path / "new")

    again = json.loads((tmp_path / "new" / f"seed-{settings.SIDE}.json").read_text())
    assert again["accounts"].keys() == city["accounts"].keys()
    after = contents(database)
    assert {table: after[table] - before[table] for table in TABLES if after[table] != before[table]} == {}


def test_the_other_sides_city_is_refused(state):
    with pytest.raises(CommandError, match="settings of the"):
        call_command("seed_city", side=settings.OTHER_SIDE, state=state)


def test_every_principal_is_invented_and_employed(city):
    known = {person.username: person.full_name for person in people_of_this_side()}

    for principal in Principal.objects.exclude(kind=Principal.Kind.MACHINE):
        assert principal.full_name == known[principal.username]
        assert principal.email.endswith("@example.org")
        assert principal.employer is not None


def test_nobody_of_the_bureau_works_in_a_program_of_care(city):
    if settings.SIDE == "clinical":
        assert not Principal.objects.filter(employer__is_criminal_justice_agency=True).exists()
    else:
        assert {each.employer.name for each in Principal.objects.all()} == {people.BUREAU}


@pytest.mark.side("clinical")
def test_every_kind_of_consent_is_there_in_every_state(city):
    now = datetime.now(UTC)
    with access.opened("system:grants", "HCOMPL"):
        rows = list(Consent.objects.select_related("program"))
        found = Counter((row.form, state_of(row, now)) for row in rows)

    kinds = {each.form for each in forms.FORMS}
    assert kinds == {
        "HIPAA-AUTH", "P2-TPO", "P2-SPEC", "P2-NOTES", "P2-PROC", "P2-CJ35", "VS-REL", "PA-MH", "PA-HIV", "MULTI-CONF",
    }  # fmt: skip
    assert {(kind, state) for kind in kinds for state in forms.STATES} <= set(found)


def state_of(consent: Consent, at: datetime) -> str:
    """The state that the engine finds the form in; another than the four fails the test."""
    found = set(defects(services.facts_of(consent), at))
    if consent.form == "P2-CJ35" and consent.revoked_at and found <= {"revoked"}:
        return (
            forms.REVOKED
        )  # taken back before it became revocable: kept, and perhaps without effect (2.35(c))
    if not found:
        return forms.VALID
    if found in ({"expired"}, {"revoked"}):
        return found.pop().replace("revoked", forms.REVOKED)
    blanks = {each.left_blank for each in forms.FORMS if each.form == consent.form}
    return forms.DEFECTIVE if len(found) == 1 and found <= blanks else f"unexpected: {sorted(found)}"


@pytest.mark.side("clinical")
def test_some_emergency_accesses_are_over_in_every_state_of_their_review(city):
    with access.opened("system:emergency", "HCOMPL"):
        rows = list(EmergencyAccess.objects.order_by("started_at"))

    now = timezone.now()
    assert not any(row.is_running(now) for row in rows)
    assert {row.verdict for row in rows} == {"appropriate", "not_appropriate", "follow_up", ""}
    assert any(row.answered_at for row in rows)
    assert any(row.due_at < now and not row.reviewed_at for row in rows), "one is overdue"
    assert not any(row.reviewer_id == row.principal_id for row in rows)


@pytest.mark.side("clinical")
def test_the_citys_holidays_are_weekdays_of_three_years(city):
    days = list(Holiday.objects.values_list("on", flat=True))

    assert len({day.year for day in days} - {min(days).year - 1}) >= 3
    assert all(day.weekday() < 5 for day in days)
    assert len(days) == 30


@pytest.mark.side("clinical")
def test_a_few_clients_are_known_twice_and_wait_at_a_matching_desk(city):
    from clinical.models import Pair

    with access.opened(Principal.objects.get(username="clinical-supervisor"), "HOPERAT"):
        alike = {each for pair in Pair.objects.waiting() for each in pair.alike}

    assert "sound" in alike


@pytest.mark.side("clinical")
def test_only_invented_people_are_clients(city):
    from clinical.models import Client

    seen = 0
    for worker in Principal.objects.filter(kind=Principal.Kind.PERSON):
        with access.opened(worker, "CAREMGT"):
            for client in Client.objects.all():
                seen += 1
                family = {client.family_name} | {
                    each for each in names.FAMILY if client.family_name == names.misspelt(each)
                }
                is_named = client.given_name in names.GIVEN and not family.isdisjoint(names.FAMILY)
                assert is_named or client.described_as.startswith("unknown, ")
                assert client.phone == "" or client.phone.startswith("412-555-01")
    assert seen >= SMALL["clients"]


@pytest.mark.side("clinical")
def test_no_record_is_without_a_compartment_and_each_says_its_scope(city, database):
    tables = (
        "clinical_client",
        "clinical_encounter",
        "clinical_note",
        "consent_consent",
        "consent_restriction",
    )
    with database.login("owner") as owner:
        for table in tables:
            nullable = owner.execute(
                "select is_nullable from information_schema.columns where table_name = %s "
                "and column_name in ('compartment_id', 'scope_key')",
                [table],
            ).fetchall()
            assert nullable == [("NO",), ("NO",)], table


@pytest.mark.side("clinical")
def test_the_drop_in_desk_is_undetermined_and_lets_nothing_out(city):
    program = Program.objects.get(slug="ROOTS-DROPIN")
    treatment = Organization.objects.get(name="Three Rivers Recovery Center")
    someone = plans.plan(how_many=20, seed=1, at=NOON)[-1]

    with access.opened("system:grants", "COC"):
        _asked, decision = services.decide_release(
            subject_id=someone.subject_id, program=program, segments=("DEM", "HMIS"), recipient=treatment,
            purpose="COC", at=datetime.now(UTC),
        )  # fmt: skip

    assert not program.determinations.exists()
    assert someone.program == "ROOTS-DROPIN"
    assert not decision.permitted


@pytest.mark.side("clinical")
def test_a_worker_sees_their_own_programs_clients_and_nobody_elses(city):
    from clinical.models import Client

    victims, crisis = (
        Principal.objects.get(username=name) for name in ("tsap-social-worker", "social-worker")
    )

    with access.opened(victims, "CAREMGT"):
        theirs = {client.unit.slug for client in Client.objects.select_related("unit")}
    with access.opened(crisis, "CAREMGT"):
        others = {client.unit.slug for client in Client.objects.select_related("unit")}

    assert theirs == {"victims"}
    assert others == {"care"}


@pytest.mark.side("clinical")
def test_outreach_has_a_desk_a_group_an_event_slips_and_a_safe_way_to_each_victim(city):
    from clinical.models import (
        AnonymousVisit,
        Client,
        CommunityEvent,
        DeskCard,
        EventAction,
        GroupMember,
        SafeContact,
        Slip,
        Visit,
    )

    def at_work(username):
        return access.opened(Principal.objects.get(username=username), "CAREMGT")

    with at_work("outreach-peer"):  # a colleague at the same desk
        assert DeskCard.objects.in_use().count() == 8
        assert Visit.objects.standing().count() > AnonymousVisit.objects.count() / 2 > 0
    with at_work("peer"):
        assert GroupMember.objects.exists()
    with at_work("tsap-social-worker"):
        event = CommunityEvent.objects.get()
        assert EventAction.objects.filter(event=event).count() == 4
        assert Slip.objects.waiting().count() == 2
        rules = {each.compartment_id: each.contact_rule for each in Client.objects.all()}
        assert {each.compartment_id for each in SafeContact.objects.all()} == set(rules)
        for card in SafeContact.objects.all():
            assert "voice" not in card.ways or not rules[card.compartment_id].startswith("Text only")
    with at_work("social-worker"):
        assert not any(model.objects.exists() for model in (DeskCard, Slip, CommunityEvent, SafeContact))


@pytest.mark.side("clinical")
def test_the_partners_machine_has_a_key_and_no_password(state, city):
    machine = Principal.objects.get(kind=Principal.Kind.MACHINE)

    assert Path(city["partner"]["key"]).is_relative_to(state)
    assert stat.S_IMODE(Path(city["partner"]["key"]).stat().st_mode) == 0o600
    assert not machine.has_usable_password()
    assert {each.role.name for each in Membership.objects.filter(principal=machine)} == {PARTNER_MACHINE}


@pytest.mark.side("police")
def test_an_officer_sees_the_years_calls_up_to_now(city):
    from policecore.models import Incident

    with access.opened(Principal.objects.get(username="officer"), "X-REFERRAL-IN"):
        seen = list(Incident.objects.newest_first())

    assert len(seen) == SMALL["calls"]
    assert timedelta(0) <= datetime.now(UTC) - seen[0].occurred_at < timedelta(minutes=10)
    assert datetime.now(UTC) - seen[-1].occurred_at < calls.YEAR + timedelta(minutes=10)


@pytest.mark.side("police")
def test_a_zones_officer_sees_the_zones_calls_only(city):
    from policecore.models import Incident

    with access.opened(Principal.objects.get(username="zone-2-officer"), "X-REFERRAL-IN"):
        zones = {incident.zone.slug for incident in Incident.objects.select_related("zone")}

    assert zones == {"ZONE2"}


@pytest.mark.side("police")
def test_a_city_can_have_its_own_calls_and_says_that_they_were_moved(state, city, tmp_path):
    from policecore.models import Incident

    file = tmp_path / "calls.csv"
    file.write_text(
        "lat,lng,desc,zip,title,timeStamp,twp,addr,e\n"
        "40.1,-75.3,KNOT ST; NORRISTOWN; 2015-12-10,19401,EMS: FALL VICTIM,2015-12-10 17:10:52,NORRISTOWN,KNOT ST,1\n"
    )

    said = seed(state, cad=file, layout="montgomery")

    assert "1 calls of calls.csv taken in" in said
    assert "so that the last one is now" in said
    with access.opened("system:import", "X-REFERRAL-IN"):
        moved = Incident.objects.get(layout="montgomery")
        assert datetime.now(UTC) - moved.occurred_at < timedelta(minutes=10)


def test_the_same_seed_draws_the_same_city_and_another_seed_another():
    first, again, other = (plans.plan(how_many=40, seed=seed, at=NOON) for seed in (1, 1, 2))
    calls_twice = [list(calls.calls(how_many=50, until=NOON, seed=1)) for _ in range(2)]

    assert first == again
    assert [each.called for each in first] != [each.called for each in other]
    assert calls_twice[0] == calls_twice[1]


def test_calls_follow_the_day():
    made = list(calls.calls(how_many=4_000, until=NOON, seed=1))
    by_hour = Counter(each.called_at.astimezone(calls.CITY_TIME).hour for each in made)

    assert by_hour.most_common(1)[0][0] in range(15, 19)
    assert min(by_hour, key=by_hour.get) in range(2, 6)
    assert max(each.called_at for each in made) == NOON
    assert len({each.number for each in made}) == len(made)


@pytest.mark.parametrize("how_many", [20, 200, 333])
def test_clients_are_in_all_programs(how_many):
    counted = plans.counts(how_many)

    assert sum(counted.values()) == how_many
    assert set(counted) == set(people.ALL_PROGRAMS)
    assert min(counted.values()) >= 1


@pytest.mark.side("clinical")
def test_the_citys_receipts_are_decided_again_the_same(city):
    said = StringIO()

    with pytest.raises(SystemExit) as left:
        call_command("ledger", "replay", "--since", "2020-01-01", "--json", stdout=said)

    told = json.loads(said.getvalue().splitlines()[-1])
    assert left.value.code == 0, said.getvalue()
    assert told["differ"] == 0
    assert told["decided"] > 0
