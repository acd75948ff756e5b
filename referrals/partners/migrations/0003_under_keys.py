"""What was released is kept under the client's key."""

from django.db import migrations

from consent.keys.columns import UnderKeys, only_renewal, open_to_renewal
from consent.models import encrypted

COLUMNS = {
    "partners_release": [
        "content", "consent_scope",
    ],
}


def open_all_to_renewal(apps, schema_editor):
    """A client's key can be renewed: `system:keys` writes every text once more."""
    for table, columns in COLUMNS.items():
        for statement in open_to_renewal(table, columns):
            schema_editor.execute(statement, None)


def keep_what_was_released(apps, schema_editor):
    """A release stays as it was made; only `system:keys` writes it once more, under another key."""
    for table, columns in COLUMNS.items():
        for statement in only_renewal(table, columns):
            schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [("partners", "0002_partners_rights"), ("consent", "0008_client_keys")]

    operations = [
        UnderKeys("release", "content", encrypted.EncryptedJSONField(blank=True, default=dict, null=True)),
        UnderKeys("release", "consent_scope", encrypted.EncryptedJSONField(blank=True, default=list, null=True)),
        migrations.RunPython(open_all_to_renewal, migrations.RunPython.noop),
        migrations.RunPython(keep_what_was_released, migrations.RunPython.noop),
    ]
