"""A program may end, be renamed, split, merged and restarted; what is sealed opens to nobody who wasn't agreed to."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from consent import access, services
from consent.engine import forms
from consent.models import Compartment, Determination, Grant, OfficeGrant, ProgramChange
from consent.services import lives
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.side("clinical")]
Kind = ProgramChange.Kind
TODAY = timezone.localdate


def change(program, kind, on, *into, **more):
    made = ProgramChange.objects.create(program=program, kind=kind, on=on, decided_by="Council", **more)
    made.into.set(into)
    return made


def ran(program):
    changes = lives.changes_of([program]).get(program.pk, [])
    return [(each.begins_on, each.ends_on) for each in lives.periods(program, changes)]


def test_a_program_ends_and_restarts_and_each_period_stays_known():
    program = factories.make_program("PINS")
    program.begins_on = date(2023, 1, 1)
    program.save()
    change(program, Kind.ENDED, date(2024, 7, 1))
    change(program, Kind.RESTARTED, date(2026, 1, 15))

    assert ran(program) == [(date(2023, 1, 1), date(2024, 7, 1)), (date(2026, 1, 15), None)]
    days = (date(2022, 12, 31), date(2024, 6, 30), date(2024, 7, 1), date(2026, 1, 14), date(2026, 1, 15))
    assert [lives.is_running(program, day) for day in days] == [False, True, False, False, True]


def test_a_renamed_program_keeps_its_figures_and_each_name_its_days():
    program = factories.make_program("PINS")
    change(
        program, Kind.RENAMED, date(2025, 3, 1), name_before="High utilizers", name_after="Frequent callers"
    )
    change(program, Kind.RENAMED, date(2026, 3, 1), name_before="Frequent callers", name_after=program.name)
    changes = lives.changes_of([program])[program.pk]

    names = [
        lives.name_on(program, changes, day)
        for day in (date(2025, 2, 28), date(2025, 3, 1), date(2026, 3, 1))
    ]

    assert names == ["High utilizers", "Frequent callers", program.name]
    assert lives.line_of(program) == [program]


def test_a_split_and_a_merger_make_one_line_whose_figures_compare():
    old, north, south, all_of_it, other = (
        factories.make_program(slug) for slug in ("OLD", "NORTH", "SOUTH", "ALL", "X")
    )
    change(old, Kind.SPLIT, date(2025, 1, 1), north, south)
    for part in (north, south):
        change(part, Kind.MERGED, date(2026, 1, 1), all_of_it)

    line = {each.slug for each in lives.line_of(south)}

    assert line == {"OLD", "NORTH", "SOUTH", "ALL"}
    assert lives.line_of(other) == [other]
    assert lives.goes_on_as(old, date(2025, 6, 1)) == [north, south]
    assert lives.goes_on_as(old, date(2026, 6, 1)) == [all_of_it]
    assert lives.goes_on_as(old, date(2024, 6, 1)) == [old]


def test_who_goes_where_ends_although_two_programs_went_into_each_other():
    one, other = factories.make_program("ONE"), factories.make_program("OTHER")
    change(one, Kind.MERGED, date(2025, 1, 1), other)
    change(other, Kind.MERGED, date(2026, 1, 1), one)

    assert lives.goes_on_as(one, date(2026, 6, 1)) == []


def test_a_successor_is_kept_like_the_program_it_came_from():
    successor = factories.make_program("PINS-NORTH")
    assert services.profile(successor).note == ("SUDP2",)  # nobody said so: the most protective

    successor.kept_like = "PINS"

    assert services.profile(successor) == services.profile(factories.make_program("PINS"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "renamed", "name_after": "New"},
        {"kind": "ended", "kept_under": "55 Pa. Code 1101.51(e)"},
        {"kind": "ended", "kept_until": date(2030, 1, 1)},
    ],
)
def test_a_change_that_says_half_is_refused_by_the_database(wrong):
    program = factories.make_program("PINS")

    with pytest.raises(IntegrityError), transaction.atomic():
        change(program, wrong.pop("kind"), date(2026, 1, 1), **wrong)


# --- 42 CFR 2.19 ---------------------------------------------------------------------------------------


@pytest.fixture
def post():
    program = factories.make_program("POST")
    determined(program, "program")
    return program


def determined(program, p2_status):
    made = Determination.objects.create(
        p2_status=p2_status, hipaa_legal="covered_component", mhpa_facility="no", vs_regime="none",
        signed_by="counsel", begins_at=timezone.now() - timedelta(days=900),
    )  # fmt: skip
    made.programs.add(program)


@pytest.fixture
def lind(post):
    return factories.make_principal("lind", role="case manager", program=post)


def in_care(program, worker):
    """A client with a note, whose care team ``worker`` is."""
    sam = uuid4()
    segments = services.profile(program).note
    with access.opened("system:test", "CAREMGT"):
        services.open_compartment(sam, program, segments)
        services.assign(subject_id=sam, program=program, principal=worker)
    return sam


def recompute(sam):
    with access.opened("system:test", "HOPERAT"):
        services.recompute_grants(sam)


def opens(worker, sam):
    with access.opened(worker, "CAREMGT"):
        return {
            tuple(each.scope.segments)
            for each in Compartment.objects.filter(subject_id=sam).select_related("scope")
        }


def agrees_to_transfer(sam, program, to, by):
    """A Part 2 consent that names the acquiring program's organization and everything there is."""
    keys = {*forms.KEYS["P2-SPEC"], *forms.OPTIONAL_KEYS} - {"p.intermediary", "p.fundraise"}
    with access.opened(by, "CAREMGT"):
        services.record_consent(
            form="P2-SPEC", subject_id=sam, program=program, segments=["SUDP2"], purposes=["TREAT", "CAREMGT", "COC"],
            recipients=[{"type": "part2_program_other", "organization": str(to.organization.uid), "unit": ""}],
            elements=dict.fromkeys(keys, "as on the form"),
            signed_at=timezone.now() - timedelta(days=1), ends_at=timezone.now() + timedelta(days=300),
            explained_by=by, signature=b"signed",
        )  # fmt: skip


def test_a_discontinued_part_2_programs_records_open_to_nobody_from_that_day(post, lind):
    sam = in_care(post, lind)
    assert opens(lind, sam) == {("SUDP2",)}

    change(
        post, Kind.ENDED, TODAY(), kept_under="28 Pa. Code 709.33", kept_until=TODAY() + timedelta(days=2000)
    )
    recompute(sam)

    assert opens(lind, sam) == set()


def test_a_day_that_is_still_to_come_ends_the_grant_on_that_day_and_not_before(post, lind):
    sam, on = in_care(post, lind), TODAY() + timedelta(days=3)

    change(post, Kind.ENDED, on)
    recompute(sam)

    assert opens(lind, sam) == {("SUDP2",)}
    with access.opened("system:grants", "HOPERAT"):
        ends = set(Grant.objects.filter(content_object__subject_id=sam).values_list("valid_until", flat=True))
    assert ends == {lives.began(on)}


def test_a_client_who_agreed_in_writing_to_the_transfer_stays_open_and_the_others_do_not(post, lind):
    acquiring = factories.make_program("RECOVERY")
    agreed, not_asked = in_care(post, lind), in_care(post, lind)
    agrees_to_transfer(agreed, post, acquiring, lind)

    change(post, Kind.MERGED, TODAY(), acquiring)
    recompute(agreed)
    recompute(not_asked)

    assert ("SUDP2",) in opens(lind, agreed)
    assert opens(lind, not_asked) == set()


@pytest.mark.parametrize(
    ("p2_status", "more", "stays_open"),
    [
        ("lawful_holder", {}, True),  # no Part 2 program: nothing to discontinue
        ("none", {}, True),
        ("undetermined", {}, False),  # bears the stricter status's burdens
        ("program", {"is_same_program": True}, True),  # counsel: the same program goes on
    ],
)
def test_only_a_part_2_program_that_does_not_go_on_is_sealed(p2_status, more, stays_open):
    program, successor = factories.make_program("CO-RESPONSE"), factories.make_program("CRT")
    determined(program, p2_status)
    worker = factories.make_principal("lind", role="social worker", program=program)
    sam = in_care(program, worker)
    before = opens(worker, sam)

    change(program, Kind.MERGED, TODAY(), successor, **more)
    recompute(sam)

    assert opens(worker, sam) == (before if stays_open else set())


def test_a_restart_unseals(post, lind):
    sam = in_care(post, lind)
    change(post, Kind.ENDED, TODAY() - timedelta(days=30))
    recompute(sam)
    assert opens(lind, sam) == set()

    change(post, Kind.RESTARTED, TODAY())
    recompute(sam)

    assert opens(lind, sam) == {("SUDP2",)}


def test_an_office_opens_nothing_of_a_discontinued_program(post):
    factories.make_principal("ash", role="clinical supervisor", program=post)
    with access.opened("system:grants", "HOPERAT"):
        opened = services.open_office(program=post, segments=("SUDP2",), role="clinical supervisor")
        assert opened.purposes

        change(post, Kind.ENDED, TODAY())
        services.open_office(program=post, segments=("SUDP2",), role="clinical supervisor")

        now = OfficeGrant.objects.filter(content_object__program=post, valid_until__gt=timezone.now())
        assert not now.exists()


def test_the_label_and_the_clocks_are_those_of_the_regulation(post):
    made = change(
        post, Kind.ENDED, date(2024, 2, 29), kept_under="28 Pa. Code 709.33", kept_until=date(2031, 1, 1),
        custodian="The Office's privacy officer",
    )  # fmt: skip

    assert lives.label(post, made, [made]) == (
        "Records of POST required to be maintained under 28 Pa. Code 709.33 until a date not later than January 1, 2031"
    )
    assert [day for _words, day in lives.clocks(made)] == [date(2025, 3, 1), date(2031, 1, 1)]


def test_records_that_no_law_keeps_are_due_at_once(post):
    made = change(post, Kind.ENDED, date(2026, 11, 1))

    assert lives.label(post, made, [made]) == ""
    assert [day for _words, day in lives.clocks(made)] == [date(2026, 11, 1)]
