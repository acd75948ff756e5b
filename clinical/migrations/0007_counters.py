"""Counting the clinical records."""

from django.db import migrations

from consent.rls import CountRows


class Migration(migrations.Migration):
    dependencies = [("clinical", "0006_matching_desk"), ("consent", "0005_counters")]

    operations = [
        CountRows("Client"),
        CountRows("Encounter"),
        CountRows("Note"),
        CountRows("Card"),
    ]
