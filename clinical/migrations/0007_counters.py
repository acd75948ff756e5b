"""Counting the clinical records."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("clinical", "0006_matching_desk")]

    operations = []
