"""Counting what partners were sent."""

from django.db import migrations

from consent.rls import CountRows


class Migration(migrations.Migration):
    dependencies = [("partners", "0003_under_keys"), ("consent", "0005_counters")]

    operations = [
        CountRows("Release"),
        CountRows("PartnerReferral"),
        CountRows("PartnerAnswer"),
    ]
