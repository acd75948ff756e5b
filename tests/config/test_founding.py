"""A city from its file: whole or not at all, twice is once, and no name in a message."""

import re
import tomllib
from datetime import date
from io import StringIO

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from config.founding import reading, tables
from consent import access
from consent.models import (
    Agreement,
    Determination,
    Holiday,
    LedgerEntry,
    LegalUnit,
    Membership,
    OfficeGrant,
    Organization,
    Principal,
    Program,
    ProgramChange,
)
from tests.shared_data import REPOSITORY

pytestmark = pytest.mark.django_db
clinical, police = pytest.mark.side("clinical"), pytest.mark.side("police")
EXAMPLE = (
    REPOSITORY
    / "docs"
    / {"clinical": "city.example.toml", "police": "department.example.toml"}[settings.SIDE]
)
WORKER = {"clinical": "a.ferris", "police": "f.marsh"}[settings.SIDE]
SUPERVISOR = {"clinical": "c.lindqvist", "police": "g.tanaka"}[settings.SIDE]
OFFICE = {"clinical": ("social worker", "CO-RESPONSE"), "police": ("officer", "NORTH")}[settings.SIDE]
PURPOSE = {"clinical": "HOPERAT", "police": "X-REFERRAL-IN"}[settings.SIDE]
MODELS = (LegalUnit, Organization, Program, Determination, Agreement, Principal, Membership)


@pytest.fixture
def file(tmp_path):
    """The example, for a test to change."""
    copy = tmp_path / "city.toml"
    copy.write_text(EXAMPLE.read_text())
    return copy


def change(file, old, new, times=1):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, times))


def set_up(file, **options):
    said = StringIO()
    call_command("set_up_city", str(file), stdout=said, **options)
    return said.getvalue()


def refusal(file, **options):
    before = contents()
    with pytest.raises(CommandError) as refused:
        set_up(file, **options)
    assert contents() == before
    return str(refused.value)


def contents():
    """Every row of what a file can change, but for the instants at which an office's grant was renewed."""
    rows = {model: list(model.objects.order_by("pk").values()) for model in MODELS}
    with access.opened("system:grants", PURPOSE):
        offices = list(
            OfficeGrant.objects.order_by("pk").values("content_object", "group", "purposes", "basis")
        )
    return rows | {OfficeGrant: offices}


def open_offices():
    with access.opened("system:grants", PURPOSE):
        found = OfficeGrant.objects.filter(valid_until__gt=timezone.now())
        return {
            (each.group.name, each.content_object.program.slug, tuple(each.content_object.segments))
            for each in found.select_related("group", "content_object__program")
        }


def test_the_example_sets_a_side_up_and_its_people_sign_in(file):
    said = set_up(file, passwords=True)

    passwords = dict(re.findall(r"^  (\S+)  (\S+)$", said, re.MULTILINE))
    accounts = tomllib.loads(file.read_text())["accounts"]
    assert set(passwords) == {each["username"] for each in accounts}
    answer = Client().post(reverse("account_login"), {"login": WORKER, "password": passwords[WORKER]})
    assert answer.status_code == 302
    assert access.roles_of(Principal.objects.get(username=WORKER)) == {OFFICE[0]}


def test_a_second_run_changes_nothing_and_prints_no_password(file):
    set_up(file, passwords=True)
    before = contents()

    said = set_up(file, passwords=True)

    assert contents() == before
    assert not re.search(r"\d+ (new|changed|ended|closed)|password", said)


def test_check_says_the_same_and_keeps_nothing(file):
    before = contents()

    said = set_up(file, check=True, passwords=True)

    assert contents() == before
    assert "accounts: " in said
    assert "only checked" in said
    assert "password" not in said
    assert set_up(file).splitlines() == said.splitlines()[:-1]


def test_an_account_without_a_password_cannot_sign_in_until_it_is_given_one(file, monkeypatch):
    set_up(file)
    worker = Principal.objects.get(username=WORKER)
    assert not worker.has_usable_password()

    monkeypatch.setattr("getpass.getpass", lambda **_: "seven green umbrellas in a row")
    call_command("changepassword", WORKER, stdout=StringIO())

    worker.refresh_from_db()
    request = RequestFactory().post("/")
    assert authenticate(request, username=WORKER, password="seven green umbrellas in a row") == worker


def test_what_is_set_up_stands_in_the_ledger_by_ids(file, monkeypatch):
    written = []
    insert = LedgerEntry.objects.bulk_create
    monkeypatch.setattr(LedgerEntry.objects, "bulk_create", lambda rows: written.extend(rows) or insert(rows))

    set_up(file)

    entry = next(each for each in written if each.action == "set up")
    assert set(entry.resources["consent.principal"]) == {str(each.pk) for each in Principal.objects.all()}
    assert WORKER not in str(entry.resources)


def test_a_changed_name_is_changed_and_an_account_can_be_locked(file):
    set_up(file)
    given, family = Principal.objects.get(username=WORKER).full_name.split()
    change(file, f'full_name = "{given} {family}"', f'full_name = "{given} Newname"\nactive = false')

    said = set_up(file)

    worker = Principal.objects.get(username=WORKER)
    assert (worker.full_name, worker.is_active) == (f"{given} Newname", False)
    assert "1 changed" in said
    assert access.roles_of(worker) == frozenset()


def test_an_office_that_was_ended_is_not_given_again_by_the_same_file(file):
    set_up(file)
    call_command("end_office", WORKER, *OFFICE, stdout=StringIO())

    said = set_up(file)

    assert "stays ended" in said
    assert not held()


def test_an_office_is_given_again_with_a_later_day(file):
    set_up(file)
    today = timezone.localdate()
    Membership.objects.filter(principal__username=WORKER).update(
        begins_at=reading.start_of(date(2026, 1, 1)), ends_at=reading.start_of(today)
    )
    change(file, f'role = "{OFFICE[0]}", ', f'role = "{OFFICE[0]}", begins_on = {today}, ')

    set_up(file)
    set_up(file)

    assert len(held()) == 1
    assert Membership.objects.filter(principal__username=WORKER, program__slug=OFFICE[1]).count() == 2


def test_an_office_that_the_file_gives_an_end_ends(file):
    set_up(file)
    Membership.objects.update(begins_at=reading.start_of(date(2026, 1, 1)))
    change(file, f'role = "{OFFICE[0]}", ', f'role = "{OFFICE[0]}", ends_on = {timezone.localdate()}, ')

    set_up(file)

    assert not held()


def test_an_office_that_the_file_no_longer_names_is_counted_and_stays(file):
    set_up(file)
    text = file.read_text()
    file.write_text(re.sub(r"(full_name = .*\nemployer = .*\n)offices = \[\{.*\}\]", r"\1", text, count=1))

    said = set_up(file)

    assert "`manage.py end_office` ends one" in said
    assert held()


def held():
    return Membership.objects.held_at(timezone.now()).filter(
        principal__username=WORKER, role__name=OFFICE[0], program__slug=OFFICE[1]
    )


def test_ending_an_office_that_nobody_holds_is_refused_without_a_name(file):
    set_up(file)

    with pytest.raises(CommandError) as refused:
        call_command("end_office", "somebody.else", *OFFICE)

    assert "somebody" not in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('kind = "', 'kind = "x', "[[organizations]] number 1: `kind` must be one of: city, "),
        ('name = "', "nom = 1\nname = \"", "[[organizations]] number 1: the key `nom` is not known here"),
        ('name = "', "\"Jo Doe\" = 1\nname = \"", "[[organizations]] number 1: it has a key that is not known here"),
        ('username = "', 'username = "two words', "[[accounts]] number 1: `username` may have letters, digits"),
        ('full_name = "', 'full_name = "\\u202e', "[[accounts]] number 1: `full_name` has spaces around it, or"),
        ('employer = "', 'employer = "Not ', "[[accounts]] number 1: `employer` names something that is neither"),
        ("offices = [{ role = ", "offices = [{ rôle = ", "this is no TOML (at line "),
        ('offices = [{ role = "', 'offices = [{ role = "x', "[[accounts.offices]] number 1: `role` must be one of"),
        ("[[accounts]]", "[[acounts]]", "the key `acounts` is not known here"),
        ("programs = [", "programs = [1, ", "must be letters, digits and hyphens"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_whole_and_the_place_is_named(file, old, new, expected):
    change(file, old, new)

    assert expected in refusal(file)


def test_every_wrong_place_is_named_at_once_and_no_value_is_repeated(file):
    change(file, 'employer = "', 'employer = "Secretname ', times=9)
    change(file, 'full_name = "', 'full_name = " Secretname', times=2)

    said = refusal(file)

    assert "[[accounts]] number 1" in said
    assert "[[accounts]] number 2" in said
    assert "Secretname" not in said
    for person in tomllib.loads(file.read_text())["accounts"]:
        assert person["username"] not in said


def test_an_unreadable_file_is_refused(tmp_path):
    assert "can't be read: No such file" in refusal(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes('[[zones]]\nname = "Süd"'.encode("latin-1"))
    assert "not UTF-8" in refusal(tmp_path / "latin.toml")


def test_what_the_database_says_is_not_repeated(file, monkeypatch):
    def refuse(rows):
        raise IntegrityError(f"the row ({WORKER}) is there")

    monkeypatch.setattr(LedgerEntry.objects, "bulk_create", refuse)

    assert refusal(file) == "nothing was changed: the database refused (IntegrityError)"


def test_one_account_is_not_two_by_its_capitals(file):
    set_up(file)
    change(file, f'username = "{WORKER}"', f'username = "{WORKER.title()}"')

    assert "`username` is there already in other capitals" in refusal(file)


def test_a_machines_account_is_not_a_persons(file):
    Principal.objects.create(username=WORKER, kind=Principal.Kind.MACHINE)

    assert "`username` is a machine's" in refusal(file)


def test_the_other_sides_role_and_file_are_refused(file):
    other = {"clinical": "officer", "police": "peer"}[settings.SIDE]
    change(file, f'role = "{OFFICE[0]}"', f'role = "{other}"')
    assert "`role` is one of the other side" in refusal(file)

    for example in REPOSITORY.glob("docs/*.example.toml"):
        if example.name != EXAMPLE.name:
            assert "not known here" in refusal(example)


@clinical
def test_supervisors_and_duty_units_open_what_the_file_says_and_no_more(file):
    set_up(file)

    opened = open_offices()

    assert ("clinical supervisor", "POST", ("SUDP2",)) in opened
    assert ("clinical supervisor", "CO-RESPONSE", ("MH", "RISK")) in opened
    assert ("privacy officer", "PINS", ("CASE", "DEM")) in opened
    assert ("social worker", "CO-RESPONSE", ("CAD",)) in opened
    assert not any(program == "EMS" for _, program, _ in opened)
    assert not any(role == "program manager" for role, _, _ in opened)


@clinical
def test_an_office_taken_out_of_the_file_is_closed(file):
    set_up(file)
    change(file, 'programs = ["CO-RESPONSE", "PINS", "POST"]\nopens = ["identity", "enrolment", "complaint"]',
           'programs = ["CO-RESPONSE", "PINS"]\nopens = ["identity", "enrolment", "complaint"]')  # fmt: skip

    said = set_up(file)

    assert "3 closed" in said
    assert not any((role, program) == ("privacy officer", "POST") for role, program, _ in open_offices())
    assert ("privacy officer", "PINS", ("CASE", "DEM")) in open_offices()


@clinical
def test_a_changed_determination_ends_the_old_and_begins_a_new(file):
    set_up(file)
    change(
        file, 'programs = ["POST"]\np2_status = "program"', 'programs = ["POST"]\np2_status = "lawful_holder"'
    )
    assert "one that changed needs its own" in refusal(file)
    change(
        file, "begins_on = 2026-10-01\n\n[[determinations]]", "begins_on = 2026-11-01\n\n[[determinations]]"
    )

    said = set_up(file)
    again = set_up(file)

    post = Program.objects.get(slug="POST")
    first, second = post.determinations.order_by("begins_at")
    assert (first.p2_status, second.p2_status) == ("program", "lawful_holder")
    assert first.ends_at == second.begins_at == reading.start_of(date(2026, 11, 1))
    assert second.ends_at is None
    assert "1 ended" in said
    assert "ended" not in again


@clinical
def test_the_old_determination_may_stay_in_the_file_beside_the_new(file):
    set_up(file)
    with file.open("a") as end:
        end.write(
            '\n[[determinations]]\nprograms = ["POST"]\nsigned_by = "Counsel"\nbegins_on = 2026-11-01\n'
        )

    set_up(file)
    said = set_up(file)

    assert "determinations: 4 as before" in said


@clinical
def test_a_determination_about_two_programs_is_not_ended_for_one_of_them_alone(file):
    set_up(file)
    change(file, 'programs = ["CO-RESPONSE", "PINS"]\np2_status', 'programs = ["PINS"]\np2_status')
    change(
        file, "begins_on = 2026-07-01\n\n[[determinations]]", "begins_on = 2026-11-01\n\n[[determinations]]"
    )

    assert "it would end one that speaks of other programs too" in refusal(file)


@clinical
def test_what_was_signed_is_not_rewritten_from_before(file):
    set_up(file)
    with file.open("a") as end:
        end.write(
            '\n[[determinations]]\nprograms = ["POST"]\nsigned_by = "Counsel"\nbegins_on = 2026-08-01\n'
        )

    assert "[[determinations]] number 4: a later one is there" in refusal(file)


@clinical
def test_what_is_not_determined_is_undetermined(file):
    change(file, 'p2_status = "program"\n', "")
    set_up(file)

    assert Determination.of(Program.objects.get(slug="POST"), timezone.now())["p2_status"] == "undetermined"


@clinical
def test_a_changed_determination_decides_its_clients_grants_again(file, monkeypatch):
    set_up(file)
    decided = []
    monkeypatch.setattr(
        "consent.services.recompute_program", lambda program: decided.append(program.slug) or 1
    )
    change(file, 'programs = ["POST"]\np2_status = "program"', 'programs = ["POST"]\np2_status = "none"')
    change(
        file, "begins_on = 2026-10-01\n\n[[determinations]]", "begins_on = 2026-11-01\n\n[[determinations]]"
    )

    set_up(file)
    assert decided == ["POST"]
    set_up(file)
    assert decided == ["POST"]
    set_up(file, decide_again=True)
    assert set(decided[1:]) == {"CO-RESPONSE", "PINS", "POST", "EMS"}


@clinical
def test_an_agreement_may_end_on_another_day_and_turns_only_from_a_day_of_its_own(file):
    set_up(file)
    change(file, "ends_on = 2028-07-01", "ends_on = 2027-07-01")
    set_up(file)
    assert Agreement.objects.get().ends_at == reading.start_of(date(2027, 7, 1))

    change(file, 'direction = "both"', 'direction = "a_to_b"')

    assert "[[agreements]] number 1: `direction` differs" in refusal(file)


@clinical
@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('legal_unit = "part2"', 'legal_unit = "partii"', "[[programs]] number 3: `legal_unit` names something"),
        ('party_b = "Otter Creek Recovery Clinic"', 'party_b = "Millbrook Office of Community Care"',
         "[[agreements]] number 1: `party_a` and `party_b` are the same"),
        ("ends_on = 2028-07-01", "ends_on = 2026-07-01", "[[agreements]] number 1: `ends_on` must be later"),
        ("ends_on = 2028-07-01", 'ends_on = "2028-07-01"', "[[agreements]] number 1: `ends_on` must be a date"),
        ("ends_on = 2028-07-01", "ends_on = 2028-07-01T00:00:00Z", "`ends_on` must be a date"),
        ('slug = "PINS"', 'slug = "POST"', "[[programs]] number 3: is the same as number 2"),
        ('username = "b.osgood"', 'username = "A.FERRIS"', "[[accounts]] number 2: is the same as number 1"),
        ('programs = ["POST"]\np2', 'programs = ["POST", "EMS"]\np2',
         "[[determinations]] number 3: another one speaks of one of its programs from the same day"),
        ('segments = ["MH", "RISK"]', "", "[[offices]] number 2: needs either `opens` or `segments`"),
        ('role = "privacy officer"\n', 'role = "social worker"\n', "[[offices]] number 3: `role` must be one of"),
        ('duty_unit = true', 'duty_unit = "yes"', "[[programs]] number 1: `duty_unit` must be true or false"),
        ('zones = ["NORTH", "SOUTH"]', 'zones = ["WEST"]', "[[teams]] number 1: `zones` names something"),
        ('role = "peer", programs = ["POST"]', 'role = "peer", programs = ["EMS"]',
         "[[accounts.offices]] number 1: the law has no word for this `role`"),
        ('role = "peer", programs = ["POST"]', 'role = "peer", programs = ["POST", "POST"]', "names something twice"),
        ('full_name = "Ada Ferris"\nemployer = "Millbrook Office of Community Care"',
         'full_name = "Ada Ferris"\nemployer = "Millbrook Police Department"',
         "[[accounts]] number 1: `employer` is a criminal justice agency"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_refused(file, old, new, expected):
    if "same day" in expected:
        change(
            file,
            "begins_on = 2026-10-01\n\n[[determinations]]",
            "begins_on = 2026-07-01\n\n[[determinations]]",
        )
    change(file, old, new)

    assert expected in refusal(file)


@clinical
def test_a_program_keeps_its_legal_unit(file):
    set_up(file)
    change(file, 'legal_unit = "part2"', 'legal_unit = "care"')

    assert "[[programs]] number 3: `legal_unit` and `organization` of a program that is there" in refusal(
        file
    )


@clinical
def test_teams_cover_the_zones_that_the_file_says_now(file):
    from clinical.units.models import Team

    set_up(file)
    change(file, 'zones = ["NORTH", "SOUTH"]', 'zones = ["SOUTH", "DOWNTOWN"]')

    set_up(file)

    assert {zone.slug for zone in Team.objects.get(name="Crisis team").zones.all()} == {"SOUTH", "DOWNTOWN"}


@police
def test_zones_have_units_offices_and_cars(file):
    from policecore.models import Team, Zone

    set_up(file)

    assert {zone.unit.slug for zone in Zone.objects.select_related("unit")} == {"NORTH", "SOUTH"}
    assert Team.objects.get().vehicle == "12"
    assert ("officer", "SOUTH", ("CAD",)) in open_offices()
    assert Program.objects.get(slug="NORTH").determinations.get().hipaa_legal == "not_covered"


@police
def test_a_department_that_nobody_named_is_refused(file):
    change(file, 'organization = "', 'organization = "Not ')

    assert "[bureau]: `organization` names nothing that is known" in refusal(file)


@police
def test_a_zone_can_be_renamed(file):
    from policecore.models import Zone

    set_up(file)
    change(file, 'name = "North of the creek"', 'name = "North bank"')

    set_up(file)

    assert Zone.objects.get(slug="NORTH").name == Program.objects.get(slug="NORTH").name == "North bank"


def test_both_examples_are_read_on_either_side():
    for name, kind in (("city", tables.City), ("department", tables.Department)):
        reading.read(kind, (REPOSITORY / "docs" / f"{name}.example.toml").read_text())


@clinical
def test_a_city_says_on_which_days_nobody_reviews(file):
    set_up(file)
    change(file, 'name = "Thanksgiving Day"', 'name = "Thanksgiving"')
    set_up(file)

    names = dict(Holiday.objects.values_list("on", "name"))
    assert names[date(2026, 11, 26)] == "Thanksgiving"
    assert len(names) == 3


ENDED = """[[program_changes]]
program = "POST"
kind = "merged"
on = 2026-12-01
into = ["PINS"]
decided_by = "City Council"
custodian = "Privacy officer"
kept_under = "28 Pa. Code 709.33"
kept_until = 2033-12-01

# What counsel signed."""


@clinical
def test_what_becomes_of_a_program_is_added_once_and_decides_its_clients_grants_again(file, monkeypatch):
    set_up(file)
    decided = []
    monkeypatch.setattr(
        "consent.services.recompute_program", lambda program: decided.append(program.slug) or 1
    )
    change(file, "# What counsel signed.", ENDED)

    assert "program changes: 1 as before, 1 new" in set_up(file)
    assert decided == ["POST"]
    assert "program changes: 2 as before" in set_up(file)
    made = ProgramChange.objects.get(kind="merged")
    assert (made.program.slug, [each.slug for each in made.into.all()]) == ("POST", ["PINS"])


@clinical
@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('into = ["PINS"]', 'into = ["NOWHERE"]', "`into` names something that is neither"),
        ('into = ["PINS"]', 'into = ["POST"]', "`into` names the program itself"),
        ('into = ["PINS"]', "into = []", "`into` names the programs it was split into"),
        ('kind = "merged"', 'kind = "split"', "`into` names the programs it was split into"),
        ('kept_under = "28 Pa. Code 709.33"\n', "", "`kept_under` and `kept_until` are said together"),
        ('custodian = "Privacy officer"\n', "", "`custodian` is missing"),
        ('name_before = "High utilizers"\n', "", "belong to `renamed`"),
        ('kind = "merged"\non = 2026-12-01\ninto = ["PINS"]', 'kind = "restarted"\non = 2026-12-01', "only a program that ends"),
    ],
)  # fmt: skip
def test_a_change_of_a_program_that_does_not_fit_is_refused(file, old, new, expected):
    change(file, "# What counsel signed.", ENDED)
    change(file, old, new)

    assert expected in refusal(file)


@clinical
def test_what_became_of_a_program_is_not_rewritten(file):
    change(file, "# What counsel signed.", ENDED)
    set_up(file)
    change(file, "kept_until = 2033-12-01", "kept_until = 2027-12-01")

    assert "number 2: it is there otherwise" in refusal(file)


@clinical
def test_a_successor_kept_like_another_program_has_its_roles(file):
    change(file, 'name = "After an overdose"', 'name = "After an overdose"\nkept_like = "POST"')
    set_up(file)

    assert Program.objects.get(slug="POST").known_as == "POST"
