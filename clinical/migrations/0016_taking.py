"""Photos of signed papers, and forms that were offered and not signed."""

import consent.models.encrypted
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from consent.keys.columns import only_renewal, open_to_renewal
from consent.rls import Protect, roles
from consent.roles import allow

CARE_TEAM = [
    "view_signedpaper",
    "add_signedpaper",
    "view_unsignedform",
    "add_unsignedform",
    "change_unsignedform",
]
READS = ["view_signedpaper", "view_unsignedform"]
RIGHTS = dict.fromkeys(("social worker", "peer", "case manager"), CARE_TEAM) | dict.fromkeys(
    ("clinical supervisor", "program manager", "privacy officer"), READS
)


def open_to_keys(apps, schema_editor):
    """A client's key can be renewed; apart from that a picture of a paper is only added."""
    users = ", ".join(roles()[each] for each in ("app", "gather", "walk", "system"))
    paper = ["picture", "digest"]
    for statement in (
        f"revoke update, delete, truncate on clinical_signedpaper from {users}",
        *open_to_renewal("clinical_signedpaper", paper),
        *only_renewal("clinical_signedpaper", paper),
        *open_to_renewal("clinical_unsignedform", ["offered", "words"]),
    ):
        schema_editor.execute(statement, None)


def give_rights(apps, schema_editor):
    """The roles" model permissions; on which rows is the grants" to say."""
    allow(apps, "clinical", RIGHTS)


class Migration(migrations.Migration):
    dependencies = [
        ("clinical", "0010_scene"),
        ("consent", "0012_taking"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SignedPaper",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scope_key", models.SmallIntegerField(editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("picture", consent.models.encrypted.EncryptedBinaryField()),
                ("digest", consent.models.encrypted.EncryptedTextField(max_length=64)),
                ("width", models.PositiveSmallIntegerField()),
                ("height", models.PositiveSmallIntegerField()),
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
                    "consent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.consent"
                    ),
                ),
            ],
            options={
                "default_permissions": ("add", "view"),
                "indexes": [models.Index(fields=["consent"], name="signed_paper_of_consent")],
            },
        ),
        Protect("SignedPaper"),
        migrations.CreateModel(
            name="UnsignedForm",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scope_key", models.SmallIntegerField(editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("form", models.CharField(max_length=16)),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("declines", "Understands and declines"),
                            ("later", "Cannot decide now"),
                            ("unsafe", "Not asked: unsafe"),
                            ("refused", "The program did not agree"),
                        ],
                        max_length=10,
                    ),
                ),
                ("language", models.CharField(default="en", max_length=16)),
                ("offered", consent.models.encrypted.EncryptedJSONField(blank=True, default=dict, null=True)),
                (
                    "words",
                    consent.models.encrypted.EncryptedTextField(
                        blank=True, default="", max_length=500, null=True
                    ),
                ),
                ("at", models.DateTimeField()),
                ("ask_again_at", models.DateTimeField(blank=True, null=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
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
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("answer", "later"), ("settled_at__isnull", True)),
                        fields=["by", "ask_again_at"],
                        name="unsigned_form_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", "later"), ("ask_again_at__isnull", False)),
                            models.Q(
                                models.Q(("answer", "later"), _negated=True), ("ask_again_at__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="unsigned_form_put_off_till_then",
                    )
                ],
            },
        ),
        Protect("UnsignedForm"),
        migrations.RunPython(open_to_keys, migrations.RunPython.noop),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
