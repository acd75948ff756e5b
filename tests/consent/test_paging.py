"""Pages follow each other without a gap, whichever plan reads them, and a cursor opens nothing."""

import base64
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from consent import access, paging, plans
from consent.models import Restriction
from consent.paging import Asked, Place, page_of
from tests import factories
from tests.oracle import peephole

PURPOSE = "TREAT"
START = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def cast(db):
    return factories.make_cast()


@pytest.fixture
def rows(cast):
    """Thirty rows in three of Lind's compartments, some of one instant, among others that Lind may not see."""
    mine = [cast.compartment, *(factories.make_compartment(program=cast.program) for _ in range(2))]
    for each in mine[1:]:
        factories.grant(cast.lind, each)
    hidden = factories.make_compartment(program=cast.program)
    factories.grant(cast.varga, hidden)
    for number in range(40):
        theirs = number % 4 == 3
        with access.opened(cast.varga if theirs else cast.lind, PURPOSE):
            Restriction.objects.create(
                compartment=hidden if theirs else mine[number % 3], subject_id=uuid.uuid4(), program=cast.program,
                segments=["MH"], agreed_by=cast.lind, created_at=START + timedelta(hours=number // 3),
            )  # fmt: skip
    with access.opened(cast.lind, PURPOSE):
        return list(Restriction.objects.newest_first())


@pytest.fixture(params=["gather", "walk"])
def plan(request, monkeypatch):
    """Each list by this plan: a walk where one row is many."""
    if request.param == "walk":
        monkeypatch.setattr(plans, "LEAST", 0)
        monkeypatch.setattr(plans, "PER_ROOT", 0)
    return request.param


def walked(size, **how):
    """The ids on all pages, page by page, and each page."""
    pages = [page_of(Restriction.objects.all(), Asked(size=size), **how)]
    while pages[-1].older:
        pages.append(
            page_of(Restriction.objects.all(), Asked(place=Place.read(pages[-1].older), size=size), **how)
        )
    return pages


@pytest.mark.parametrize("size", [1, 7, 10, 29, 30, 31, 100])
def test_all_pages_together_are_the_list_and_the_way_back_is_the_same(cast, rows, plan, size):
    with access.opened(cast.lind, PURPOSE):
        pages = walked(size)
        back = [pages[-1]]
        while back[-1].newer:
            asked = Asked(place=Place.read(back[-1].newer), newer=True, size=size)
            back.append(page_of(Restriction.objects.all(), asked))

    assert len(rows) == 30
    assert [row.pk for page in pages for row in page.rows] == [row.pk for row in rows]
    assert all(len(page.rows) == size for page in pages[:-1])
    assert not pages[0].newer
    assert {row.pk for page in back for row in page.rows} == {row.pk for row in rows}
    assert [row.pk for row in back[-1].rows] == [row.pk for row in pages[0].rows]


def test_a_list_that_begins_with_the_oldest_is_the_same_turned_round(cast, rows, plan):
    with access.opened(cast.lind, PURPOSE):
        pages = walked(7, oldest_first=True)

    assert [row.pk for page in pages for row in page.rows] == [row.pk for row in reversed(rows)]


@pytest.mark.parametrize("hours", [-1, 0, 3, 6, 9, 12, 14])
@pytest.mark.parametrize("size", [4, 30])
def test_a_walk_that_gives_up_anywhere_shows_the_same_page(cast, rows, monkeypatch, hours, size):
    edge = START + timedelta(hours=hours)
    monkeypatch.setattr(plans, "plan_for", lambda rows, **_: plans.Plan(role=access.WALK, edge=edge))

    with access.opened(cast.lind, PURPOSE):
        pages = walked(size)

    assert [row.pk for page in pages for row in page.rows] == [row.pk for row in rows]


@pytest.mark.parametrize(("least", "role"), [(29, "walk"), (30, "gather")])
def test_who_may_see_more_rows_than_the_limit_walks(cast, rows, monkeypatch, least, role):
    monkeypatch.setattr(plans, "LEAST", least)
    monkeypatch.setattr(plans, "PER_ROOT", 0)

    with access.opened(cast.lind, PURPOSE):
        assert plans.plan_for(Restriction.objects.all(), since="infinity").role == role


def test_many_grants_on_compartments_without_a_row_are_many_too(cast, rows, monkeypatch):
    """They cost as much to gather from; so the counters of a great scope are not even looked at."""
    monkeypatch.setattr(plans, "LEAST", 2)
    monkeypatch.setattr(plans, "PER_ROOT", 0)
    for _ in range(3):
        factories.grant(cast.oduya, factories.make_compartment(program=cast.program))

    with access.opened(cast.oduya, PURPOSE):
        assert plans.plan_for(Restriction.objects.all(), since="infinity").role == "walk"
        assert Restriction.objects.count() == 0


def test_what_names_its_rows_is_looked_up_by_the_walk_and_what_does_not_is_not(cast, rows):
    one = rows[0]
    named = [
        Restriction.objects.filter(pk=one.pk),
        Restriction.objects.filter(pk__in=[one.pk], segments__contains=["MH"]),
        Restriction.objects.about(cast.sam),
        Restriction.objects.filter(compartment=cast.compartment),
    ]
    unnamed = [
        Restriction.objects.all(),
        Restriction.objects.exclude(pk=one.pk),
        Restriction.objects.filter(pk=one.pk) | Restriction.objects.filter(agreed_by=cast.lind),
        Restriction.objects.filter(agreed_by=cast.lind),
    ]

    assert all(map(plans.names_its_rows, named))
    assert not any(map(plans.names_its_rows, unnamed))


def test_the_role_that_was_put_on_inside_a_savepoint_is_not_taken_for_still_on(cast, rows):
    from django.db import transaction

    def role():
        with connection.cursor() as cursor:
            cursor.execute("select current_user")
            return cursor.fetchone()[0].rsplit("_", 1)[1]

    with access.opened(cast.lind, PURPOSE, plan="gather"):
        with transaction.atomic():
            access.read_by(access.WALK)
            assert role() == "walk"
            transaction.set_rollback(True)
        assert role() == "gather"
        access.read_by(access.WALK)
        assert role() == "walk"
        list(Restriction.objects.all())
        assert role() == "gather"


def test_a_page_writes_down_what_it_shows_and_no_row_more(cast, rows):
    with access.opened(cast.lind, PURPOSE) as context:
        page = page_of(Restriction.objects.all(), Asked(size=5))

    text = peephole.text_of_ledger(context.gathering.request_id)
    assert page.older
    assert {str(row.pk) for row in rows if str(row.pk) in text} == {str(row.pk) for row in page.rows}


def test_a_page_costs_as_many_queries_however_many_rows_it_has(cast, rows, plan):
    costs = set()
    for size in (1, 10, 30):
        with (
            access.opened(cast.lind, PURPOSE),
            CaptureQueriesContext(
                connection,
            ) as queries,
        ):
            page_of(Restriction.objects.all(), Asked(size=size))
            costs.add(len(queries))

    assert max(costs) <= 7


def test_a_number_comes_from_the_counters_and_a_condition_is_counted_out(cast, rows, plan):
    with access.opened(cast.lind, PURPOSE):
        with CaptureQueriesContext(connection) as queries:
            assert Restriction.objects.count() == 30
        assert "consent_counter" in queries[-1]["sql"]
        assert Restriction.objects.filter(created_at__gt=START).count() == sum(
            r.created_at > START for r in rows
        )
        assert Restriction.objects.none().count() == 0
        assert Restriction.objects.all()[:4].count() == 4
    with access.opened(cast.varga, PURPOSE):
        assert Restriction.objects.count() == 10
    with access.opened(cast.oduya, PURPOSE):
        assert Restriction.objects.count() == 0


@given(at=st.datetimes(timezones=st.just(UTC)), id_=st.uuids())
def test_a_cursor_says_its_place_and_nothing_else(at, id_):
    place = Place(at=at, id=id_)

    assert Place.read(str(place)) == place
    assert len(str(place)) == 32


@given(
    st.text(max_size=40) | st.binary(max_size=30).map(lambda said: base64.urlsafe_b64encode(said).decode())
)
def test_any_text_is_a_place_or_none_and_never_an_error(text):
    place = Place.read(text)

    assert place is None or str(place) == text


@pytest.mark.parametrize(
    ("said", "size"),
    [({}, 25), ({"rows": "10"}, 10), ({"rows": "0"}, 1), ({"rows": "100"}, 100), ({"rows": "999"}, 100),
     ({"rows": "99999"}, 25), ({"rows": "-1"}, 25), ({"rows": "²"}, 25), ({"rows": "x"}, 25)],
)  # fmt: skip
def test_a_page_has_as_many_rows_as_asked_for_within_bounds(said, size):
    assert Asked.by(said).size == size


def test_the_neighbours_addresses_keep_the_rest_of_the_question():
    request = RequestFactory().get("/x/", {"kind": "fall", "older": "A" * 32, "empty": ""})
    page = paging.Page(rows=[], older="B" * 32, newer="")

    assert paging.links(request, page) == {"older": f"?kind=fall&older={'B' * 32}", "newer": ""}
