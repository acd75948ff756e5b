"""Emergency access, what it cost, its alarms and reviews, and the days that are no business days."""

import datetime
import uuid

import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from consent import emergency_policies
from consent.models import encrypted
from consent.rls import Protect


def install(apps, schema_editor):
    """Rights, policies, triggers."""
    for statement in emergency_policies.statements():
        schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [("consent", "0008_client_keys")]

    operations = [
        migrations.CreateModel(
            name="Holiday",
            fields=[
                ("on", models.DateField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="EmergencyAccess",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scope_key", models.SmallIntegerField(editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("subject_id", models.UUIDField()),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("overdose", "Overdose or poisoning"),
                            ("unresponsive", "Not responding, or not breathing well"),
                            ("self_harm", "Suicide attempt or serious self-harm"),
                            ("injury", "Serious injury"),
                            ("illness", "Sudden serious illness"),
                            ("confusion", "Acute confusion or psychosis, no bodily danger seen"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "without_consent",
                    models.CharField(
                        choices=[
                            ("unconscious", "They are unconscious"),
                            ("not_able", "They can't understand or answer"),
                            ("out_of_reach", "They are not here and can't be reached"),
                            ("refused", "I asked, and they said no"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "treats",
                    models.CharField(
                        choices=[
                            ("self", "I do, as a social worker or peer"),
                            ("medical", "I do, as a nurse, paramedic or physician"),
                            ("medics", "Medics or an emergency department; I tell them"),
                        ],
                        max_length=8,
                    ),
                ),
                ("needs_restricted", models.BooleanField(default=False)),
                ("words", encrypted.EncryptedTextField()),
                ("told_name", encrypted.EncryptedTextField(blank=True, default='', null=True)),
                ("told_facility", encrypted.EncryptedTextField(blank=True, default='', null=True)),
                ("started_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField()),
                (
                    "due_rule",
                    models.CharField(
                        choices=[
                            ("next-business-day-17:00@America/New_York", "5 p.m. of the next business day")
                        ],
                        default="next-business-day-17:00@America/New_York",
                        editable=False,
                        max_length=40,
                    ),
                ),
                ("alarmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("appropriate", "Appropriate"),
                            ("not_appropriate", "Not appropriate"),
                            ("follow_up", "Needs follow-up"),
                        ],
                        max_length=16,
                    ),
                ),
                ("note", encrypted.EncryptedTextField(blank=True, default='', null=True)),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("answer", encrypted.EncryptedTextField(blank=True, default='', null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "closing_verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("appropriate", "Appropriate"),
                            ("not_appropriate", "Not appropriate"),
                            ("follow_up", "Needs follow-up"),
                        ],
                        max_length=16,
                    ),
                ),
                ("closing_note", encrypted.EncryptedTextField(blank=True, default='', null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "compartment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consent.compartment",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "principal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EmergencyAlarm",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("EMERGENCY-RATE-PERSON", "One person is over the budget"),
                            ("EMERGENCY-RATE-TEAM", "One program is over the budget"),
                            ("EMERGENCY-STOPPED", "Too many attempts: stopped"),
                            ("EMERGENCY-REVIEW-OVERDUE", "A review is overdue"),
                        ],
                        max_length=32,
                    ),
                ),
                ("count", models.PositiveIntegerField(default=1)),
                ("raised_at", models.DateTimeField()),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "emergency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consent.emergencyaccess",
                    ),
                ),
                (
                    "principal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consent.program",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="EmergencyAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("opened", "Opened"),
                            ("running", "Running"),
                            ("nothing", "Nothing"),
                            ("stopped", "Stopped"),
                        ],
                        max_length=8,
                    ),
                ),
                ("opened", models.PositiveSmallIntegerField(default=0)),
                (
                    "principal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="emergencyaccess",
            index=models.Index(fields=["subject_id", "ends_at"], name="emergency_subject"),
        ),
        migrations.AddIndex(
            model_name="emergencyaccess",
            index=models.Index(fields=["principal", "-started_at"], name="emergency_principal"),
        ),
        migrations.AddIndex(
            model_name="emergencyaccess",
            index=models.Index(
                condition=models.Q(("reviewed_at__isnull", True)),
                fields=["due_at"],
                name="emergency_awaits_review",
            ),
        ),
        migrations.AddConstraint(
            model_name="emergencyaccess",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_at__gt", models.F("started_at")),
                    (
                        "ends_at__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("started_at"), "+", models.Value(datetime.timedelta(seconds=3600))
                        ),
                    ),
                ),
                name="emergency_lasts_an_hour",
            ),
        ),
        migrations.AddConstraint(
            model_name="emergencyaccess",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                    models.Q(
                        ("ended_at__gte", models.F("started_at")),
                        ("ended_at__isnull", False),
                        ("ended_at__lt", models.F("ends_at")),
                        ("ended_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="emergency_ends_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="emergencyaccess",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reviewed_at__isnull", True), ("reviewer__isnull", True), ("verdict", "")),
                    models.Q(
                        ("reviewed_at__gte", models.F("started_at")),
                        ("reviewed_at__isnull", False),
                        ("reviewer__isnull", False),
                        models.Q(("reviewer", models.F("principal")), _negated=True),
                        models.Q(("verdict", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="emergency_reviewed_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="emergencyaccess",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answered_at__isnull", True),
                    models.Q(("answered_at__gte", models.F("reviewed_at")), ("reviewed_at__isnull", False)),
                    _connector="OR",
                ),
                name="emergency_answered_after_review",
            ),
        ),
        migrations.AddConstraint(
            model_name="emergencyaccess",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at__isnull", True), ("closed_by__isnull", True), ("closing_verdict", "")
                    ),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("closed_by__isnull", False),
                        ("reviewed_at__isnull", False),
                        ("closed_at__gte", models.F("reviewed_at")),
                        ("closing_verdict__in", ("appropriate", "not_appropriate")),
                        models.Q(("closed_by", models.F("principal")), _negated=True),
                        models.Q(
                            ("answered_at__isnull", True),
                            models.Q(("closed_by", models.F("reviewer")), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="emergency_closed_by_another",
            ),
        ),
        migrations.AddIndex(
            model_name="emergencyalarm",
            index=models.Index(
                condition=models.Q(("acknowledged_at__isnull", True)),
                fields=["-raised_at"],
                name="emergency_alarms_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="emergencyalarm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("acknowledged_at__isnull", True), ("acknowledged_by__isnull", True)),
                    models.Q(
                        ("acknowledged_at__isnull", False),
                        ("acknowledged_by__isnull", False),
                        models.Q(
                            ("principal__isnull", True),
                            models.Q(("acknowledged_by", models.F("principal")), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="emergency_alarm_acknowledged_by_another",
            ),
        ),
        migrations.AddIndex(
            model_name="emergencyattempt",
            index=models.Index(fields=["principal", "-at"], name="emergency_attempts"),
        ),
        migrations.AddIndex(
            model_name="emergencyattempt",
            index=models.Index(fields=["-at"], name="emergency_attempts_newest"),
        ),
        Protect(
            "EmergencyAccess", system={"system:emergency": "select insert update", "system:grants": "select"}
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
