"""The ledger as a signed tree."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("consent", "0005_counters")]

    operations = []
