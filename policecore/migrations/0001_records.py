"""Where and who, calls for service, odd rows, and officers' referrals, each protected table behind the door."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from consent.rls import Protect


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("consent", "0003_roles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Zone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.CharField(max_length=16, unique=True)),
                ("name", models.CharField(max_length=60)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.program"
                    ),
                ),
            ],
            options={
                "ordering": ["slug"],
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("vehicle", models.CharField(blank=True, max_length=20)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.program"
                    ),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policecore.zone"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scope_key", models.SmallIntegerField(editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("external_id", models.CharField(max_length=64)),
                ("layout", models.CharField(max_length=40)),
                ("call_type", models.CharField(max_length=120)),
                ("call_group", models.CharField(blank=True, max_length=60)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("crisis", "Person in crisis"),
                            ("overdose", "Overdose or intoxication"),
                            ("welfare", "Welfare check"),
                            ("fall", "Fall"),
                            ("victim", "Somebody hurt or threatened"),
                            ("medical", "Medical"),
                            ("disturbance", "Disturbance"),
                            ("traffic", "Traffic"),
                            ("fire", "Fire"),
                            ("other", "Other"),
                        ],
                        default="other",
                        max_length=12,
                    ),
                ),
                ("priority", models.CharField(blank=True, max_length=20)),
                ("occurred_at", models.DateTimeField()),
                ("location", models.CharField(blank=True, max_length=300)),
                ("latitude", models.FloatField(null=True)),
                ("longitude", models.FloatField(null=True)),
                ("description", models.TextField(blank=True)),
                ("handed_over_at", models.DateTimeField(null=True)),
                (
                    "handover_word",
                    models.CharField(
                        blank=True, choices=[("sent", "Sent"), ("received", "Received")], max_length=8
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
                    "zone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policecore.zone"
                    ),
                ),
            ],
        ),
        Protect("Incident", system={"system:import": "select insert", "system:intake": "select update"}),
        migrations.CreateModel(
            name="OfficerReferral",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scope_key", models.SmallIntegerField(editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("incident_id", models.UUIDField(null=True)),
                ("person_as_known", models.CharField(blank=True, max_length=120)),
                ("contact", models.CharField(blank=True, max_length=120)),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), size=None
                    ),
                ),
                ("suggested_program", models.CharField(blank=True, max_length=40)),
                (
                    "agreed",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("not asked", "Not asked")],
                        default="not asked",
                        max_length=9,
                    ),
                ),
                ("safety_note", models.CharField(blank=True, max_length=500)),
                ("seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("location", models.CharField(blank=True, max_length=300)),
                ("zone", models.CharField(blank=True, max_length=60)),
                ("call_type", models.CharField(blank=True, max_length=120)),
                ("words_confirmed", models.BooleanField(default=False)),
                (
                    "word",
                    models.CharField(
                        choices=[("sent", "Sent"), ("received", "Received")], default="sent", max_length=8
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
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reasons__len__gt", 0)), name="referral_names_a_reason"
                    )
                ],
            },
        ),
        Protect("OfficerReferral", system={"system:intake": "select update"}),
        migrations.CreateModel(
            name="QuarantinedRow",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scope_key", models.SmallIntegerField(editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("layout", models.CharField(max_length=40)),
                ("file_name", models.CharField(max_length=200)),
                ("line_number", models.PositiveIntegerField()),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("columns", "More or fewer columns than the header has"),
                            ("quoting", "A quotation mark opens and does not close"),
                            ("encoding", "Bytes that are not text in the layout's encoding"),
                            ("id-missing", "No incident number"),
                            ("type-missing", "No call type"),
                            ("time-missing", "No time"),
                            ("time-unreadable", "A time that is not written as the layout says"),
                            ("time-impossible", "A time that the clock never showed, or far off"),
                            ("place-unreadable", "A latitude or longitude that is not a number"),
                            ("place-outside", "A place outside the layout's area"),
                            ("no-zone", "Neither a known district nor a place to find the zone by"),
                            ("too-long", "A value longer than any of its kind"),
                        ],
                        max_length=20,
                    ),
                ),
                ("column", models.CharField(blank=True, max_length=60)),
                ("raw", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "compartment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consent.compartment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("layout", "digest"), name="quarantined_row_once")
                ],
            },
        ),
        Protect("QuarantinedRow", system={"system:import": "select insert"}),
        migrations.CreateModel(
            name="Shift",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policecore.team"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["officer", "begins_at"], name="shift_officer")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("begins_at__lt", models.F("ends_at"))), name="shift_begins_first"
                    ),
                    models.UniqueConstraint(fields=("officer", "begins_at"), name="shift_once"),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.UniqueConstraint(fields=("unit", "name"), name="team_name_in_its_unit"),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                models.OrderBy(models.F("occurred_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                include=("scope_key",),
                name="incident_newest",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.UniqueConstraint(fields=("layout", "external_id"), name="incident_once"),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("handed_over_at__isnull", True), ("handover_word", "")),
                    models.Q(("handed_over_at__isnull", False), ("handover_word__in", ["sent", "received"])),
                    _connector="OR",
                ),
                name="incident_handed_over_has_a_word",
            ),
        ),
    ]
