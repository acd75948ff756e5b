"""Dates that grants go by."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("consent", "0003_roles")]

    operations = []
