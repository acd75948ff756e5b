"""Counting what partners were sent."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("partners", "0003_under_keys")]

    operations = []
