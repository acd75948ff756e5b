"""Narratives and names under keys."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("policecore", "0002_rights")]

    operations = []
