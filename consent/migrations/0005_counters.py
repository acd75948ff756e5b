"""How many rows each compartment holds, kept by the statement that writes them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("consent", "0004_standing_facts")]

    operations = []
