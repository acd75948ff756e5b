"""What a form says is kept under the client's key."""

from django.db import migrations

from consent.keys.columns import REFUSE_UNLESS_RENEWED, UnderKeys, only_renewal, open_to_renewal
from consent.models import encrypted

COLUMNS = {
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
    schema_editor.execute(REFUSE_UNLESS_RENEWED, None)
    for table, columns in COLUMNS.items():
        for statement in only_renewal(table, columns):
            schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [("consent", "0007_receipts")]

    operations = [
        UnderKeys("consent", "recipients", encrypted.EncryptedJSONField(blank=True, default=list, null=True)),
        UnderKeys("consent", "elements", encrypted.EncryptedJSONField(blank=True, default=dict, null=True)),
        UnderKeys("consent", "end_event", encrypted.EncryptedTextField(blank=True, default='', max_length=200, null=True)),
        UnderKeys("consent", "signature", encrypted.EncryptedBinaryField(blank=True, default=b'', null=True)),
        UnderKeys("consent", "signature_digest", encrypted.EncryptedTextField(blank=True, default='', max_length=64, null=True)),
        UnderKeys("consent", "witness", encrypted.EncryptedTextField(blank=True, default='', max_length=200, null=True)),
        UnderKeys("consent", "interpreter", encrypted.EncryptedTextField(blank=True, default='', max_length=200, null=True)),
        UnderKeys("consent", "capacity_note", encrypted.EncryptedTextField(blank=True, default='', null=True)),
        migrations.RunPython(open_all_to_renewal, migrations.RunPython.noop),
        migrations.RunPython(keep_what_was_signed, migrations.RunPython.noop),
    ]
