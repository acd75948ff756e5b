"""What was written before a hand-over in summary has a compartment of its own, closed to who joins the team later."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consent", "0012_taking")]

    operations = [
        migrations.AddField(
            "compartment", "closed_to_later_at", models.DateTimeField(blank=True, null=True)
        ),
        migrations.RemoveConstraint("compartment", "compartment_once"),
        migrations.AddConstraint(
            "compartment",
            models.UniqueConstraint(
                fields=["subject_id", "scope", "recipient", "closed_to_later_at"],
                name="compartment_once",
                nulls_distinct=False,
            ),
        ),
    ]
