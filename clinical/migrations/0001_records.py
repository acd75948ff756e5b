"""Zones, teams and shifts; clients, cards, encounters and notes, behind the one door from their first row."""

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
                ("name", models.CharField(max_length=80)),
            ],
            options={
                "ordering": ["slug"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Encounter",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scope_key", models.SmallIntegerField(editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("card_id", models.UUIDField(blank=True, null=True)),
                ("opened_at", models.DateTimeField()),
                ("arrived_at", models.DateTimeField(blank=True, null=True)),
                ("call_type", models.CharField(blank=True, max_length=200)),
                ("location", models.CharField(blank=True, max_length=300)),
                ("zone", models.CharField(blank=True, max_length=40)),
                (
                    "place",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("home", "Home"),
                            ("street", "Street or outdoors"),
                            ("public", "Shop, station or other public place"),
                            ("shelter", "Shelter or drop-in"),
                            ("hospital", "Hospital or clinic"),
                            ("custody", "Police station or jail"),
                            ("phone", "By phone"),
                            ("other", "Somewhere else"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "present",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("ems", "Medics"),
                                ("fire", "Fire"),
                                ("peer", "Peer"),
                                ("family", "Family or friend"),
                                ("interpreter", "Interpreter"),
                                ("others", "Others"),
                            ],
                            max_length=12,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "police",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("present", "Police present"),
                            ("available", "Police near, not in the room"),
                            ("none", "No police"),
                        ],
                        max_length=10,
                    ),
                ),
                ("introduced_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agrees", "Understands and agrees"),
                            ("declines", "Understands and declines"),
                            ("cannot", "Cannot decide now"),
                            ("unsafe", "Not asked: unsafe"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "disposition",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("stayed", "Stayed home"),
                            ("family", "With family or friends"),
                            ("crisis", "Crisis center"),
                            ("ed", "Emergency department by ambulance"),
                            ("voluntary", "Hospital, by choice"),
                            ("commitment", "Involuntary examination (302)"),
                            ("arrest", "Arrest by an officer"),
                            ("left", "Left"),
                            ("program", "Stayed with the program"),
                        ],
                        max_length=12,
                    ),
                ),
                ("left_at", models.DateTimeField(blank=True, null=True)),
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
            ],
        ),
        Protect("Encounter"),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scope_key", models.SmallIntegerField(editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("body", models.TextField()),
                (
                    "author",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="clinical.encounter",
                    ),
                ),
            ],
            options={
                "default_permissions": ("add", "view"),
            },
        ),
        Protect("Note"),
        migrations.CreateModel(
            name="Team",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.program"
                    ),
                ),
                ("zones", models.ManyToManyField(blank=True, related_name="+", to="clinical.zone")),
            ],
            options={
                "ordering": ["name"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Shift",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("partner", models.CharField(blank=True, max_length=80)),
                ("vehicle", models.CharField(blank=True, max_length=40)),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "principal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinical.team"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Card",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scope_key", models.SmallIntegerField(editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("referral", "Officer's referral"),
                            ("incident", "911 call"),
                            ("medic", "Medic's referral"),
                        ],
                        max_length=8,
                    ),
                ),
                ("origin_id", models.UUIDField(unique=True)),
                ("call_type", models.CharField(blank=True, max_length=200)),
                ("location", models.CharField(blank=True, max_length=300)),
                ("zone", models.CharField(blank=True, max_length=40)),
                ("occurred_at", models.DateTimeField(blank=True, null=True)),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100), default=list, size=None
                    ),
                ),
                ("person", models.CharField(blank=True, max_length=300)),
                ("contact", models.CharField(blank=True, max_length=300)),
                (
                    "agreed",
                    models.CharField(
                        choices=[
                            ("yes", "Agreed to be contacted"),
                            ("no", "Did not agree to be contacted"),
                            ("not_asked", "Not asked"),
                        ],
                        default="not_asked",
                        max_length=10,
                    ),
                ),
                ("safety_note", models.CharField(blank=True, max_length=1000)),
                ("description", models.TextField(blank=True)),
                ("taken_at", models.DateTimeField(blank=True, null=True)),
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
                    "taken_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("taken_at__isnull", True), ("taken_by__isnull", True)),
                            models.Q(("taken_at__isnull", False), ("taken_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="card_taken_by_somebody",
                    )
                ],
            },
        ),
        Protect("Card", system={"system:intake": "select insert update"}),
        migrations.CreateModel(
            name="Client",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scope_key", models.SmallIntegerField(editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("given_name", models.CharField(blank=True, max_length=100)),
                ("family_name", models.CharField(blank=True, max_length=100)),
                ("described_as", models.CharField(blank=True, max_length=200)),
                ("born_on", models.DateField(blank=True, null=True)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("contact_rule", models.CharField(blank=True, max_length=300)),
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
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.legalunit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("described_as", ""), ("family_name", ""), ("given_name", ""), _negated=True
                        ),
                        name="client_is_called_something",
                    )
                ],
            },
        ),
        Protect("Client"),
        migrations.AddIndex(
            model_name="encounter",
            index=models.Index(
                condition=models.Q(("left_at__isnull", True)),
                fields=["by", "-opened_at"],
                name="encounter_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="encounter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("introduced_at__isnull", True)),
                    models.Q(models.Q(("answer", ""), _negated=True), ("introduced_at__isnull", False)),
                    _connector="OR",
                ),
                name="encounter_answer_has_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="encounter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("left_at__isnull", True), models.Q(("disposition", ""), _negated=True), _connector="OR"
                ),
                name="encounter_left_some_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="encounter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("left_at__isnull", True), ("opened_at__lte", models.F("left_at")), _connector="OR"
                ),
                name="encounter_opens_first",
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.CheckConstraint(
                condition=models.Q(("body", ""), _negated=True), name="note_says_something"
            ),
        ),
        migrations.AddIndex(
            model_name="shift",
            index=models.Index(fields=["principal", "begins_at"], name="shift_principal"),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.CheckConstraint(
                condition=models.Q(("begins_at__lt", models.F("ends_at"))), name="shift_begins_first"
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.UniqueConstraint(fields=("program", "name"), name="team_once_in_program"),
        ),
    ]
