"""Receipts that can be decided again."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("consent", "0006_sealed_tree")]

    operations = []
