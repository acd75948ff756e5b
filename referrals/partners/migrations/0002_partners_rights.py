"""What was released stays as it was; only its status moves. And which roles may see referrals at all."""

from django.db import migrations

from consent.rls import roles
from consent.roles import allow

RELEASE, REFERRAL, ANSWER = "partners_release", "partners_partnerreferral", "partners_partneranswer"
CARE_TEAM = ("social worker", "peer", "case manager")
SUPERVISORS = ("clinical supervisor", "program manager", "privacy officer")


def freeze(apps, schema_editor):
    """Take every right to change, then give back the columns that move."""
    r = roles()
    everybody = f"{r['app']}, {r['gather']}, {r['walk']}, {r['system']}"
    for statement in (
        f"revoke insert, update, delete, truncate on {RELEASE}, {REFERRAL}, {ANSWER} from {everybody}",
        f"grant insert, update (status, changed_at, first_read_at) on {RELEASE} to {r['system']}",
        f"grant insert on {REFERRAL} to {r['walk']}",
        f"grant update (status, status_at, outcome, reject_reason) on {REFERRAL} to {r['system']}",
        f"grant insert on {ANSWER} to {r['system']}",
    ):
        schema_editor.execute(statement, None)


def allow_roles(apps, schema_editor):
    """Machines see releases, care teams and supervisors see referrals, care teams make them."""
    see = ["view_partnerreferral", "view_partneranswer"]
    rights = {role: [*see, "add_partnerreferral"] for role in CARE_TEAM} | dict.fromkeys(SUPERVISORS, see)
    allow(apps, "partners", rights | {"partner machine": ["view_release"]})


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_partners")]

    operations = [
        migrations.RunPython(freeze, migrations.RunPython.noop),
        migrations.RunPython(allow_roles, migrations.RunPython.noop),
    ]
