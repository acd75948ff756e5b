"""What a form says is kept under the client's key."""

from django.db import migrations

from consent.keys.columns import REFUSE_UNLESS_RENEWED, UnderKeys, only_renewal, open_to_renewal
from consent.models import encrypted

FORMS = "consent_consent"
COLUMNS = {
    "consent_lifedates": ["born_on", "died_on"],
    "consent_consent": [
        "recipients", "elements", "end_event", "signature", "signature_digest", "witness",
        "interpreter", "capacity_note",
    ],
}


def open_all_to_renewal(apps, schema_editor):
    """A client's key can be renewed: `system:keys` writes every text once more."""
    for table, columns in COLUMNS.items():
        for statement in open_to_renewal(table, columns):
            schema_editor.execute(statement, None)


def keep_what_was_signed(apps, schema_editor):
    """A form stays as it was signed; only `system:keys` writes it once more, under another key."""
    for statement in (REFUSE_UNLESS_RENEWED, *only_renewal(FORMS, COLUMNS[FORMS])):
        schema_editor.execute(statement, None)


# What was destroyed moves to a scope that nobody opens; its counters go along.
COUNTERS_FOLLOW = """
create function sec.counters_follow() returns trigger language plpgsql security definer
set search_path = pg_catalog as $$
begin
  update public.consent_counter set scope_key = new.scope_id where compartment_id = new.id;
  return null;
end $$;
revoke all on function sec.counters_follow() from public;
create trigger consent_compartment_counters_follow after update of scope_id on consent_compartment
for each row when (old.scope_id <> new.scope_id) execute function sec.counters_follow();
"""


def let_counters_follow(apps, schema_editor):
    """A record that is destroyed is not counted any more where it was."""
    schema_editor.execute(COUNTERS_FOLLOW, None)


class Migration(migrations.Migration):
    dependencies = [("consent", "0007_receipts")]

    operations = [
        UnderKeys("lifedates", "born_on", encrypted.EncryptedDateField(blank=True, null=True)),
        UnderKeys("lifedates", "died_on", encrypted.EncryptedDateField(blank=True, null=True)),
        UnderKeys("consent", "recipients", encrypted.EncryptedJSONField(blank=True, default=list, null=True)),
        UnderKeys("consent", "elements", encrypted.EncryptedJSONField(blank=True, default=dict, null=True)),
        UnderKeys("consent", "end_event", encrypted.EncryptedTextField(blank=True, default='', max_length=200, null=True)),
        UnderKeys("consent", "signature", encrypted.EncryptedBinaryField(blank=True, default=b'', null=True)),
        UnderKeys("consent", "signature_digest", encrypted.EncryptedTextField(blank=True, default='', max_length=64, null=True)),
        UnderKeys("consent", "witness", encrypted.EncryptedTextField(blank=True, default='', max_length=200, null=True)),
        UnderKeys("consent", "interpreter", encrypted.EncryptedTextField(blank=True, default='', max_length=200, null=True)),
        UnderKeys("consent", "capacity_note", encrypted.EncryptedTextField(blank=True, default='', null=True)),
        migrations.RunPython(open_all_to_renewal, migrations.RunPython.noop),
        migrations.RunPython(let_counters_follow, migrations.RunPython.noop),
        migrations.RunPython(keep_what_was_signed, migrations.RunPython.noop),
    ]
