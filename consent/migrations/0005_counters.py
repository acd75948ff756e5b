"""How many rows each compartment holds, kept by the statement that writes them."""

import django.db.models.deletion
from django.db import migrations, models

from consent import policies
from consent.rls import CountRows


def install(apps, schema_editor):
    """The functions, for a database that was made before them, and the counters' own door."""
    for statement in (*policies.counting_functions(), *policies.counter_policies()):
        schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [("consent", "0004_standing_facts")]

    operations = [
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("pk", models.CompositePrimaryKey("kind", "compartment_id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=63)),
                ("scope_key", models.SmallIntegerField()),
                ("records", models.IntegerField()),
                ("compartment", models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="consent.compartment")),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["scope_key", "compartment"], name="counter_scope")],
                "constraints": [models.CheckConstraint(condition=models.Q(("records__gte", 0)), name="counter_counts")],
            },
        ),
        # what somebody may open is read from one index, purposes included
        migrations.RemoveIndex(model_name="grant", name="grant_user"),
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(
                fields=["user", "content_object"], include=("valid_from", "valid_until", "purposes"), name="grant_user"
            ),
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
        CountRows("Consent"),
        CountRows("Restriction"),
    ]
