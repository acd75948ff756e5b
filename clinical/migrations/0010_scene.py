"""How a response went, as data: models and hours covered, arrival, who spoke and led, force, injury, supplies, 302."""

import uuid

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import consent.models.encrypted
from clinical.responses.models import RESPONSE_MODELS
from consent.keys.columns import open_to_renewal
from consent.rls import Protect
from consent.roles import allow

COLUMNS = {
    "clinical_encounter": ["supplies"],
    "clinical_involuntaryexamination": ["facility", "outcome_on"],
}
CARE_TEAM = [f"{verb}_involuntaryexamination" for verb in ("add", "change", "view")]
READS = ["view_involuntaryexamination"]
RIGHTS = {
    "social worker": CARE_TEAM,
    "peer": CARE_TEAM,
    "case manager": CARE_TEAM,
    "clinical supervisor": [*READS, "view_coverage"],
    "program manager": [*READS, "add_coverage", "change_coverage", "view_coverage"],
    "privacy officer": [*READS, "view_coverage"],
}


def open_all_to_renewal(apps, schema_editor):
    """A client's key can be renewed."""
    for table, columns in COLUMNS.items():
        for statement in open_to_renewal(table, columns):
            if table == "clinical_encounter" and not statement.startswith("grant"):
                continue  # its policies stand since 0004
            schema_editor.execute(statement, None)


def name_the_models(apps, schema_editor):
    """The ten ways to answer that the published studies tell apart."""
    model = apps.get_model("clinical", "ResponseModel")
    model.objects.bulk_create(
        model(slug=slug, position=position, **what)
        for position, (slug, what) in enumerate(RESPONSE_MODELS.items())
    )


def give_rights(apps, schema_editor):
    """The roles' model permissions."""
    allow(apps, "clinical", RIGHTS)


class Migration(migrations.Migration):

    dependencies = [
        ('clinical', '0008_emergency'),
        ('consent', '0010_offices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ResponseModel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('description', models.CharField(max_length=300)),
                ('police', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('present', 'Police present'), ('available', 'Police near, not in the room'), ('none', 'No police')], max_length=10), default=list, size=None)),
                ('order', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('first', 'We came first'), ('together', 'Together with the police'), ('after', 'After others'), ('secured', 'Called in once the scene was safe'), ('remote', 'By phone or video')], max_length=10), default=list, size=None)),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('clinician', 'Social worker or clinician'), ('peer', 'Peer'), ('medic', 'Medic'), ('officer', 'Officer'), ('firefighter', 'Firefighter'), ('mobile_crisis', 'County mobile crisis worker'), ('other', 'Somebody else')], max_length=16), default=list, size=None)),
                ('called_by', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('dispatch', '911 dispatch'), ('police', 'Police'), ('fire', 'Fire'), ('ems', 'Medics'), ('988', '988 Lifeline'), ('mobile_crisis', 'County mobile crisis'), ('hospital', 'Hospital or clinic'), ('program', 'One of our programs'), ('partner', 'A partner agency'), ('person', 'The person'), ('family', 'Family or friend'), ('community', 'Neighbor, shop or community'), ('met', 'Met on the way')], max_length=16), default=list, size=None)),
                ('crew', models.PositiveSmallIntegerField(blank=True, help_text='How many go; empty if it varies', null=True)),
                ('retired_on', models.DateField(blank=True, null=True)),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ['position', 'slug'],
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='encounter',
            name='arrival_order',
            field=models.CharField(blank=True, choices=[('first', 'We came first'), ('together', 'Together with the police'), ('after', 'After others'), ('secured', 'Called in once the scene was safe'), ('remote', 'By phone or video')], max_length=10),
        ),
        migrations.AddField(
            model_name='encounter',
            name='backup_called_by',
            field=models.CharField(blank=True, choices=[('nobody', 'Nobody called'), ('clinician', 'Social worker or clinician'), ('peer', 'Peer'), ('medic', 'Medic'), ('officer', 'Officer'), ('firefighter', 'Firefighter'), ('mobile_crisis', 'County mobile crisis worker'), ('other', 'Somebody else')], max_length=16),
        ),
        migrations.AddField(
            model_name='encounter',
            name='called_by',
            field=models.CharField(blank=True, choices=[('dispatch', '911 dispatch'), ('police', 'Police'), ('fire', 'Fire'), ('ems', 'Medics'), ('988', '988 Lifeline'), ('mobile_crisis', 'County mobile crisis'), ('hospital', 'Hospital or clinic'), ('program', 'One of our programs'), ('partner', 'A partner agency'), ('person', 'The person'), ('family', 'Family or friend'), ('community', 'Neighbor, shop or community'), ('met', 'Met on the way')], max_length=16),
        ),
        migrations.AddField(
            model_name='encounter',
            name='decided_by',
            field=models.CharField(blank=True, choices=[('clinician', 'Social worker or clinician'), ('peer', 'Peer'), ('medic', 'Medic'), ('officer', 'Officer'), ('firefighter', 'Firefighter'), ('mobile_crisis', 'County mobile crisis worker'), ('other', 'Somebody else'), ('together', 'Together'), ('supervisor', 'A supervisor')], max_length=16),
        ),
        migrations.AddField(
            model_name='encounter',
            name='disagreed',
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='encounter',
            name='force',
            field=models.CharField(blank=True, choices=[('none', 'None'), ('shown', 'Threatened or a weapon shown'), ('hands', 'Held or taken down by hand'), ('restraint', 'Handcuffs or restraints'), ('device', 'Spray, stun device or baton'), ('firearm', 'A firearm was fired')], max_length=10),
        ),
        migrations.AddField(
            model_name='encounter',
            name='force_by',
            field=models.CharField(blank=True, choices=[('clinician', 'Social worker or clinician'), ('peer', 'Peer'), ('medic', 'Medic'), ('officer', 'Officer'), ('firefighter', 'Firefighter'), ('mobile_crisis', 'County mobile crisis worker'), ('other', 'Somebody else')], max_length=16),
        ),
        migrations.AddField(
            model_name='encounter',
            name='injury',
            field=models.CharField(blank=True, choices=[('none', 'Not hurt'), ('before', 'Hurt before anybody came'), ('self', 'Hurt themselves while we were there'), ('during', 'Hurt while we were there')], max_length=10),
        ),
        migrations.AddField(
            model_name='encounter',
            name='led',
            field=models.CharField(blank=True, choices=[('clinician', 'Social worker or clinician'), ('peer', 'Peer'), ('medic', 'Medic'), ('officer', 'Officer'), ('firefighter', 'Firefighter'), ('mobile_crisis', 'County mobile crisis worker'), ('other', 'Somebody else'), ('together', 'Together')], max_length=16),
        ),
        migrations.AddField(
            model_name='encounter',
            name='officer_released_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='encounter',
            name='officer_stepped_back',
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='encounter',
            name='reporter_warning_given',
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='encounter',
            name='responder_injury',
            field=models.CharField(blank=True, choices=[('none', 'Nobody hurt'), ('minor', 'Hurt, no treatment'), ('treated', 'Treated'), ('hospital', 'Taken to a hospital')], max_length=10),
        ),
        migrations.AddField(
            model_name='encounter',
            name='responders',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('clinician', 'Social worker or clinician'), ('peer', 'Peer'), ('medic', 'Medic'), ('officer', 'Officer'), ('firefighter', 'Firefighter'), ('mobile_crisis', 'County mobile crisis worker'), ('other', 'Somebody else')], max_length=16), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='encounter',
            name='responders_injured',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('clinician', 'Social worker or clinician'), ('peer', 'Peer'), ('medic', 'Medic'), ('officer', 'Officer'), ('firefighter', 'Firefighter'), ('mobile_crisis', 'County mobile crisis worker'), ('other', 'Somebody else')], max_length=16), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='encounter',
            name='shift',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinical.shift'),
        ),
        migrations.AddField(
            model_name='encounter',
            name='spoke_first',
            field=models.CharField(blank=True, choices=[('clinician', 'Social worker or clinician'), ('peer', 'Peer'), ('medic', 'Medic'), ('officer', 'Officer'), ('firefighter', 'Firefighter'), ('mobile_crisis', 'County mobile crisis worker'), ('other', 'Somebody else')], max_length=16),
        ),
        migrations.AddField(
            model_name='encounter',
            name='supplies',
            field=consent.models.encrypted.EncryptedJSONField(blank=True, default=dict, null=True),
        ),
        migrations.AddField(
            model_name='encounter',
            name='units_before',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('police', 'Police'), ('ems', 'Medics'), ('fire', 'Fire'), ('mobile_crisis', 'County mobile crisis'), ('other', 'Another unit')], max_length=16), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='encounter',
            name='units_before_count',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name='InvoluntaryExamination',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope_key', models.SmallIntegerField(editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('petitioned_by', models.CharField(choices=[('clinician', 'Our clinician'), ('physician', 'A physician'), ('officer', 'An officer'), ('family', 'Family or friend'), ('delegate', "The county's delegate"), ('other', 'Somebody else')], max_length=10)),
                ('facility', consent.models.encrypted.EncryptedTextField(blank=True, default='', max_length=200, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('refused', 'The county did not authorize it'), ('not_met', 'Examined; criteria not met'), ('released', 'Examined and released'), ('voluntary', 'Became a voluntary stay (201)'), ('admitted', 'Admitted for up to 120 hours (302)'), ('extended', 'Extended by a hearing (303)'), ('unknown', 'Could not be learned')], max_length=10)),
                ('outcome_on', consent.models.encrypted.EncryptedDateField(blank=True, null=True)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('compartment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.compartment')),
                ('encounter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='examinations', to='clinical.encounter')),
            ],
            options={
                'default_permissions': ('add', 'change', 'view'),
            },
        ),
        Protect("InvoluntaryExamination"),
        migrations.CreateModel(
            name='Coverage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(7)]), size=None)),
                ('from_time', models.TimeField()),
                ('until_time', models.TimeField()),
                ('begins_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.program')),
                ('zones', models.ManyToManyField(related_name='+', to='clinical.zone')),
                ('model', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinical.responsemodel')),
            ],
            options={
                'ordering': ['program', 'model', '-begins_on', 'pk'],
                'default_permissions': ('add', 'change', 'view'),
            },
        ),
        migrations.AddField(
            model_name='encounter',
            name='response_model',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinical.responsemodel'),
        ),
        migrations.AddConstraint(
            model_name='encounter',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', ''), ('disagreed', True), _connector='OR'), name='encounter_decided_where_they_disagreed'),
        ),
        migrations.AddConstraint(
            model_name='encounter',
            constraint=models.CheckConstraint(condition=models.Q(('force_by', ''), models.Q(('force__in', ['', 'none']), _negated=True), _connector='OR'), name='encounter_force_by_somebody_if_any'),
        ),
        migrations.AddConstraint(
            model_name='encounter',
            constraint=models.CheckConstraint(condition=models.Q(('responders_injured', []), models.Q(('responder_injury__in', ['', 'none']), _negated=True), _connector='OR'), name='encounter_hurt_if_somebody_was'),
        ),
        migrations.AddConstraint(
            model_name='involuntaryexamination',
            constraint=models.UniqueConstraint(fields=('compartment', 'encounter'), name='examination_once_an_encounter'),
        ),
        migrations.AddConstraint(
            model_name='coverage',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('begins_on__lte', models.F('ends_on')), _connector='OR'), name='coverage_begins_first'),
        ),
        migrations.AddConstraint(
            model_name='coverage',
            constraint=models.CheckConstraint(condition=models.Q(('weekdays', []), _negated=True), name='coverage_has_weekdays'),
        ),
        migrations.RunPython(open_all_to_renewal, migrations.RunPython.noop),
        migrations.RunPython(name_the_models, migrations.RunPython.noop),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
