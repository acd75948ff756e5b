"""Counting the police records."""

from django.db import migrations

from consent.rls import CountRows


class Migration(migrations.Migration):
    dependencies = [("policecore", "0003_under_keys"), ("consent", "0005_counters")]

    operations = [
        CountRows("Incident", listed_by="occurred_at"),
        CountRows("OfficerReferral"),
        CountRows("QuarantinedRow"),
    ]
