"""When a client was born and died, when the answer about them changes next, and when an office's does."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models

from consent.policies import policies_of_standing_facts
from consent.rls import Protect


def install_policies(apps, schema_editor):
    """What is due is ``system:grants``' own; a restriction is agreed to once, and only ended later."""
    for statement in policies_of_standing_facts():
        schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [("consent", "0003_roles")]

    operations = [
        migrations.CreateModel(
            name="LifeDates",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("scope_key", models.SmallIntegerField(editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("subject_id", models.UUIDField()),
                ("born_on", models.DateField(blank=True, null=True)),
                ("died_on", models.DateField(blank=True, null=True)),
                (
                    "compartment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consent.compartment",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["subject_id"], name="life_dates_subject")],
                "constraints": [models.UniqueConstraint(fields=("compartment",), name="life_dates_once")],
            },
        ),
        Protect("LifeDates", system={"system:grants": "select"}),
        migrations.CreateModel(
            name="NextChange",
            fields=[
                ("subject_id", models.UUIDField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["at"], name="next_change_at")],
            },
        ),
        migrations.AddField(
            model_name="officegrant",
            name="changes_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(install_policies, migrations.RunPython.noop),
    ]
