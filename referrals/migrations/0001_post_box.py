"""The outbox and the inbox of a side; `ArrivingEnvelope` is the inbox as the exchange may write it."""

import uuid

import django.db.models.functions.datetime
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ArrivingEnvelope",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("subject_id", models.UUIDField()),
                ("sequence", models.BigIntegerField()),
                ("sealed", models.BinaryField()),
                ("sent_at", models.DateTimeField()),
            ],
            options={
                "db_table": "referrals_inboxenvelope",
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="InboxEnvelope",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("subject_id", models.UUIDField()),
                ("sequence", models.BigIntegerField()),
                ("sealed", models.BinaryField()),
                ("sent_at", models.DateTimeField()),
                ("arrived_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("opened", "Opened"),
                            ("quarantined", "In quarantine"),
                            ("set aside", "Set aside"),
                        ],
                        db_default="waiting",
                        max_length=12,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(db_default=0)),
                ("due_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("kind", models.CharField(blank=True, db_default="", max_length=40)),
                ("reason", models.CharField(blank=True, db_default="", max_length=100)),
                ("owner_role", models.CharField(blank=True, db_default="", max_length=40)),
                ("quarantined_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "quarantined"])),
                        fields=["subject_id", "sequence"],
                        name="inbox_unsettled_by_subject",
                    ),
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["sequence"],
                        name="inbox_waiting_in_order",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "quarantined"), _negated=True),
                            models.Q(
                                ("quarantined_at__isnull", False),
                                models.Q(("owner_role", ""), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="inbox_quarantine_has_an_owner",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OutboxEnvelope",
            fields=[
                ("sequence", models.BigAutoField(primary_key=True, serialize=False)),
                ("envelope_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("subject_id", models.UUIDField()),
                ("kind", models.CharField(max_length=40)),
                ("sealed", models.BinaryField()),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("copied_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("copied_at__isnull", True)),
                        fields=["sequence"],
                        name="outbox_to_be_copied",
                    )
                ],
            },
        ),
    ]
