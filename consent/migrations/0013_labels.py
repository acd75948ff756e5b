"""Who takes part in a client's HIV care; and the task that puts a record where its label says."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from consent.policies import LOOKERS


def let_labels_look(apps, schema_editor):
    """The task that moves records must know whose compartment it is."""
    names = ", ".join(f"'{name}'" for name in sorted({*LOOKERS, "system:grants"}))
    schema_editor.execute(
        f"alter policy system_select on consent_compartment using ((select sec.system()) in ({names}))", None
    )


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0011_programs'),
    ]

    operations = [
        migrations.AddField(
            model_name='assignment',
            name='hiv_care_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='assignment',
            name='hiv_care_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('hiv_care_by', None), ('hiv_care_since', None)), models.Q(('hiv_care_by__isnull', False), ('hiv_care_since__isnull', False), models.Q(('hiv_care_by', models.F('principal')), _negated=True)), _connector='OR'), name='hiv_care_said_by_another'),
        ),
        migrations.RunPython(let_labels_look, migrations.RunPython.noop),
    ]
