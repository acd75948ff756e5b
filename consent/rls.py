"""Row-level security, installed by migrations: the database's own copy of the one door.

Two roles with one meaning. Both see exactly the same rows; only the plan differs:
``gather`` starts from the principal's grants (a worker who sees little), ``walk``
from the newest rows (an office that sees much). The role that logs in inherits
neither and has no policy, so that a forgotten context sees nothing. A third,
``system``, is for named system tasks, each with its own short list of rights.

The forms and their traps were measured: ``offset 0`` keeps the probe a probe,
``user_id + 0`` keeps it by compartment, ``(select f())::type[]`` keeps the function
out of the row loop. Change one and measure again (`make bench`).
"""

from typing import Any

from django.conf import settings
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from consent import counting

_VALID = "g.valid_from <= now() and g.valid_until > now() and (select sec.purpose()) = any(g.purposes)"


def gather_form(table: str) -> str:
    """Which rows: those in a compartment granted to me, or in a scope that my office opens."""
    return (
        f"{table}.compartment_id = any(array("
        f"select g.content_object_id from consent_grant g where {_VALID} "
        "union all select c.id from consent_compartment c "
        "where c.scope_id = any((select sec.my_keys())::smallint[])))"
    )


def walk_form(
    table: str, *, compartment: str = "compartment_id", scope: str = "scope_key", writes: bool = False
) -> str:
    """The same rows, asked row by row; for writes the grant must allow them."""
    keys = "sec.my_write_keys()" if writes else "sec.my_keys()"
    may_write = " and g.writes" if writes else ""
    return (
        f"({table}.{scope} = any((select {keys})::smallint[]) or exists ("
        f"select 1 from consent_grant g where g.content_object_id = {table}.{compartment} "
        f"and {_VALID}{may_write} offset 0))"
    )


def token_form(table: str) -> str:
    """The same rows again, by two lists that are made once a statement: no row is asked about by itself.

    For the blind index, where a hidden row must cost nothing that an absent one doesn't. Each
    half is a condition of an index that begins with the scope or the compartment.
    """
    return (
        f"({table}.scope_key = any((select sec.my_keys())::smallint[]) or {table}.compartment_id = any(array("
        f"select g.content_object_id from consent_grant g where {_VALID})))"
    )


def true_scope(table: str) -> str:
    """The composite key that keeps a row's copied ``scope_key`` its compartment's own."""
    return (
        f"alter table {table} add constraint {table}_scope_is_true foreign key (compartment_id, scope_key) "
        "references consent_compartment (id, scope_id) on update cascade"
    )


def roles() -> dict[str, str]:
    """The side's PostgreSQL roles, quoted by nobody: they are constants of the settings."""
    return dict(settings.DATABASE_ROLES)


def enable(table: str) -> list[str]:
    """Row-level security on, for the table's owner as well."""
    return [
        f"alter table {table} enable row level security",
        f"alter table {table} force row level security",
    ]


def policy(table: str, name: str, role: str, verb: str, *, using: str = "", check: str = "") -> str:
    """One ``create policy`` statement."""
    clauses = (f" using ({using})" if using else "") + (f" with check ({check})" if check else "")
    return f"create policy {name} on {table} for {verb} to {roles()[role]}{clauses}"


def who_looks_up_compartments() -> str:
    """SQL: the tasks of `consent.policies.LOOKERS`, as they are now, see whose compartment a row is in."""
    from consent.policies import LOOKERS  # it is made of what stands here

    lookers = ", ".join(f"'{name}'" for name in ("system:grants", *LOOKERS))
    return f"alter policy system_select on consent_compartment using ((select sec.system()) in ({lookers}))"


def system_policies(table: str, rights: dict[str, str]) -> list[str]:
    """What each named system task may do: ``{"system:intake": "select insert"}``."""
    statements = []
    for verb in ("select", "insert", "update", "delete"):
        names = sorted(name for name, verbs in rights.items() if verb in verbs.split())
        if not names:
            continue
        allowed = "(select sec.system()) in (" + ", ".join(f"'{name}'" for name in names) + ")"
        statements.append(
            policy(
                table, f"system_{verb}", "system", verb,
                using="" if verb == "insert" else allowed,
                check=allowed if verb in ("insert", "update") else "",
            )
        )  # fmt: skip
    return statements


def record_policies(
    table: str, rights: dict[str, str], listed_by: str = "created_at", *, counted: bool = True
) -> list[str]:
    """All that a protected table gets: policies, the composite key, the three list indexes, its counters."""
    read_walk, write_walk = walk_form(table), walk_form(table, writes=True)
    statements = [
        *enable(table),
        true_scope(table),
        f"create index {table}_list on {table} (created_at desc, id desc) include (compartment_id, scope_key)",
        f"create index {table}_comp on {table} (compartment_id, created_at desc, id desc)",
        f"create index {table}_key on {table} (scope_key, created_at desc, id desc)",
        policy(table, "gather_select", "gather", "select", using=gather_form(table)),
        policy(table, "walk_select", "walk", "select", using=read_walk),
    ]
    for role in ("gather", "walk"):
        statements += [
            policy(table, f"{role}_insert", role, "insert", check=write_walk),
            policy(table, f"{role}_update", role, "update", using=write_walk, check=write_walk),
            policy(table, f"{role}_delete", role, "delete", using=write_walk),
        ]
    counters = counting.triggers(table, listed_by) if counted else []
    return statements + system_policies(table, rights) + counters


class _OfOneTable(Operation):
    """Something that is installed for a model's table and stays as long as the table."""

    reduces_to_sql = True
    reversible = True
    model = ""

    def statements(self, table: str) -> list[str]:
        """The SQL."""
        raise NotImplementedError

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing in Django's own state changes."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Install."""
        table = str(to_state.apps.get_model(app_label, self.model)._meta.db_table)
        for statement in self.statements(table):
            schema_editor.execute(statement, None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Nothing is ever taken off a table that stays; dropping the table takes it along."""


class Protect(_OfOneTable):
    """Put a `Protected` model's table behind the door; stands right after its ``CreateModel``.

    Args:
        model: The model's name, in the migration's app.
        system: Named system tasks and their verbs: ``{"system:intake": "select insert"}``.
        listed_by: The column that the model's lists go by (`Protected.listed_by`).
        counted: Off for a table whose rows open to fewer than their compartment does
            (`Protected.is_counted`): a counter would tell of those that don't.
    """

    def __init__(
        self,
        model: str,
        system: dict[str, str] | None = None,
        listed_by: str = "created_at",
        counted: bool = True,
    ) -> None:
        self.model = model
        self.system = system or {}
        self.listed_by = listed_by
        self.counted = counted

    def statements(self, table: str) -> list[str]:
        """Policies, keys, indexes, counters."""
        return record_policies(table, self.system, self.listed_by, counted=self.counted)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """For the migration writer."""
        more: dict[str, Any] = {"system": self.system} if self.system else {}
        if self.listed_by != "created_at":
            more["listed_by"] = self.listed_by
        if not self.counted:
            more["counted"] = False
        return (type(self).__name__, [self.model], more)

    def describe(self) -> str:
        """For ``migrate -v 2``."""
        return f"Put {self.model} behind row-level security"


class CountRows(_OfOneTable):
    """Count the rows of a protected table that was made before there were counters."""

    def __init__(self, model: str, listed_by: str = "created_at") -> None:
        self.model = model
        self.listed_by = listed_by

    def statements(self, table: str) -> list[str]:
        """The triggers, and the count of what is there."""
        return [*counting.triggers(table, self.listed_by), *counting.recount(table)]

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """For the migration writer."""
        more = {} if self.listed_by == "created_at" else {"listed_by": self.listed_by}
        return (type(self).__name__, [self.model], more)

    def describe(self) -> str:
        """For ``migrate -v 2``."""
        return f"Count the rows of {self.model} in each compartment"
