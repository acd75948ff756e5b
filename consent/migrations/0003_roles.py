"""The roles of this side, as groups."""

from django.conf import settings
from django.db import migrations

from consent.roles import ROLES_OF_SIDE


def make_roles(apps, schema_editor):
    """One group for each role of the side; the names are the words that people use."""
    group = apps.get_model("auth", "Group")
    for name in ROLES_OF_SIDE[settings.SIDE]:
        group.objects.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0002_row_level_security"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
