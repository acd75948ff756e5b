"""Places, odd rows and what officers saw are kept under a key of the unit or the person."""

from django.db import migrations

from consent.keys.columns import UnderKeys, open_to_renewal
from consent.models import encrypted

COLUMNS = {
    "policecore_incident": [
        "location", "description", "position",
    ],
    "policecore_quarantinedrow": [
        "raw",
    ],
    "policecore_officerreferral": [
        "person_as_known", "contact", "reasons", "safety_note", "location", "zone",
        "call_type",
    ],
}


def open_all_to_renewal(apps, schema_editor):
    """A client's key can be renewed: `system:keys` writes every text once more."""
    for table, columns in COLUMNS.items():
        for statement in open_to_renewal(table, columns):
            schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [("policecore", "0002_rights"), ("consent", "0008_client_keys")]

    operations = [
        migrations.RemoveConstraint("officerreferral", "referral_names_a_reason"),  # NOT NULL says it now
        migrations.RemoveField("incident", "latitude"),
        migrations.RemoveField("incident", "longitude"),
        migrations.AddField("incident", "position", encrypted.EncryptedJSONField(blank=True, default=None, null=True)),
        UnderKeys("incident", "location", encrypted.EncryptedTextField(blank=True, default='', max_length=300, null=True)),
        UnderKeys("incident", "description", encrypted.EncryptedTextField(blank=True, default='', null=True)),
        UnderKeys("quarantinedrow", "raw", encrypted.EncryptedTextField()),
        UnderKeys("officerreferral", "person_as_known", encrypted.EncryptedTextField(blank=True, default='', max_length=120, null=True)),
        UnderKeys("officerreferral", "contact", encrypted.EncryptedTextField(blank=True, default='', max_length=120, null=True)),
        UnderKeys("officerreferral", "reasons", encrypted.EncryptedJSONField()),
        UnderKeys("officerreferral", "safety_note", encrypted.EncryptedTextField(blank=True, default='', max_length=500, null=True)),
        UnderKeys("officerreferral", "location", encrypted.EncryptedTextField(blank=True, default='', max_length=300, null=True)),
        UnderKeys("officerreferral", "zone", encrypted.EncryptedTextField(blank=True, default='', max_length=60, null=True)),
        UnderKeys("officerreferral", "call_type", encrypted.EncryptedTextField(blank=True, default='', max_length=120, null=True)),
        migrations.RunPython(open_all_to_renewal, migrations.RunPython.noop),
    ]
