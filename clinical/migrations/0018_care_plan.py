"""Needs, plans, goals and reviews; safety plans; contacts and households; documents; hand-overs."""

import consent.models.encrypted
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from consent.keys.columns import open_to_renewal
from consent.rls import Protect, policy
from consent.roles import allow

COLUMNS = {
    "clinical_handover": ["summary"],
    "clinical_household": ["remark"],
    "clinical_contact": ["name", "phone", "address", "contact_rule"],
    "clinical_need": ["words"],
    "clinical_plan": ["hopes", "strengths", "helps", "barriers"],
    "clinical_goal": ["words"],
    "clinical_step": ["words"],
    "clinical_review": ["words", "changes", "goals", "next_review_on"],
    "clinical_safetyplan": ["parts"],
    "clinical_document": ["title", "content", "remark", "dated_on"],
}
WRITTEN = ("household", "contact", "need", "plan", "goal", "step", "safetyplan", "document")
READS = [f"view_{model}" for model in (*WRITTEN, "review", "handover")]
WRITES = [*READS, *(f"{verb}_{model}" for model in WRITTEN for verb in ("add", "change")), "add_review"]
RIGHTS = {
    "social worker": WRITES,
    "peer": WRITES,
    "case manager": WRITES,
    "clinical supervisor": [*READS, "add_handover"],
    "program manager": READS,
    "privacy officer": READS,
}


def open_all_to_renewal(apps, schema_editor):
    """A client's key can be renewed."""
    for table, columns in COLUMNS.items():
        for statement in open_to_renewal(table, columns):
            schema_editor.execute(statement, None)


def let_notes_be_closed(apps, schema_editor):
    """A hand-over in summary moves earlier notes into a compartment that is closed to who joins later."""
    asks = "(select sec.system()) = 'system:handover'"
    for verb in ("select", "update"):
        check = asks if verb == "update" else ""
        schema_editor.execute(
            policy("clinical_note", f"handover_{verb}", "system", verb, using=asks, check=check), None
        )


def give_rights(apps, schema_editor):
    """The roles' model permissions."""
    allow(apps, "clinical", RIGHTS)


class Migration(migrations.Migration):

    dependencies = [
        ('clinical', '0012_outreach'),
        ('consent', '0014_closed_to_later'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope_key', models.SmallIntegerField(editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('how', models.CharField(choices=[('full', 'The whole record'), ('summary', 'A summary; earlier notes stay closed')], max_length=8)),
                ('reason', models.CharField(choices=[('leaves', 'The worker leaves or is away'), ('caseload', 'Caseload'), ('asked', 'The client asked for somebody else'), ('fit', 'Language, skill or zone'), ('conflict', 'The worker knows the client privately'), ('safety', 'Safety')], max_length=10)),
                ('summary', consent.models.encrypted.EncryptedTextField(blank=True, default='', null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('compartment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.compartment')),
                ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': ('add', 'view'),
            },
        ),
        migrations.CreateModel(
            name='Household',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope_key', models.SmallIntegerField(editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('kind', models.CharField(choices=[('alone', 'Alone'), ('couple', 'With a partner'), ('children', 'With children'), ('family', 'With other family'), ('shared', 'Shared with others'), ('facility', 'In a shelter or facility'), ('none', 'No household')], max_length=10)),
                ('head', models.CharField(choices=[('client', 'The client'), ('other', 'Somebody else'), ('nobody', 'Nobody')], default='client', max_length=8)),
                ('remark', consent.models.encrypted.EncryptedTextField(blank=True, default='', max_length=500, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('compartment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.compartment')),
            ],
            options={
                'default_permissions': ('add', 'change', 'view'),
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope_key', models.SmallIntegerField(editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('name', consent.models.encrypted.EncryptedTextField(max_length=150)),
                ('relation', models.CharField(choices=[('partner', 'Partner'), ('parent', 'Parent'), ('child', 'Child'), ('sibling', 'Brother or sister'), ('relative', 'Other family'), ('friend', 'Friend or neighbor'), ('guardian', 'Guardian or agent'), ('professional', 'Professional'), ('other', 'Somebody else')], max_length=12)),
                ('phone', consent.models.encrypted.EncryptedTextField(blank=True, default='', max_length=40, null=True)),
                ('address', consent.models.encrypted.EncryptedTextField(blank=True, default='', max_length=300, null=True)),
                ('contact_rule', consent.models.encrypted.EncryptedTextField(blank=True, default='', max_length=300, null=True)),
                ('may_know', models.CharField(choices=[('nothing', 'Nothing, not even that we know the client'), ('looking', 'That we look for the client'), ('consent', 'What a signed form says')], default='nothing', max_length=8)),
                ('is_for_emergencies', models.BooleanField(default=False)),
                ('is_danger', models.BooleanField(default=False)),
                ('is_minor', models.BooleanField(default=False)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('compartment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.compartment')),
                ('household', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='clinical.household')),
            ],
            options={
                'default_permissions': ('add', 'change', 'view'),
            },
        ),
        migrations.CreateModel(
            name='Need',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope_key', models.SmallIntegerField(editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('area', models.CharField(choices=[('housing', 'A safe place to live'), ('food', 'Food and water'), ('safety', 'Safety from others'), ('health', 'Physical health'), ('medication', 'Medicines'), ('mind', 'Mood and state of mind'), ('substances', 'Alcohol and drugs'), ('hygiene', 'Washing and clothes'), ('sleep', 'Sleep and rest'), ('home', 'Keeping up the home'), ('money', 'Money and bills'), ('benefits', 'Benefits and insurance'), ('documents', 'ID and papers'), ('work', 'Work'), ('learning', 'School and training'), ('legal', 'Legal matters'), ('transport', 'Getting around'), ('family', 'Family and children'), ('people', 'Friends and support'), ('time', 'Things that matter to them'), ('other', 'Something else')], max_length=12)),
                ('urgency', models.CharField(choices=[('urgent', 'Urgent'), ('help', 'Needs help'), ('later', 'Later')], default='help', max_length=8)),
                ('words', consent.models.encrypted.EncryptedTextField(blank=True, default='', max_length=500, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ending', models.CharField(blank=True, choices=[('met', 'Met'), ('partly', 'Partly met'), ('unavailable', 'Nothing available'), ('dropped', 'They no longer want help with it'), ('mistake', 'Written down by mistake')], max_length=12)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('compartment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.compartment')),
                ('screening', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinical.screening')),
            ],
            options={
                'default_permissions': ('add', 'change', 'view'),
            },
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope_key', models.SmallIntegerField(editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('hopes', consent.models.encrypted.EncryptedTextField()),
                ('strengths', consent.models.encrypted.EncryptedTextField(blank=True, default='', null=True)),
                ('helps', consent.models.encrypted.EncryptedTextField(blank=True, default='', null=True)),
                ('barriers', consent.models.encrypted.EncryptedTextField(blank=True, default='', null=True)),
                ('agreed', models.CharField(choices=[('yes', 'Made together and agreed'), ('partly', 'Agreed in part'), ('no', 'Not agreed'), ('not_asked', 'Not asked yet')], default='not_asked', max_length=10)),
                ('review_every', models.PositiveSmallIntegerField(choices=[(30, '30 days'), (60, '60 days'), (90, '90 days')], default=90)),
                ('next_review_on', models.DateField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ending', models.CharField(blank=True, choices=[('reached', 'Goals reached'), ('moved', 'Went to another program or provider'), ('declined', 'They no longer want it'), ('lost', 'Lost contact'), ('died', 'Died'), ('replaced', 'Replaced by a new plan')], max_length=10)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('compartment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.compartment')),
            ],
            options={
                'default_permissions': ('add', 'change', 'view'),
            },
        ),
        migrations.CreateModel(
            name='Goal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope_key', models.SmallIntegerField(editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('words', consent.models.encrypted.EncryptedTextField(max_length=500)),
                ('state', models.CharField(choices=[('open', 'Working on it'), ('paused', 'Paused'), ('reached', 'Reached'), ('dropped', 'Dropped')], default='open', max_length=8)),
                ('state_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('compartment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.compartment')),
                ('need', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinical.need')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='goals', to='clinical.plan')),
            ],
            options={
                'default_permissions': ('add', 'change', 'view'),
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope_key', models.SmallIntegerField(editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('words', consent.models.encrypted.EncryptedTextField()),
                ('changes', consent.models.encrypted.EncryptedTextField(blank=True, default='', null=True)),
                ('goals', consent.models.encrypted.EncryptedJSONField(blank=True, default=list, null=True)),
                ('together', models.CharField(choices=[('present', 'Together'), ('phone', 'By phone'), ('apart', 'Without them, and told afterwards'), ('absent', 'Without them')], max_length=8)),
                ('next_review_on', consent.models.encrypted.EncryptedDateField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('compartment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.compartment')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='clinical.plan')),
            ],
            options={
                'default_permissions': ('add', 'view'),
            },
        ),
        migrations.CreateModel(
            name='SafetyPlan',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope_key', models.SmallIntegerField(editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('parts', consent.models.encrypted.EncryptedJSONField(default=dict)),
                ('copy', models.CharField(choices=[('paper', 'On paper'), ('phone', 'A photo on their phone'), ('declined', "They don't want a copy"), ('unsafe', 'A copy would not be safe'), ('none', 'Not given yet')], default='none', max_length=10)),
                ('is_theirs', models.BooleanField(default=False)),
                ('replaced_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('compartment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.compartment')),
            ],
            options={
                'default_permissions': ('add', 'change', 'view'),
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope_key', models.SmallIntegerField(editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('words', consent.models.encrypted.EncryptedTextField(max_length=300)),
                ('who', models.CharField(choices=[('client', 'They do it themselves'), ('worker', 'We do it'), ('together', 'Together'), ('others', 'A partner or somebody close')], max_length=8)),
                ('due_on', models.DateField(blank=True, null=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('is_dropped', models.BooleanField(default=False)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('compartment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.compartment')),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('goal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='clinical.goal')),
            ],
            options={
                'default_permissions': ('add', 'change', 'view'),
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope_key', models.SmallIntegerField(editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('title', consent.models.encrypted.EncryptedTextField(max_length=150)),
                ('kind', models.CharField(choices=[('id', 'ID, birth certificate, Social Security card'), ('benefits', 'Benefits or insurance'), ('housing', 'Housing'), ('court', 'Court or legal'), ('medical', 'Medical or treatment'), ('letter', 'Letter'), ('signed', 'Signed form'), ('picture', 'Picture'), ('other', 'Something else')], max_length=10)),
                ('media', models.CharField(choices=[('application/pdf', 'PDF'), ('image/jpeg', 'Picture')], max_length=16)),
                ('content', consent.models.encrypted.EncryptedBinaryField()),
                ('size', models.PositiveIntegerField()),
                ('remark', consent.models.encrypted.EncryptedTextField(blank=True, default='', max_length=500, null=True)),
                ('dated_on', consent.models.encrypted.EncryptedDateField(blank=True, null=True)),
                ('struck_at', models.DateTimeField(blank=True, null=True)),
                ('struck_because', models.CharField(blank=True, choices=[('person', 'It is about somebody else'), ('wrong', 'It is the wrong paper'), ('unreadable', "It can't be read")], max_length=10)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('compartment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.compartment')),
                ('struck_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': ('add', 'change', 'view'),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('struck_at', None), ('struck_because', ''), ('struck_by', None)), models.Q(('struck_at__isnull', False), ('struck_by__isnull', False), models.Q(('struck_because', ''), _negated=True)), _connector='OR'), name='document_struck_by_somebody')],
            },
        ),
        migrations.AddConstraint(
            model_name='household',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('compartment',), name='household_once'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('is_danger', False), models.Q(('is_for_emergencies', False), ('may_know', 'nothing')), _connector='OR'), name='contact_danger_is_told_nothing'),
        ),
        migrations.AddConstraint(
            model_name='need',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ending', '')), models.Q(('ended_at__isnull', False), models.Q(('ending', ''), _negated=True)), _connector='OR'), name='need_ended_some_way'),
        ),
        migrations.AddIndex(
            model_name='plan',
            index=models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['next_review_on'], name='plan_review_due'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('compartment',), name='plan_runs_once'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ending', '')), models.Q(('ended_at__isnull', False), models.Q(('ending', ''), _negated=True)), _connector='OR'), name='plan_ended_some_way'),
        ),
        migrations.AddConstraint(
            model_name='safetyplan',
            constraint=models.UniqueConstraint(condition=models.Q(('replaced_at__isnull', True)), fields=('compartment',), name='safety_plan_once'),
        ),
        migrations.AddIndex(
            model_name='step',
            index=models.Index(condition=models.Q(('done_at__isnull', True), ('is_dropped', False)), fields=['due_on'], name='step_due'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('done_by', None)), models.Q(('done_at__isnull', False), ('done_by__isnull', False)), _connector='OR'), name='step_done_by_somebody'),
        ),
        Protect("HandOver", system={"system:handover": "insert"}),
        Protect("Household"),
        Protect("Contact"),
        Protect("Need"),
        Protect("Plan"),
        Protect("Goal"),
        Protect("Review"),
        Protect("SafetyPlan"),
        Protect("Step"),
        Protect("Document"),
        migrations.RunPython(open_all_to_renewal, migrations.RunPython.noop),
        migrations.RunPython(let_notes_be_closed, migrations.RunPython.noop),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
