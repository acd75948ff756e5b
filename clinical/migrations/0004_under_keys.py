"""Notes, cards and places are kept under the client's key."""

from django.db import migrations, models

from consent.keys.columns import UnderKeys, open_to_renewal
from consent.models import encrypted

COLUMNS = {
    "clinical_client": ["given_name", "family_name", "described_as", "born_on", "phone", "contact_rule"],
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
        migrations.RemoveConstraint("client", "client_is_called_something"),
        migrations.RemoveConstraint("note", "note_says_something"),  # NOT NULL says it now
        UnderKeys("encounter", "call_type", encrypted.EncryptedTextField(blank=True, default='', max_length=200, null=True)),
        UnderKeys("encounter", "location", encrypted.EncryptedTextField(blank=True, default='', max_length=300, null=True)),
        UnderKeys("encounter", "zone", encrypted.EncryptedTextField(blank=True, default='', max_length=40, null=True)),
        UnderKeys("note", "body", encrypted.EncryptedTextField()),
        UnderKeys("client", "given_name", encrypted.EncryptedTextField(blank=True, default='', max_length=100, null=True)),
        UnderKeys("client", "family_name", encrypted.EncryptedTextField(blank=True, default='', max_length=100, null=True)),
        UnderKeys("client", "described_as", encrypted.EncryptedTextField(blank=True, default='', max_length=200, null=True)),
        UnderKeys("client", "born_on", encrypted.EncryptedDateField(blank=True, null=True)),
        UnderKeys("client", "phone", encrypted.EncryptedTextField(blank=True, default='', max_length=40, null=True)),
        UnderKeys("client", "contact_rule", encrypted.EncryptedTextField(blank=True, default='', max_length=300, null=True)),
        migrations.AddConstraint(
            "client",
            models.CheckConstraint(
                condition=models.Q(
                    ("described_as__isnull", True), ("family_name__isnull", True), ("given_name__isnull", True),
                    _negated=True,
                ),
                name="client_is_called_something",
            ),
        ),
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
