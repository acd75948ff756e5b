"""Partners' machines, releases and referrals; each protected table goes behind the door at once."""

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
            name="AssertionSeen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("client_id", models.CharField(max_length=255)),
                ("assertion_id", models.CharField(max_length=255)),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("client_id", "assertion_id"), name="assertion_used_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnerKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("client_id", models.CharField(max_length=255)),
                ("key_id", models.CharField(blank=True, max_length=128)),
                ("algorithm", models.CharField(max_length=8)),
                ("jwk", models.JSONField()),
                ("is_active", models.BooleanField(default=True)),
                ("registered_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consent.organization",
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
            },
        ),
        migrations.CreateModel(
            name="AccessToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("expires_at", models.DateTimeField(db_index=True)),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.partnerkey",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PartnerReferral",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scope_key", models.SmallIntegerField(editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("purpose", models.CharField(max_length=24)),
                (
                    "segments",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16), size=None
                    ),
                ),
                (
                    "segments_withheld",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16), default=list, size=None
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("received", "Received"),
                            ("accepted", "Accepted"),
                            ("in-progress", "In progress"),
                            ("completed", "Completed"),
                            ("rejected", "Rejected"),
                        ],
                        default="requested",
                        max_length=12,
                    ),
                ),
                ("status_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("closed", "Closed"),
                            ("served", "Served"),
                            ("enrolled", "Enrolled in services"),
                            ("declined", "Declined by the client"),
                            ("no contact", "Could not be reached"),
                            ("not eligible", "Not eligible"),
                            ("referred on", "Referred on"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "reject_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no capacity", "No capacity"),
                            ("not eligible", "Not eligible"),
                            ("out of area", "Out of area"),
                            ("could not contact", "Could not contact"),
                        ],
                        max_length=20,
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
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consent.organization",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.program"
                    ),
                ),
                (
                    "referred_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        Protect("PartnerReferral", system={"system:partners": "select update"}),
        migrations.CreateModel(
            name="PartnerAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scope_key", models.SmallIntegerField(editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("received", "Received"),
                            ("accepted", "Accepted"),
                            ("in-progress", "In progress"),
                            ("completed", "Completed"),
                            ("rejected", "Rejected"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("closed", "Closed"),
                            ("served", "Served"),
                            ("enrolled", "Enrolled in services"),
                            ("declined", "Declined by the client"),
                            ("no contact", "Could not be reached"),
                            ("not eligible", "Not eligible"),
                            ("referred on", "Referred on"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "reject_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no capacity", "No capacity"),
                            ("not eligible", "Not eligible"),
                            ("out of area", "Out of area"),
                            ("could not contact", "Could not contact"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "legal_basis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("client consent", "The client consented to telling us"),
                            ("not part 2", "The partner's records are not under 42 CFR Part 2"),
                            ("content free", "The answer tells nothing about the client"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "answered_by",
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
                "abstract": False,
            },
        ),
        Protect("PartnerAnswer", system={"system:partners": "select insert"}),
        migrations.CreateModel(
            name="Release",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scope_key", models.SmallIntegerField(editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("purpose", models.CharField(max_length=24)),
                (
                    "segments",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16), size=None
                    ),
                ),
                ("content", models.JSONField()),
                ("notices", models.JSONField(default=list)),
                ("consent_scope", models.JSONField(default=list)),
                ("basis", models.JSONField(default=list)),
                ("obligations", models.JSONField(default=list)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("received", "Received"),
                            ("accepted", "Accepted"),
                            ("in-progress", "In progress"),
                            ("completed", "Completed"),
                            ("rejected", "Rejected"),
                        ],
                        default="requested",
                        max_length=12,
                    ),
                ),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("first_read_at", models.DateTimeField(null=True)),
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
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consent.organization",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.program"
                    ),
                ),
            ],
        ),
        Protect("Release", system={"system:partners": "select insert update"}),
        migrations.CreateModel(
            name="TokenRefusal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source_address", models.GenericIPAddressField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["source_address", "at"], name="token_refusal_address")],
            },
        ),
        migrations.AddConstraint(
            model_name="partnerkey",
            constraint=models.UniqueConstraint(fields=("client_id", "key_id"), name="partner_key_once"),
        ),
        migrations.AddConstraint(
            model_name="partnerkey",
            constraint=models.CheckConstraint(
                condition=models.Q(("algorithm__in", ["RS384", "ES384"])), name="partner_key_is_asymmetric"
            ),
        ),
        migrations.AddConstraint(
            model_name="partnerreferral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome__gt", ""), ("status", "completed")),
                    models.Q(models.Q(("status", "completed"), _negated=True), ("outcome", "")),
                    _connector="OR",
                ),
                name="referral_completed_with_an_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnerreferral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reject_reason__gt", ""), ("status", "rejected")),
                    models.Q(models.Q(("status", "rejected"), _negated=True), ("reject_reason", "")),
                    _connector="OR",
                ),
                name="referral_rejected_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnerreferral",
            constraint=models.CheckConstraint(
                condition=models.Q(("created_at__lte", models.F("status_at"))),
                name="referral_made_before_its_status",
            ),
        ),
        migrations.AddIndex(
            model_name="release",
            index=models.Index(fields=["changed_at", "id"], name="release_changed"),
        ),
    ]
