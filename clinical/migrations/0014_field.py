"""Drafts, what phones kept, windows, hand-offs with both present, and who works alone."""

import consent.models.encrypted
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from consent.keys.columns import open_to_renewal
from consent.rls import Protect

COLUMNS = {"clinical_draft": ["said"], "clinical_bothpresent": ["with_person"]}


def open_all_to_renewal(apps, schema_editor):
    """A client's key can be renewed: `system:keys` writes every text once more."""
    for table, columns in COLUMNS.items():
        for statement in open_to_renewal(table, columns):
            schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [
        ("clinical", "0011_episodes"),
        ("consent", "0010_offices"),
        ("partners", "0004_counters"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BothPresent",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scope_key", models.SmallIntegerField(editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("line", "On one phone line"),
                            ("room", "In the same place"),
                            ("video", "On a video call"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "with_person",
                    consent.models.encrypted.EncryptedTextField(
                        blank=True, default="", max_length=120, null=True
                    ),
                ),
                ("at", models.DateTimeField()),
                ("struck_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
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
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.partnerreferral",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scope_key", models.SmallIntegerField(editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("arrived", "Arrived"),
                            ("scene", "Scene"),
                            ("introduction", "Introduction"),
                            ("note", "Note"),
                            ("leave", "Leave"),
                        ],
                        max_length=12,
                    ),
                ),
                ("said", consent.models.encrypted.EncryptedJSONField(blank=True, default=dict, null=True)),
                ("changed_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
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
                    "encounter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinical.encounter"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["by", "-changed_at"],
                        name="draft_unfinished",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("compartment", "encounter", "form", "by"),
                        name="draft_one_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LoneWorkerWatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("encounter_id", models.UUIDField(blank=True, null=True)),
                ("minutes", models.PositiveSmallIntegerField(default=30)),
                ("begins_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("duress_at", models.DateTimeField(blank=True, null=True)),
                ("signed_off_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
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
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.program"
                    ),
                ),
                (
                    "worker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["program", "due_at"],
                        name="watch_running",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("worker",),
                        name="watch_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gte", 5), ("minutes__lte", 240)),
                        name="watch_of_some_minutes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("checked_at__lt", models.F("due_at"))),
                        name="watch_due_after_check",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="watch_ended_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("duress_at__isnull", True),
                            ("ended_by__isnull", True),
                            models.Q(("ended_by", models.F("worker")), _negated=True),
                            _connector="OR",
                        ),
                        name="watch_duress_ended_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Parcel",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scope_key", models.SmallIntegerField(editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("number", models.UUIDField()),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("arrived", "Arrived"),
                            ("scene", "Scene"),
                            ("introduction", "Introduction"),
                            ("note", "Note"),
                            ("leave", "Leave"),
                        ],
                        max_length=12,
                    ),
                ),
                ("kept_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
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
                    "encounter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinical.encounter"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("compartment", "number"), name="parcel_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Phone",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("first_seen_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("ordered_at", models.DateTimeField(blank=True, null=True)),
                ("emptied_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ordered_by",
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
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["principal", "-seen_at"], name="phone_of_principal")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("emptied_at__isnull", True),
                                ("ordered_at__isnull", True),
                                ("ordered_by__isnull", True),
                            ),
                            models.Q(("ordered_at__isnull", False), ("ordered_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="phone_emptied_when_ordered",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Window",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scope_key", models.SmallIntegerField(editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("ask_again", "Ask again about roles and sharing"),
                            ("overdose_24", "First visit after an overdose, 24 hours"),
                            ("overdose_72", "Second try after an overdose, 72 hours"),
                            ("after_ed", "Contact after the emergency department, 7 days"),
                        ],
                        max_length=12,
                    ),
                ),
                ("begins_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ending",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "Done"),
                            ("nobody", "Tried, reached nobody"),
                            ("not_needed", "No longer needed"),
                        ],
                        max_length=12,
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
                    "encounter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinical.encounter"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["owner", "due_at"],
                        name="window_running",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("compartment", "encounter", "rule"), name="window_once_each"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("begins_at__lt", models.F("due_at"))), name="window_begins_first"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ending", "")),
                            models.Q(("ended_at__isnull", False), models.Q(("ending", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="window_ends_some_way",
                    ),
                ],
            },
        ),
        migrations.AlterField(
            model_name="encounter",
            name="answer",
            field=models.CharField(
                blank=True,
                choices=[
                    ("agrees", "Understood and agrees"),
                    ("declines", "Understood and declines"),
                    ("cannot", "Cannot decide now"),
                    ("unsafe", "Not asked: unsafe"),
                ],
                max_length=10,
            ),
        ),
        Protect("BothPresent"),
        Protect("Draft"),
        Protect("Parcel"),
        Protect("Window"),
        migrations.RunPython(open_all_to_renewal, migrations.RunPython.noop),
    ]
