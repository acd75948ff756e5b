"""Possible duplicates inside one legal unit."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("clinical", "0005_blind_index")]

    operations = []
