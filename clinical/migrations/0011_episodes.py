"""Episodes: their stages and records, and what a person says they are."""

import consent.models.encrypted
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from consent.keys.columns import open_to_renewal
from consent.rls import Protect
from consent.roles import allow

COLUMNS = {
    "clinical_episoderecord": ["answers"],
    "clinical_stagemove": ["why"],
    "clinical_demographics": ["race_ethnicity", "gender", "language", "disability"],
}
READS = ["view_episode", "view_stagemove", "view_episoderecord", "view_demographics"]
CARE_TEAM = [
    *READS, "add_episode", "change_episode", "add_stagemove", "add_episoderecord", "change_episoderecord",
    "add_demographics", "change_demographics",
]  # fmt: skip
RIGHTS = dict.fromkeys(("social worker", "peer", "case manager"), CARE_TEAM) | dict.fromkeys(
    ("clinical supervisor", "program manager", "privacy officer"), READS
)


def open_all_to_renewal(apps, schema_editor):
    """A client's key can be renewed."""
    for table, columns in COLUMNS.items():
        for statement in open_to_renewal(table, columns):
            schema_editor.execute(statement, None)


def give_rights(apps, schema_editor):
    """The roles' model permissions; a program manager's office opens enrollment, not what was recorded."""
    allow(apps, "clinical", RIGHTS)


class Migration(migrations.Migration):

    dependencies = [
        ('clinical', '0013_plan'),
        ('consent', '0010_offices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Episode',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope_key', models.SmallIntegerField(editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('definition', models.CharField(max_length=24)),
                ('version', models.PositiveSmallIntegerField()),
                ('source', models.CharField(max_length=24)),
                ('card_id', models.UUIDField(blank=True, null=True)),
                ('stage', models.CharField(max_length=24)),
                ('stage_since', models.DateTimeField()),
                ('opened_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('closing_reason', models.CharField(blank=True, max_length=24)),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('compartment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.compartment')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        Protect("Episode"),
        migrations.CreateModel(
            name='EpisodeRecord',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope_key', models.SmallIntegerField(editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('kind', models.CharField(max_length=24)),
                ('version', models.PositiveSmallIntegerField()),
                ('happened_at', models.DateTimeField()),
                ('answers', consent.models.encrypted.EncryptedJSONField(blank=True, default=dict, null=True)),
                ('corrected_at', models.DateTimeField(blank=True, null=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('compartment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.compartment')),
                ('corrects', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinical.episoderecord')),
                ('encounter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinical.encounter')),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='clinical.episode')),
            ],
            options={
                'default_permissions': ('add', 'change', 'view'),
            },
        ),
        Protect("EpisodeRecord"),
        migrations.CreateModel(
            name='StageMove',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope_key', models.SmallIntegerField(editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('from_stage', models.CharField(blank=True, max_length=24)),
                ('to_stage', models.CharField(max_length=24)),
                ('moved_at', models.DateTimeField()),
                ('why', consent.models.encrypted.EncryptedTextField(blank=True, default='', max_length=300, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('compartment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.compartment')),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='clinical.episode')),
            ],
            options={
                'default_permissions': ('add', 'view'),
            },
        ),
        Protect("StageMove"),
        migrations.CreateModel(
            name='Demographics',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope_key', models.SmallIntegerField(editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('race_ethnicity', consent.models.encrypted.EncryptedJSONField(blank=True, default=dict, null=True)),
                ('gender', consent.models.encrypted.EncryptedJSONField(blank=True, default=dict, null=True)),
                ('language', consent.models.encrypted.EncryptedJSONField(blank=True, default=dict, null=True)),
                ('disability', consent.models.encrypted.EncryptedJSONField(blank=True, default=dict, null=True)),
                ('asked_at', models.DateTimeField()),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('compartment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.compartment')),
            ],
            options={
                'default_permissions': ('add', 'change', 'view'),
                'constraints': [models.UniqueConstraint(fields=('compartment',), name='demographics_once')],
            },
        ),
        Protect("Demographics"),
        migrations.AddConstraint(
            model_name='episode',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by__isnull', True), ('closing_reason', '')), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), models.Q(('closing_reason', ''), _negated=True)), _connector='OR'), name='episode_closed_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='episode',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), ('opened_at__lte', models.F('closed_at')), _connector='OR'), name='episode_opens_first'),
        ),
        migrations.AddConstraint(
            model_name='episode',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('compartment',), name='episode_one_open'),
        ),
        migrations.RunPython(open_all_to_renewal, migrations.RunPython.noop),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
