"""What was answered to an instrument, or why it was not run."""

import consent.models.encrypted
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from consent.keys.columns import open_to_renewal
from consent.rls import Protect
from consent.roles import allow

COLUMNS = {"clinical_screening": ["answers", "outcome", "remark"]}
WRITES = ["add_screening", "change_screening", "view_screening"]
RIGHTS = {
    "social worker": WRITES,
    "peer": WRITES,
    "case manager": WRITES,
    "clinical supervisor": ["view_screening"],
    "program manager": ["view_screening"],
    "privacy officer": ["view_screening"],
}


def open_all_to_renewal(apps, schema_editor):
    """A client's key can be renewed."""
    for table, columns in COLUMNS.items():
        for statement in open_to_renewal(table, columns):
            schema_editor.execute(statement, None)


def give_rights(apps, schema_editor):
    """The roles' model permissions."""
    allow(apps, "clinical", RIGHTS)


class Migration(migrations.Migration):

    dependencies = [
        ('clinical', '0016_taking'),
        ('consent', '0010_offices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Screening',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope_key', models.SmallIntegerField(editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('instrument', models.CharField(max_length=40)),
                ('version', models.CharField(max_length=40)),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Español')], default='en', max_length=2)),
                ('answers', consent.models.encrypted.EncryptedJSONField(blank=True, default=dict, null=True)),
                ('outcome', consent.models.encrypted.EncryptedJSONField(blank=True, default=dict, null=True)),
                ('remark', consent.models.encrypted.EncryptedTextField(blank=True, default='', null=True)),
                ('level', models.CharField(blank=True, choices=[('none', 'Nothing found'), ('low', 'Low'), ('moderate', 'Moderate'), ('high', 'High')], max_length=10)),
                ('skipped', models.CharField(blank=True, choices=[('unsafe', 'Not safe now'), ('declined', 'The person declined'), ('unable', "The person can't take part now"), ('language', 'No common language, no interpreter'), ('recent', 'Done by somebody else today'), ('interrupted', 'Interrupted')], max_length=12)),
                ('struck_at', models.DateTimeField(blank=True, null=True)),
                ('struck_because', models.CharField(blank=True, choices=[('person', 'It is about somebody else'), ('answer', 'An answer is wrong; it was done again'), ('twice', 'It was kept twice')], max_length=8)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('compartment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.compartment')),
                ('encounter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinical.encounter')),
                ('struck_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': ('add', 'change', 'view'),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('struck_at', None), ('struck_because', ''), ('struck_by', None)), models.Q(('struck_at__isnull', False), ('struck_by__isnull', False), models.Q(('struck_because', ''), _negated=True)), _connector='OR'), name='screening_struck_by_somebody')],
            },
        ),
        Protect("Screening"),
        migrations.RunPython(open_all_to_renewal, migrations.RunPython.noop),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
