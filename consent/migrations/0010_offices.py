"""Who may give offices and accounts."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("consent", "0009_emergency_access")]

    operations = []
