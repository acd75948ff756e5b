"""What is kept under a key of the client."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("consent", "0007_receipts")]

    operations = []
