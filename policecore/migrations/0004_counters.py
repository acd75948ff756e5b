"""Counting the police records."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("policecore", "0003_under_keys")]

    operations = []
