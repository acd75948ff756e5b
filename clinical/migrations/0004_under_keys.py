"""Notes, cards and places are kept under the client's key."""

from django.db import migrations

from consent.keys.columns import UnderKeys, open_to_renewal
from consent.models import encrypted

COLUMNS = {
    "clinical_encounter": [
        "call_type", "location", "zone",
    ],
    "clinical_note": [
        "body",
    ],
    "clinical_card": [
        "call_type", "location", "zone", "reasons", "person", "contact",
        "safety_note", "description",
    ],
}


def open_all_to_renewal(apps, schema_editor):
    """A client's key can be renewed: `system:keys` writes every text once more."""
    for table, columns in COLUMNS.items():
        for statement in open_to_renewal(table, columns):
            schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [("clinical", "0003_bench_scenario"), ("consent", "0008_client_keys")]

    operations = [
        migrations.RemoveConstraint("note", "note_says_something"),  # NOT NULL says it now
        UnderKeys("encounter", "call_type", encrypted.EncryptedTextField(blank=True, default='', max_length=200, null=True)),
        UnderKeys("encounter", "location", encrypted.EncryptedTextField(blank=True, default='', max_length=300, null=True)),
        UnderKeys("encounter", "zone", encrypted.EncryptedTextField(blank=True, default='', max_length=40, null=True)),
        UnderKeys("note", "body", encrypted.EncryptedTextField()),
        UnderKeys("card", "call_type", encrypted.EncryptedTextField(blank=True, default='', max_length=200, null=True)),
        UnderKeys("card", "location", encrypted.EncryptedTextField(blank=True, default='', max_length=300, null=True)),
        UnderKeys("card", "zone", encrypted.EncryptedTextField(blank=True, default='', max_length=40, null=True)),
        UnderKeys("card", "reasons", encrypted.EncryptedJSONField(blank=True, default=list, null=True)),
        UnderKeys("card", "person", encrypted.EncryptedTextField(blank=True, default='', max_length=300, null=True)),
        UnderKeys("card", "contact", encrypted.EncryptedTextField(blank=True, default='', max_length=300, null=True)),
        UnderKeys("card", "safety_note", encrypted.EncryptedTextField(blank=True, default='', max_length=1000, null=True)),
        UnderKeys("card", "description", encrypted.EncryptedTextField(blank=True, default='', null=True)),
        migrations.RunPython(open_all_to_renewal, migrations.RunPython.noop),
    ]
