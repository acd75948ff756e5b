"""What each role of the police side may do at all; on which rows is the grants' to say."""

from django.db import migrations

from consent.roles import allow

RIGHTS = {
    "officer": ["view_incident", "change_incident", "view_officerreferral", "add_officerreferral"],
    "police supervisor": [
        "view_incident", "change_incident", "view_officerreferral", "add_officerreferral", "view_quarantinedrow",
    ],
    "analyst": ["view_incident", "view_quarantinedrow"],
}  # fmt: skip


def give_rights(apps, schema_editor):
    """The roles' model permissions."""
    allow(apps, "policecore", RIGHTS)


class Migration(migrations.Migration):
    dependencies = [("policecore", "0001_records"), ("consent", "0003_roles")]

    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop)]
