"""Putting columns under keys, for migrations."""

from typing import Any

from django.db import migrations
from django.db.migrations.exceptions import IrreversibleError

KEEPER = "system:keys"  # who writes a client's texts once more under another key
REFUSED = "this database holds rows whose texts are not encrypted: begin with an empty one"


class UnderKeys(migrations.AlterField):
    """Turn a column into an encrypted one.

    What stands in the column so far is not encrypted by a migration, which has no access
    context and so no row and no key: a table that holds something is refused. No city has one.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Change the column's type, if all that stands in it is nothing."""
        model = to_state.apps.get_model(app_label, self.model_name)
        field = model._meta.get_field(self.name)
        table, column = (schema_editor.quote_name(name) for name in (model._meta.db_table, field.column))
        for statement in (
            (
                "create or replace function pg_temp.must_be_nothing(given text) returns bytea "
                "language plpgsql as $$ begin if given in ('', '[]', '{}', '\\x') then return null; end if; "
                f"raise exception '{REFUSED}'; end $$"
            ),
            f"alter table {table} alter column {column} drop not null",
            f"alter table {table} alter column {column} drop default",
            (
                f"alter table {table} alter column {column} type bytea "
                f"using case when {column} is null then null else pg_temp.must_be_nothing({column}::text) end"
            ),
            *([] if field.null else [f"alter table {table} alter column {column} set not null"]),
        ):
            schema_editor.execute(statement, None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """There is no way back to texts in clear."""
        raise IrreversibleError("texts stay encrypted")

    def describe(self) -> str:
        """For ``migrate -v 2``."""
        return f"Put {self.name} of {self.model_name} under the client's key"


def open_to_renewal(table: str, columns: list[str]) -> list[str]:
    """SQL: ``system:keys`` may read the table's rows, and write its encrypted columns anew."""
    from consent.rls import policy, roles

    asks = f"(select sec.system()) = '{KEEPER}'"
    return [
        policy(table, "keys_select", "system", "select", using=asks),
        policy(table, "keys_update", "system", "update", using=asks, check=asks),
        f"grant update ({', '.join(columns)}) on {table} to {roles()['system']}",
    ]


def only_renewal(table: str, columns: list[str]) -> list[str]:
    """SQL: what stays as it was signed or sent is written once more by ``system:keys`` alone."""
    return [
        (
            f"create trigger {table}_only_renewed before update of {', '.join(columns)} on {table} "
            "for each row execute function sec.refuse_unless_renewed()"
        )
    ]


REFUSE_UNLESS_RENEWED = f"""
create function sec.refuse_unless_renewed() returns trigger language plpgsql as $$
begin
  if sec.system() is distinct from '{KEEPER}' then
    raise insufficient_privilege using message = tg_table_name || ' keeps what was written';
  end if;
  return new;
end $$"""
