"""Complaints: they open to whoever took them down, answers for them or holds the office, and never to whom they are about."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import consent.models.encrypted
from consent.keys.columns import open_to_renewal
from consent.rls import Protect, gather_form, walk_form
from consent.roles import allow

TABLE = "clinical_complaint"
TAKERS, DESK = ["add_complaint", "view_complaint"], ["add_complaint", "view_complaint", "change_complaint"]
RIGHTS = {
    "social worker": TAKERS,
    "peer": TAKERS,
    "case manager": TAKERS,
    "clinical supervisor": DESK,
    "program manager": DESK,
    "privacy officer": ["view_complaint", "change_complaint"],
}
ME = "(select sec.principal())"
# `about_staff` is nobody for most of them.
NARROWER = (
    f"({TABLE}.about_staff_id is distinct from {ME} and ({TABLE}.taken_by_id = {ME} or {TABLE}.owner_id = {ME} "
    f"or {TABLE}.scope_key = any((select sec.my_keys())::smallint[])))"
)


def narrow(apps, schema_editor):
    """The care team as such sees none."""
    for statement in (
        f"alter policy gather_select on {TABLE} using ({gather_form(TABLE)} and {NARROWER})",
        f"alter policy walk_select on {TABLE} using ({walk_form(TABLE)} and {NARROWER})",
        *open_to_renewal(TABLE, ["said", "wished", "happened_on", "answer_to", "answer"]),
    ):
        schema_editor.execute(statement, None)


def give_rights(apps, schema_editor):
    """Who may take one down, and who may answer."""
    allow(apps, "clinical", RIGHTS)


class Migration(migrations.Migration):

    dependencies = [
        ('clinical', '0018_care_plan'),
        ('consent', '0012_taking'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Complaint',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope_key', models.SmallIntegerField(editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('about', models.CharField(choices=[('care', 'Care: how they were treated or not helped'), ('coercion', 'Coercion: they were made to, or threatened'), ('force', 'Force was used'), ('dignity', 'Words, or different treatment because of who they are'), ('privacy', 'Something private was told'), ('other', 'Something else')], max_length=10)),
                ('said', consent.models.encrypted.EncryptedTextField()),
                ('wished', consent.models.encrypted.EncryptedTextField(blank=True, default='', null=True)),
                ('happened_on', consent.models.encrypted.EncryptedDateField(blank=True, null=True)),
                ('made_by', models.CharField(choices=[('person', 'The person themselves'), ('family', 'Family or a friend'), ('colleague', 'Somebody who works with them'), ('other', 'Somebody else')], max_length=10)),
                ('how', models.CharField(choices=[('face', 'Face to face'), ('phone', 'By phone'), ('letter', 'Letter or form'), ('message', 'Message')], max_length=10)),
                ('answer_to', consent.models.encrypted.EncryptedTextField(blank=True, default='', max_length=300, null=True)),
                ('destination', models.CharField(choices=[('nowhere', 'Only to us'), ('board', 'To the civilian review board, which looks into police conduct'), ('rights', 'To the federal Office for Civil Rights (privacy)'), ('licensing', "To the State's licensing board")], default='nowhere', max_length=10)),
                ('acknowledge_by', models.DateTimeField()),
                ('answer_by', models.DateTimeField()),
                ('acknowledged_at', models.DateTimeField(blank=True, null=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('upheld', 'It is as they said'), ('partly', 'Part of it is as they said'), ('not_upheld', 'We found otherwise'), ('withdrawn', 'They took it back')], max_length=10)),
                ('answer', consent.models.encrypted.EncryptedTextField(blank=True, default='', null=True)),
                ('about_staff', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('compartment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.compartment')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taken_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': ('add', 'view', 'change'),
                'indexes': [models.Index(condition=models.Q(('answered_at__isnull', True)), fields=['owner', 'answer_by'], name='complaint_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('outcome', '')), models.Q(('acknowledged_at__isnull', False), ('answered_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='complaint_answered_some_way'), models.CheckConstraint(condition=models.Q(('about_staff__isnull', True), ('owner__isnull', True), models.Q(('owner', models.F('about_staff')), _negated=True), _connector='OR'), name='complaint_answered_by_somebody_else')],
            },
        ),
        Protect("Complaint", counted=False),
        migrations.RunPython(narrow, migrations.RunPython.noop),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
