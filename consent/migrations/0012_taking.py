"""What was shown and read out stands with the form, and so does the picture of a signed paper."""

from django.db import migrations, models

import consent.models.encrypted
from consent.rls import roles

NEW = "sheet, paper_digest"


def only_renewed(apps, schema_editor):
    """They stay as they were signed, like the form's other texts; `system:keys` alone writes them once more."""
    for statement in (
        f"grant update ({NEW}) on consent_consent to {roles()['system']}",
        (
            f"create trigger consent_consent_sheet_only_renewed before update of {NEW} on consent_consent "
            "for each row execute function sec.refuse_unless_renewed()"
        ),
    ):
        schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [("consent", "0010_offices")]

    operations = [
        migrations.AddField(
            model_name="consent",
            name="sheet",
            field=consent.models.encrypted.EncryptedJSONField(blank=True, default=dict, null=True),
        ),
        migrations.AddField(
            model_name="consent", name="sheet_id", field=models.UUIDField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="consent",
            name="paper_digest",
            field=consent.models.encrypted.EncryptedTextField(
                blank=True, default="", max_length=64, null=True
            ),
        ),
        migrations.RunPython(only_renewed, migrations.RunPython.noop),
    ]
