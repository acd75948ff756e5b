"""911 triage: the questions and the route they gave, and what a call turned out to be."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import consent.models.encrypted
from consent.keys.columns import open_to_renewal
from consent.rls import Protect
from consent.roles import TRIAGE_CLINICIAN, allow

SORTS = ["add_triage", "view_triage", "add_reclassification", "view_reclassification"]
RIGHTS = {
    TRIAGE_CLINICIAN: ["view_incident", "change_incident", *SORTS],
    "police supervisor": ["view_triage", "add_reclassification", "view_reclassification"],
    "analyst": ["view_triage", "view_reclassification"],
}


def open_all_to_renewal(apps, schema_editor):
    """A unit's key can be renewed."""
    for table in ("policecore_triage", "policecore_reclassification"):
        for statement in open_to_renewal(table, ["reason"]):
            schema_editor.execute(statement, None)


def give_rights(apps, schema_editor):
    """The new role, and what each may do."""
    apps.get_model("auth", "Group").objects.get_or_create(name=TRIAGE_CLINICIAN)
    allow(apps, "policecore", RIGHTS)


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0011_programs'),
        ('policecore', '0006_call_counts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='incident',
            name='eligible',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='incident',
            name='reclassified_as',
            field=models.CharField(blank=True, choices=[('crisis', 'Person in crisis'), ('overdose', 'Overdose or intoxication'), ('welfare', 'Welfare check'), ('fall', 'Fall'), ('victim', 'Somebody hurt or threatened'), ('medical', 'Medical'), ('disturbance', 'Disturbance'), ('traffic', 'Traffic'), ('fire', 'Fire'), ('other', 'Other')], max_length=12),
        ),
        migrations.AddField(
            model_name='incident',
            name='route',
            field=models.CharField(blank=True, choices=[('diversion', 'Call diversion'), ('community', 'Community team'), ('co-response', 'Co-response'), ('commitment', 'Involuntary-commitment team'), ('patrol', 'Patrol')], max_length=12),
        ),
        migrations.CreateModel(
            name='Reclassification',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope_key', models.SmallIntegerField(editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('kind_before', models.CharField(choices=[('crisis', 'Person in crisis'), ('overdose', 'Overdose or intoxication'), ('welfare', 'Welfare check'), ('fall', 'Fall'), ('victim', 'Somebody hurt or threatened'), ('medical', 'Medical'), ('disturbance', 'Disturbance'), ('traffic', 'Traffic'), ('fire', 'Fire'), ('other', 'Other')], max_length=12)),
                ('kind', models.CharField(choices=[('crisis', 'Person in crisis'), ('overdose', 'Overdose or intoxication'), ('welfare', 'Welfare check'), ('fall', 'Fall'), ('victim', 'Somebody hurt or threatened'), ('medical', 'Medical'), ('disturbance', 'Disturbance'), ('traffic', 'Traffic'), ('fire', 'Fire'), ('other', 'Other')], max_length=12)),
                ('reason', consent.models.encrypted.EncryptedTextField(max_length=300)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('compartment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.compartment')),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='policecore.incident')),
            ],
            options={
                'default_permissions': ('add', 'view'),
                'indexes': [models.Index(fields=['incident', '-created_at'], name='reclassification_of_a_call')],
            },
        ),
        Protect("Reclassification"),
        migrations.CreateModel(
            name='Triage',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope_key', models.SmallIntegerField(editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('weapon', models.CharField(choices=[('yes', 'Yes'), ('no', 'No'), ('unknown', 'Not known')], max_length=8)),
                ('threat', models.CharField(choices=[('yes', 'Yes'), ('no', 'No'), ('unknown', 'Not known')], max_length=8)),
                ('self_harm', models.CharField(choices=[('yes', 'Yes'), ('no', 'No'), ('unknown', 'Not known')], max_length=8)),
                ('medical', models.CharField(choices=[('yes', 'Yes'), ('no', 'No'), ('unknown', 'Not known')], max_length=8)),
                ('commitment', models.CharField(choices=[('yes', 'Yes'), ('no', 'No'), ('unknown', 'Not known')], max_length=8)),
                ('suggested', models.CharField(choices=[('diversion', 'Call diversion'), ('community', 'Community team'), ('co-response', 'Co-response'), ('commitment', 'Involuntary-commitment team'), ('patrol', 'Patrol')], max_length=12)),
                ('route', models.CharField(choices=[('diversion', 'Call diversion'), ('community', 'Community team'), ('co-response', 'Co-response'), ('commitment', 'Involuntary-commitment team'), ('patrol', 'Patrol')], max_length=12)),
                ('eligible', models.BooleanField()),
                ('reason', consent.models.encrypted.EncryptedTextField(blank=True, default='', max_length=300, null=True)),
                ('rules_version', models.CharField(max_length=20)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('compartment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.compartment')),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='policecore.incident')),
            ],
            options={
                'default_permissions': ('add', 'view'),
                'indexes': [models.Index(fields=['incident', '-created_at'], name='triage_of_a_call')],
            },
        ),
        Protect("Triage"),
        migrations.RunPython(open_all_to_renewal, migrations.RunPython.noop),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
