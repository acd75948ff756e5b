"""Counting what waits in the post-box."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("referrals", "0002_post_box_rights")]

    operations = []
