"""Names, dates and notes under the client's key."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("clinical", "0003_bench_scenario")]

    operations = []
