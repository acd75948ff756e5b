"""Finding names that are kept under keys."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("clinical", "0004_under_keys")]

    operations = []
