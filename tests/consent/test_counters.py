"""Counters equal the rows they count, whoever writes, moves, deletes, at once or one after the other."""

import random
import threading
from collections import Counter as Tally

import pytest
from django.apps import apps

from consent import counting, rls
from tests import factories
from tests.architecture.models import protected_models

COUNTED = "select compartment_id, scope_key, records from consent_counter where kind = %s and records <> 0"
THERE = "select compartment_id, scope_key, count(*) from {} group by 1, 2"
A_COPY = (
    "insert into consent_restriction select (jsonb_populate_record(r, jsonb_build_object("
    "'id', gen_random_uuid(), 'compartment_id', c.id, 'scope_key', c.scope_id))).* "
    "from consent_restriction r, consent_compartment c where c.id = %s and r.id = %s"
)


def compartments_of(owner, number):
    """Ids of new compartments in two scopes, and the scopes."""
    owner.execute("alter table consent_compartment no force row level security")
    program = owner.execute("select id from consent_program limit 1").fetchone()[0]
    scopes = [
        owner.execute(
            "insert into consent_scope (program_id, segments) values (%s, %s) returning id", [program, [name]]
        ).fetchone()[0]
        for name in ("COUNTED-1", "COUNTED-2")
    ]
    made = owner.execute(
        "insert into consent_compartment (subject_id, scope_id) select gen_random_uuid(), (%s::int[])[1 + n %% 2] "
        "from generate_series(1, %s) n returning id",
        [scopes, number],
    )
    return [row[0] for row in made.fetchall()], scopes


def counted(owner, table):
    return {row[:2]: row[2] for row in owner.execute(COUNTED, [table]).fetchall()}


def there(owner, table):
    return {row[:2]: row[2] for row in owner.execute(THERE.format(table)).fetchall()}


@pytest.fixture
def owner(database):
    with database.login("owner") as connection, connection.transaction(force_rollback=True):
        connection.execute(
            "insert into consent_organization (uid, name, kind, is_criminal_justice_agency, crisis_service) "
            "values (gen_random_uuid(), 'Counted', 'city', false, '')"
        )
        connection.execute("insert into consent_legalunit (slug, name) values ('counted', 'Counted')")
        connection.execute(
            "insert into consent_program (uid, slug, name, unit_id, organization_id, kept_like) select gen_random_uuid(), "
            "'COUNTED', 'Counted', u.id, o.id, '' from consent_legalunit u, consent_organization o "
            "where u.slug = 'counted' and o.name = 'Counted'"
        )
        yield connection


@pytest.fixture
def planted(owner):
    """A protected table as a migration makes one, its rows in the owner's sight."""
    owner.execute(
        "create table planted (id uuid primary key default gen_random_uuid(), compartment_id bigint not null, "
        "scope_key smallint not null, created_at timestamptz not null default now())"
    )
    for statement in rls.record_policies("planted", {}):
        owner.execute(statement)
    owner.execute("alter table planted no force row level security")
    return "planted"


def one_write(chance, compartments):
    """A statement of a random kind that touches none, one or many rows."""
    one, two = chance.choice(compartments), chance.choice(compartments)
    some = f"id in (select id from planted order by md5(id::text || {chance.random()}) limit {chance.randint(0, 7)})"
    return chance.choice(
        [
            f"insert into planted (compartment_id, scope_key) select id, scope_id from consent_compartment where id = {one}",
            (
                f"insert into planted (compartment_id, scope_key) select c.id, c.scope_id from consent_compartment c, "
                f"generate_series(1, {chance.randint(0, 5)}) where c.id in ({one}, {two})"
            ),
            f"delete from planted where {some}",
            f"delete from planted where compartment_id = {one} and {some}",
            (
                f"update planted p set compartment_id = c.id, scope_key = c.scope_id from consent_compartment c "
                f"where c.id = {two} and p.{some}"
            ),
            f"update planted set created_at = now() where {some}",
            # a compartment whose segments change takes rows and counters along
            (
                f"update consent_compartment c set scope_id = s.id from consent_scope s where c.id = {one} "
                f"and s.segments[1] = 'COUNTED-{chance.randint(1, 2)}'"
            ),
        ]
    )


@pytest.mark.parametrize("seed", range(12))
def test_after_any_writes_each_counter_is_the_number_of_its_rows(owner, planted, seed):
    chance = random.Random(seed)
    compartments, _scopes = compartments_of(owner, 6)
    kinds = Tally()

    for _ in range(60):
        statement = one_write(chance, compartments)
        kinds[statement[:6]] += owner.execute(statement).rowcount > 0
        assert counted(owner, planted) == there(owner, planted), statement

    assert all(kinds[verb] for verb in ("insert", "delete", "update"))


def test_what_is_rolled_back_is_not_counted(owner, planted):
    (one, *_), _scopes = compartments_of(owner, 2)
    insert = "insert into planted (compartment_id, scope_key) select id, scope_id from consent_compartment where id = %s"
    owner.execute(insert, [one])

    with owner.transaction(force_rollback=True):
        owner.execute(insert, [one])
        assert sum(counted(owner, planted).values()) == 2

    assert counted(owner, planted) == there(owner, planted) != {}


def test_an_emptied_table_counts_nothing(owner, planted):
    (one, *_), _scopes = compartments_of(owner, 1)
    owner.execute(
        "insert into planted (compartment_id, scope_key) select id, scope_id from consent_compartment where id = %s",
        [one],
    )

    owner.execute("truncate planted")

    assert counted(owner, planted) == {}


def test_rows_from_before_the_counters_are_counted_when_these_come(owner, planted):
    compartments, _scopes = compartments_of(owner, 3)
    owner.execute("alter table planted disable trigger user")
    owner.execute(
        "insert into planted (compartment_id, scope_key) select id, scope_id from consent_compartment, "
        "generate_series(1, 4) where id = any(%s)",
        [compartments],
    )
    assert counted(owner, planted) == {}

    for statement in counting.recount("planted"):
        owner.execute(statement)
    owner.execute("alter table planted no force row level security")

    assert counted(owner, planted) == there(owner, planted)
    assert sum(counted(owner, planted).values()) == 12


def test_every_thousandth_row_leaves_a_mark_and_nothing_but_its_minute(owner, planted):
    (one, *_), _scopes = compartments_of(owner, 1)

    owner.execute(
        "insert into planted (compartment_id, scope_key, created_at) select c.id, c.scope_id, "
        "now() - n * interval '1 minute' from consent_compartment c, generate_series(1, 20000) n where c.id = %s",
        [one],
    )

    marks = owner.execute("select at from sec.mark where kind = 'planted' order by at desc").fetchall()
    assert 20 <= len(marks) <= 21
    assert all(at.second == at.microsecond == 0 for (at,) in marks)
    ask = "select sec.milestone('planted', now(), 4, false), sec.milestone('planted', now(), 400, false)"
    assert owner.execute(ask).fetchone() == (marks[4][0], None)


@pytest.fixture
def committed(database, django_db_blocker):
    """A cast whose compartments other sessions see; thrown away with the database afterwards."""
    from consent import access
    from consent.models import Restriction

    with django_db_blocker.unblock():
        cast = factories.make_cast(purposes=["TREAT"])
        others = [
            factories.make_compartment(program=cast.program, segments=cast.compartment.scope.segments)
            for _ in range(3)
        ]
        with access.opened(cast.lind, "TREAT"):
            first = Restriction.objects.create(
                compartment=cast.compartment, subject_id=cast.sam, program=cast.program, segments=["MH"],
                agreed_by=cast.lind,
            )  # fmt: skip
        yield [cast.compartment.pk, *(each.pk for each in others)], first.pk
        database.copy()


def test_writers_at_the_same_time_lose_no_count(database, committed):
    compartments, first = committed
    faults, barrier = [], threading.Barrier(6)

    def write(seed):
        chance = random.Random(seed)
        try:
            with database.login("owner") as mine:
                barrier.wait(timeout=30)
                for _ in range(25):
                    one, two = sorted(chance.sample(compartments, 2))
                    with mine.transaction():
                        mine.execute(A_COPY, [one, first])
                        mine.execute(A_COPY, [two, first])
                    with mine.transaction():
                        mine.execute(
                            "delete from consent_restriction where id in (select id from consent_restriction "
                            "where compartment_id = %s and id <> %s limit 1 for update skip locked)",
                            [one, first],
                        )
        except Exception as error:
            faults.append(error)

    with database.login("owner") as owner:
        for table in ("consent_restriction", "consent_compartment"):
            owner.execute(f"alter table {table} no force row level security")
        threads = [threading.Thread(target=write, args=(seed,)) for seed in range(6)]
        for each in threads:
            each.start()
        for each in threads:
            each.join(timeout=120)

        assert not faults, faults
        assert counted(owner, "consent_restriction") == there(owner, "consent_restriction")
        assert sum(there(owner, "consent_restriction").values()) > 100


def test_a_lost_counter_is_found_by_comparing(owner, planted):
    """The comparison itself can fail: with the triggers off it does."""
    (one, *_), _scopes = compartments_of(owner, 1)
    owner.execute("alter table planted disable trigger planted_count_added")
    owner.execute(
        "insert into planted (compartment_id, scope_key) select id, scope_id from consent_compartment where id = %s",
        [one],
    )

    assert counted(owner, planted) != there(owner, planted)


def test_each_protected_model_names_the_column_its_lists_go_by(owner):
    for model in (each for each in protected_models(apps.get_models()) if each.is_counted):
        table = model._meta.db_table
        (arguments,) = owner.execute(
            "select tgargs from pg_trigger where tgrelid = %s::regclass and tgname = %s",
            [table, f"{table}_count_added"],
        ).fetchone()

        assert bytes(arguments).rstrip(b"\0").decode() == model.listed_by, table
