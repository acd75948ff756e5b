"""The city's zones, and what each role may do at all; on which rows is the grants' to say."""

from django.db import migrations

from consent.roles import allow

ZONES = [*((f"ZONE{number}", f"Zone {number}") for number in range(1, 8)), ("DOWNTOWN", "Downtown")]
CARE_TEAM = [
    "view_client", "add_client", "change_client", "view_card", "change_card",
    "view_encounter", "add_encounter", "change_encounter", "view_note", "add_note",
]  # fmt: skip
READS = ["view_client", "view_card", "view_encounter", "view_note"]
RIGHTS = {
    "social worker": CARE_TEAM,
    "peer": CARE_TEAM,
    "case manager": CARE_TEAM,
    "clinical supervisor": READS,
    "program manager": READS,
    "privacy officer": READS,
    "referrer": ["add_card"],
}


def make_zones(apps, schema_editor):
    """Seven zones and Downtown; the calls name them by these words."""
    zone = apps.get_model("clinical", "Zone")
    for slug, name in ZONES:
        zone.objects.get_or_create(slug=slug, defaults={"name": name})


def give_rights(apps, schema_editor):
    """The roles' model permissions."""
    allow(apps, "clinical", RIGHTS)


class Migration(migrations.Migration):
    dependencies = [("clinical", "0001_records"), ("consent", "0003_roles")]

    operations = [
        migrations.RunPython(make_zones, migrations.RunPython.noop),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
