"""From a world's facts to rows, inside a transaction that is rolled back.

The rows of any protected model are made from its fields, so that a new one is there by itself.
They are put down by a function of the owner that only this module's database has: what the
site's own roles may write is a question that the worlds ask, not one they may beg.
"""

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from consent.models import (
    Compartment,
    Grant,
    LegalUnit,
    Membership,
    OfficeGrant,
    Organization,
    Principal,
    Program,
    Scope,
)
from tests.architecture.models import protected_models
from tests.worlds.facts import World

PROTECTED = {model._meta.db_table: model for model in protected_models(apps.get_models())}
# What belongs to another protected row needs that row first; its policies are the same generator's.
KINDS = tuple(
    table
    for table, model in PROTECTED.items()
    if model.is_counted  # the others open to fewer than their compartment does: their own tests' matter
    and not any(
        field.related_model in PROTECTED.values() and not field.null for field in model._meta.concrete_fields
    )
)
# Every side has it, and its fields are plain.
ALWAYS = "consent_restriction"
OPEN_TO_THE_OWNER = (*PROTECTED, "consent_compartment", "consent_grant", "consent_officegrant")


def most_in_a_compartment(kind: str) -> int:
    """Two rows, or one where a constraint lets a compartment hold no more."""
    held_once = any(
        isinstance(each, models.UniqueConstraint) and {"compartment", "subject_id"} & set(each.fields)
        for each in PROTECTED[kind]._meta.constraints
    )
    return 1 if held_once else 2


FILL = """
create schema worlds;
create function worlds.fill(given jsonb) returns void language plpgsql security definer
set search_path = public, pg_catalog as $$
declare part jsonb;
begin
  for part in select * from jsonb_array_elements(given) loop
    execute format('insert into %1$I select * from jsonb_populate_recordset(null::%1$I, $1)', part->>'table')
      using part->'rows';
  end loop;
end $$;
"""


def prepare(owner: Any) -> None:
    """In a test database of its own: the function, and the owner's way past the policies for it."""
    owner.execute(FILL)
    side = settings.SIDE
    owner.execute(f"grant usage on schema worlds to {side}_app, {side}_gather, {side}_walk")
    # which verbs a site has on a table at all is the catalogue's test; here the policies are asked
    owner.execute(f"grant insert, update, delete on {ALWAYS} to {side}_gather, {side}_walk")
    # what a row must say is each model's own test; here rows are empty and lie somewhere
    checks = owner.execute(
        "select conrelid::regclass, conname from pg_constraint where contype = 'c' and conrelid = any(%s::regclass[])",
        [list(KINDS)],
    )
    for table, name in checks.fetchall():
        owner.execute(f"alter table {table} drop constraint {name}")
    for table in OPEN_TO_THE_OWNER:
        owner.execute(f"create policy worlds_write on {table} for insert to {side}_owner with check (true)")


def build(world: World) -> datetime:
    """Put the world down; returns the transaction's ``now()``."""
    with connection.cursor() as cursor:
        cursor.execute("select now(), (select json_object_agg(name, id) from auth_group)")
        now, groups = cursor.fetchone()
        groups = groups if isinstance(groups, dict) else json.loads(groups)
        given = [
            {"table": table, "rows": rows} for table, rows in _tables(world, now, groups).items() if rows
        ]
        cursor.execute("select worlds.fill(%s::jsonb)", [json.dumps(given, default=str)])
    return now


ALSO_LISTED_BY = {"partners_release": ("changed_at",)}  # the partners' own order


def at(now: datetime, offset: int | None) -> str | None:
    """The instant that lies ``offset`` microseconds from ``now``."""
    return None if offset is None else (now + timedelta(microseconds=offset)).isoformat()


def _tables(world: World, now: datetime, groups: dict[str, int]) -> dict[str, list[dict[str, Any]]]:
    """Rows by table, in an order that the foreign keys allow."""
    numbers = iter(range(1, 10_000))
    made: dict[str, list[dict[str, Any]]] = {}

    def put(model: type[models.Model], **values: Any) -> None:
        row = {field.column: _value(field, world, now) for field in model._meta.concrete_fields}
        made.setdefault(model._meta.db_table, []).append(row | values)

    for org in world.organizations:
        put(
            Organization, id=org.id, name=f"world {org.id}",
            is_criminal_justice_agency=org.is_criminal_justice_agency, kind="city",
        )  # fmt: skip
    put(LegalUnit, id=world.programs[0], slug="world", name="world")
    for program in world.programs:
        put(Program, id=program, slug=f"world-{program}", unit_id=world.programs[0])
    for scope in world.scopes:
        put(Scope, id=scope.id, program_id=scope.program, segments=[scope.segment])
    for who in world.principals:
        put(
            Principal, id=who.id, username=f"world-{who.id}", employer_id=who.employer,
            is_active=who.is_active, uid=str(uuid.UUID(int=who.id)),
        )  # fmt: skip
    for office in world.memberships:
        put(
            Membership, id=next(numbers) + 5_000_000, principal_id=office.principal, program_id=office.program,
            role_id=groups[office.role], begins_at=at(now, office.begins), ends_at=at(now, office.ends),
        )  # fmt: skip
    for each in world.compartments:
        put(
            Compartment, id=each.id, subject_id=str(each.subject), scope_id=each.scope,
            recipient_id=each.recipient,
        )  # fmt: skip
    for model, grants in ((Grant, world.grants), (OfficeGrant, world.office_grants)):
        for grant in grants:
            whom = {"group_id": groups[grant.role]} if model is OfficeGrant else {"user_id": grant.principal}
            put(
                model, id=next(numbers) + 5_000_000, content_object_id=grant.on, purposes=list(grant.purposes),
                writes=grant.writes, valid_from=at(now, grant.begins), valid_until=at(now, grant.ends),
                permission_id=_permission(), **whom,
            )  # fmt: skip
    _put_what_rows_refer_to(put, made, world)
    for row in world.rows:
        scope_key = world.compartment(row.compartment).scope
        created = at(now, row.created)
        model = PROTECTED[row.kind]
        put(
            model, id=str(row.id), compartment_id=row.compartment, scope_key=scope_key,
            **dict.fromkeys({"created_at", model.listed_by, *ALSO_LISTED_BY.get(row.kind, ())}, created),
        )  # fmt: skip
    return made


def _put_what_rows_refer_to(put: Any, made: dict[str, Any], world: World) -> None:
    """A row for each table that a protected row of this world must point to and that isn't there yet."""
    for kind in {row.kind for row in world.rows}:
        for field in PROTECTED[kind]._meta.concrete_fields:
            target = field.related_model
            if target is not None and not field.null and target._meta.db_table not in made:
                put(target, id=REFERRED)


REFERRED = 7_000_000
_permissions: list[int] = []


def _permission() -> int:
    if not _permissions:
        with connection.cursor() as cursor:
            cursor.execute("select min(id) from auth_permission")
            _permissions.append(cursor.fetchone()[0])
    return _permissions[0]


def _value(field: Any, world: World, now: datetime) -> Any:
    """Something that the column takes."""
    if field.related_model is not None:
        if field.null:
            return None
        return {
            "consent_principal": world.principals[0].id,
            "consent_organization": world.organizations[0].id,
            "consent_program": world.programs[0],
            "consent_legalunit": world.programs[0],
        }.get(field.related_model._meta.db_table, REFERRED)
    if field.db_type(connection) == "bytea":
        return None if field.null else "\\x00"
    if field.has_default():
        default = field.get_default()
        return now.isoformat() if isinstance(default, datetime) else default
    if field.null:
        return None
    if isinstance(field, ArrayField):
        return ["x"]
    if isinstance(field, models.UUIDField):
        return str(uuid.uuid4())
    if isinstance(field, models.DateTimeField):
        return now.isoformat()
    if isinstance(field, models.DateField):
        return now.date().isoformat()
    if isinstance(field, models.JSONField):
        return {}
    if isinstance(field, (models.IntegerField, models.FloatField)):
        return 0
    if isinstance(field, models.BooleanField):
        return False
    if field.blank:
        return ""
    return field.choices[0][0] if field.choices else uuid.uuid4().hex[: field.max_length or 32]
