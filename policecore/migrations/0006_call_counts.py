"""Calls are counted by place, and some stay with the police."""

import django.contrib.postgres.fields
import django.utils.timezone
from django.db import migrations, models

from consent.rls import policy, who_looks_up_compartments

ASKS = "(select sec.system()) = 'system:counts'"


def let_the_task_count(apps, schema_editor):
    """It reads calls and referrals, finds their places and notes what was sent; it writes nothing else."""
    for table in ("policecore_incident", "policecore_officerreferral"):
        schema_editor.execute(policy(table, "counts_select", "system", "select", using=ASKS), None)
        schema_editor.execute(policy(table, "counts_update", "system", "update", using=ASKS, check=ASKS), None)
    schema_editor.execute(who_looks_up_compartments(), None)


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0012_taking'),
        ('policecore', '0004_counters'),
    ]

    operations = [
        migrations.AddField(
            model_name='incident',
            name='place_token',
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='incident',
            name='police_only',
            field=models.CharField(blank=True, choices=[('cit', 'Crisis intervention case, with the police alone'), ('federal', 'Federal case'), ('investigation', 'Investigation')], max_length=13),
        ),
        migrations.AddField(
            model_name='officerreferral',
            name='counted_for',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='officerreferral',
            name='place_token',
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='incident',
            index=models.Index(fields=['place_token', 'occurred_at'], name='incident_place'),
        ),
        migrations.AddField(
            model_name='officerreferral',
            name='counts_due_at',
            field=models.DateTimeField(blank=True, default=django.utils.timezone.now, null=True),
        ),
        migrations.AddIndex(
            model_name='officerreferral',
            index=models.Index(condition=models.Q(('counts_due_at__isnull', False)), fields=['counts_due_at'], name='referral_counts_due'),
        ),
        migrations.RunPython(let_the_task_count, migrations.RunPython.noop),
    ]
