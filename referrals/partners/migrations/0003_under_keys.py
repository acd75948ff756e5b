"""What was released, under the client's key."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("partners", "0002_partners_rights")]

    operations = []
