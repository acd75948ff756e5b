"""The ledger as a signed tree: entries are numbered, checkpoints and tiles are only added."""

import django.contrib.postgres.fields
import django.db.models.functions.datetime
from django.db import migrations, models

from consent import policies


def install(apps, schema_editor):
    """Numbers for the entries, and the doors of the three tables."""
    for statement in (*policies.number_of_entries(), *policies.sealing_policies()):
        schema_editor.execute(statement, None)


def numbers():
    return django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)


class Migration(migrations.Migration):
    dependencies = [("consent", "0005_counters")]

    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("size", models.BigIntegerField()),
                ("high", models.BigIntegerField()),
                ("added", numbers()),
                ("pending", numbers()),
                ("frontier", models.BinaryField()),
                ("note", models.TextField()),
                ("sealed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["high", "number"], name="checkpoint_high"),
                    models.Index(fields=["size", "number"], name="checkpoint_size"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tile",
            fields=[
                ("pk", models.CompositePrimaryKey("level", "index", blank=True, editable=False, primary_key=True, serialize=False)),
                ("level", models.SmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hashes", models.BinaryField()),
                ("root", models.BinaryField(max_length=32)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="WitnessedCheckpoint",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("hour", models.DateTimeField()),
                ("digest", models.CharField(max_length=64)),
                ("padded_size", models.BigIntegerField()),
                ("refused", models.CharField(blank=True, max_length=40)),
                ("envelope_id", models.UUIDField(unique=True)),
                ("seen_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("refused", "")), fields=("hour",), name="witnessed_once_an_hour")
                ],
            },
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
