"""What is coded about a client, and asking to keep a record less closely."""

import consent.models.encrypted
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from consent.keys.columns import open_to_renewal
from consent.rls import Protect, policy
from consent.roles import allow

COLUMNS = {
    "clinical_healthfact": ["code", "words", "detail", "since", "until", "because"],
    "clinical_lowering": ["reason", "remark"],
}
CARE_TEAM = ["add_healthfact", "change_healthfact", "view_healthfact", "add_lowering", "view_lowering"]
RIGHTS = {
    "social worker": CARE_TEAM,
    "peer": CARE_TEAM,
    "case manager": CARE_TEAM,
    "clinical supervisor": ["view_healthfact", "add_lowering", "change_lowering", "view_lowering"],
    "program manager": ["view_healthfact", "view_lowering"],
    "privacy officer": ["view_healthfact", "view_lowering"],
}


def open_all_to_renewal(apps, schema_editor):
    """A client's key can be renewed."""
    for table, columns in COLUMNS.items():
        for statement in open_to_renewal(table, columns):
            schema_editor.execute(statement, None)


def let_labels_move_notes(apps, schema_editor):
    """A note goes where its label puts it, past its writer if need be, and moves when a supervisor lowers that."""
    labels = "(select sec.system()) = 'system:labels'"
    for statement in (
        policy("clinical_note", "labels_select", "system", "select", using=labels),
        policy("clinical_note", "labels_insert", "system", "insert", check=labels),
        policy("clinical_note", "labels_update", "system", "update", using=labels, check=labels),
    ):
        schema_editor.execute(statement, None)


def give_rights(apps, schema_editor):
    """The roles' model permissions."""
    allow(apps, "clinical", RIGHTS)


class Migration(migrations.Migration):

    dependencies = [
        ('clinical', '0020_crisis_services'),
        ('consent', '0013_labels'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HealthFact',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope_key', models.SmallIntegerField(editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('what', models.CharField(choices=[('condition', 'Condition'), ('medicine', 'Medicine'), ('allergy', 'Allergy'), ('result', 'Result'), ('procedure', 'Procedure')], max_length=10)),
                ('system', models.CharField(choices=[('icd10cm', 'ICD-10-CM'), ('icd9cm', 'ICD-9-CM'), ('snomed', 'SNOMED CT'), ('rxnorm', 'RxNorm'), ('loinc', 'LOINC'), ('other', 'Another system'), ('none', 'In words')], max_length=8)),
                ('code', consent.models.encrypted.EncryptedTextField(blank=True, default='', max_length=40, null=True)),
                ('words', consent.models.encrypted.EncryptedTextField(max_length=400)),
                ('detail', consent.models.encrypted.EncryptedTextField(blank=True, default='', max_length=1000, null=True)),
                ('status', models.CharField(choices=[('current', 'Current'), ('ended', 'No longer'), ('done', 'Done')], default='current', max_length=8)),
                ('since', consent.models.encrypted.EncryptedTextField(blank=True, default='', max_length=32, null=True)),
                ('until', consent.models.encrypted.EncryptedTextField(blank=True, default='', max_length=32, null=True)),
                ('source', models.CharField(choices=[('entered', 'Entered by hand'), ('imported', 'Imported from a file')], default='entered', max_length=8)),
                ('because', consent.models.encrypted.EncryptedJSONField(blank=True, default=dict, null=True)),
                ('struck_at', models.DateTimeField(blank=True, null=True)),
                ('struck_because', models.CharField(blank=True, choices=[('person', 'It is about somebody else'), ('wrong', 'It is wrong'), ('twice', 'It was kept twice')], max_length=8)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('compartment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.compartment')),
                ('struck_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': ('add', 'change', 'view'),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('struck_at', None), ('struck_because', ''), ('struck_by', None)), models.Q(('struck_at__isnull', False), ('struck_by__isnull', False), models.Q(('struck_because', ''), _negated=True)), _connector='OR'), name='health_fact_struck_by_somebody')],
            },
        ),
        Protect("HealthFact", system={"system:labels": "select insert update"}),
        migrations.CreateModel(
            name='Lowering',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope_key', models.SmallIntegerField(editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('record', models.CharField(choices=[('healthfact', 'Health fact'), ('note', 'Note')], max_length=10)),
                ('record_id', models.UUIDField()),
                ('takes_away', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), size=None)),
                ('reason', consent.models.encrypted.EncryptedTextField(max_length=1000)),
                ('answer', models.CharField(choices=[('waits', 'Waits for a supervisor'), ('lowered', 'Lowered'), ('refused', 'Left as it is'), ('taken back', 'Taken back')], default='waits', max_length=10)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('remark', consent.models.encrypted.EncryptedTextField(blank=True, default='', max_length=1000, null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('compartment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.compartment')),
            ],
            options={
                'default_permissions': ('add', 'change', 'view'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('answer', 'waits')), fields=('compartment', 'record_id'), name='lowering_waits_once'), models.CheckConstraint(condition=models.Q(('takes_away__len__gt', 0)), name='lowering_takes_something_away'), models.CheckConstraint(condition=models.Q(models.Q(('answer', 'waits'), ('answered_at', None), ('answered_by', None)), models.Q(('answer', 'taken back'), ('answered_at__isnull', False)), models.Q(('answer__in', ['lowered', 'refused']), ('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(('answered_by', models.F('asked_by')), _negated=True)), _connector='OR'), name='lowering_decided_by_another')],
            },
        ),
        Protect("Lowering", system={"system:labels": "select insert update"}),
        migrations.RunPython(let_labels_move_notes, migrations.RunPython.noop),
        migrations.RunPython(open_all_to_renewal, migrations.RunPython.noop),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
