"""Emergency access and its review."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("consent", "0008_client_keys")]

    operations = []
