"""Outreach: work without a client, the drop-in desk, groups, community events, safe contact, housing, joined records."""

import consent.models.encrypted
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from consent.keys.columns import open_to_renewal
from consent.rls import Protect
from consent.roles import allow

COLUMNS = {
    "clinical_collateral": ["note"],
    "clinical_communityevent": ["zone", "place", "summary"],
    "clinical_deskcard": ["nickname"],
    "clinical_eventaction": ["handouts"],
    "clinical_groupsession": ["name", "place"],
    "clinical_joined": ["was_called", "moved", "off_team"],
    "clinical_safecontact": [
        "ways",
        "never",
        "best_time",
        "say_as",
        "code_word",
        "language",
        "never_tell",
        "no_police_because",
        "no_child_services_because",
    ],
    "clinical_serviceday": ["day", "services"],
    "clinical_slip": ["name", "reach", "ways", "say_as", "best_time", "language", "wishes"],
}

# What may be added, seen and changed; a row of which a later one takes the place is never changed.
CHANGED = (
    "collateral",
    "communityevent",
    "deskcard",
    "eventaction",
    "groupmember",
    "groupsession",
    "joined",
    "slip",
    "visit",
)
ADDED = ("safecontact",)
MADE_AT_NIGHT = ("serviceday",)
CARE_TEAM = [
    *(f"{verb}_{model}" for verb in ("add", "view", "change") for model in CHANGED),
    *(f"{verb}_{model}" for verb in ("add", "view") for model in ADDED),
    *(f"view_{model}" for model in MADE_AT_NIGHT),
]
READS = [f"view_{model}" for model in (*CHANGED, *ADDED, *MADE_AT_NIGHT)]
RIGHTS = dict.fromkeys(("social worker", "peer", "case manager"), CARE_TEAM) | {"clinical supervisor": READS}


def open_all_to_renewal(apps, schema_editor):
    """A client's key can be renewed."""
    for table, columns in COLUMNS.items():
        for statement in open_to_renewal(table, columns):
            schema_editor.execute(statement, None)


def give_rights(apps, schema_editor):
    """Who may do this work at all; on which rows is the grants' to say."""
    allow(apps, "clinical", RIGHTS)


class Migration(migrations.Migration):
    dependencies = [
        ("clinical", "0014_field"),
        ("consent", "0012_taking"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Collateral",
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
                            ("family", "Family or friend"),
                            ("clinic", "Clinic or hospital"),
                            ("agency", "Agency or benefits office"),
                            ("landlord", "Landlord or housing"),
                            ("court", "Court or lawyer"),
                            ("school", "School or employer"),
                            ("search", "Looked for them, not found"),
                            ("papers", "Forms and papers"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                    ),
                ),
                ("done_at", models.DateTimeField()),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(960),
                        ]
                    ),
                ),
                (
                    "note",
                    consent.models.encrypted.EncryptedTextField(
                        blank=True, default="", max_length=1000, null=True
                    ),
                ),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
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
                "default_permissions": ("add", "view", "change"),
            },
        ),
        Protect("Collateral"),
        migrations.CreateModel(
            name="CommunityEvent",
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
                            ("shooting", "Shooting"),
                            ("homicide", "Homicide"),
                            ("death", "Sudden death"),
                            ("overdoses", "Several overdoses"),
                            ("fire", "Fire or explosion"),
                            ("crash", "Crash"),
                            ("assault", "Assault in public"),
                            ("disaster", "Flood, storm, evacuation"),
                            ("hate", "Attack out of hatred"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                    ),
                ),
                ("happened_at", models.DateTimeField()),
                (
                    "zone",
                    consent.models.encrypted.EncryptedTextField(
                        blank=True, default="", max_length=40, null=True
                    ),
                ),
                (
                    "place",
                    consent.models.encrypted.EncryptedTextField(
                        blank=True, default="", max_length=200, null=True
                    ),
                ),
                (
                    "summary",
                    consent.models.encrypted.EncryptedTextField(
                        blank=True, default="", max_length=500, null=True
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "The neighborhood has what it asked for"),
                            ("handed", "Others carry on"),
                            ("declined", "The neighborhood did not want us"),
                            ("mistake", "Opened by mistake"),
                        ],
                        max_length=10,
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
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": ("add", "view", "change"),
            },
        ),
        Protect("CommunityEvent"),
        migrations.CreateModel(
            name="DeskCard",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scope_key", models.SmallIntegerField(editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("nickname", consent.models.encrypted.EncryptedTextField(max_length=60)),
                ("nickname_token", models.BigIntegerField(editable=False, null=True)),
                ("number_token", models.BigIntegerField(editable=False, null=True)),
                ("last_seen_at", models.DateTimeField()),
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
            ],
            options={
                "default_permissions": ("add", "view", "change"),
            },
        ),
        Protect("DeskCard", {"system:index": "select update"}),
        migrations.CreateModel(
            name="EventAction",
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
                            ("canvass", "Went from door to door"),
                            ("vigil", "Vigil or memorial"),
                            ("circle", "Support circle"),
                            ("school", "School or workplace visit"),
                            ("table", "Table with help and leaflets"),
                            ("family", "Stood by the family, at their wish"),
                            ("debrief", "Debrief of our staff"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                    ),
                ),
                ("done_at", models.DateTimeField()),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(960),
                        ]
                    ),
                ),
                (
                    "staff",
                    models.PositiveSmallIntegerField(
                        default=1, validators=[django.core.validators.MaxValueValidator(200)]
                    ),
                ),
                (
                    "people",
                    models.PositiveIntegerField(
                        default=0, validators=[django.core.validators.MaxValueValidator(20000)]
                    ),
                ),
                (
                    "handouts",
                    consent.models.encrypted.EncryptedJSONField(blank=True, default=dict, null=True),
                ),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
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
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinical.communityevent",
                    ),
                ),
            ],
            options={
                "default_permissions": ("add", "view", "change"),
            },
        ),
        Protect("EventAction"),
        migrations.CreateModel(
            name="GroupSession",
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
                            ("peer", "Peer support"),
                            ("skills", "Skills or education"),
                            ("grief", "Grief and trauma support"),
                            ("family", "Family group"),
                            ("meal", "Shared meal"),
                            ("other", "Another group"),
                        ],
                        max_length=10,
                    ),
                ),
                ("name", consent.models.encrypted.EncryptedTextField(max_length=100)),
                (
                    "place",
                    consent.models.encrypted.EncryptedTextField(
                        blank=True, default="", max_length=200, null=True
                    ),
                ),
                ("begins_at", models.DateTimeField()),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(960),
                        ]
                    ),
                ),
                (
                    "guests",
                    models.PositiveSmallIntegerField(
                        default=0, validators=[django.core.validators.MaxValueValidator(500)]
                    ),
                ),
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
                "default_permissions": ("add", "view", "change"),
            },
        ),
        Protect("GroupSession"),
        migrations.CreateModel(
            name="GroupMember",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scope_key", models.SmallIntegerField(editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
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
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinical.groupsession",
                    ),
                ),
            ],
            options={
                "default_permissions": ("add", "view", "change"),
            },
        ),
        Protect("GroupMember"),
        migrations.CreateModel(
            name="Joined",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scope_key", models.SmallIntegerField(editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("from_id", models.UUIDField()),
                ("was_called", consent.models.encrypted.EncryptedTextField(max_length=200)),
                ("moved", consent.models.encrypted.EncryptedJSONField(default=dict)),
                ("off_team", consent.models.encrypted.EncryptedJSONField(default=list)),
                ("gave_description", models.BooleanField(default=False)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
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
                    "undone_by",
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
                "default_permissions": ("add", "view", "change"),
            },
        ),
        Protect("Joined"),
        migrations.CreateModel(
            name="SafeContact",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scope_key", models.SmallIntegerField(editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("ways", consent.models.encrypted.EncryptedJSONField(blank=True, default=list, null=True)),
                ("never", consent.models.encrypted.EncryptedJSONField(blank=True, default=list, null=True)),
                (
                    "best_time",
                    consent.models.encrypted.EncryptedTextField(
                        blank=True, default="", max_length=200, null=True
                    ),
                ),
                (
                    "say_as",
                    consent.models.encrypted.EncryptedTextField(
                        blank=True, default="", max_length=200, null=True
                    ),
                ),
                (
                    "code_word",
                    consent.models.encrypted.EncryptedTextField(
                        blank=True, default="", max_length=60, null=True
                    ),
                ),
                (
                    "language",
                    consent.models.encrypted.EncryptedTextField(
                        blank=True, default="", max_length=60, null=True
                    ),
                ),
                (
                    "never_tell",
                    consent.models.encrypted.EncryptedTextField(
                        blank=True, default="", max_length=300, null=True
                    ),
                ),
                (
                    "no_police_because",
                    consent.models.encrypted.EncryptedTextField(
                        blank=True, default="", max_length=500, null=True
                    ),
                ),
                (
                    "no_child_services_because",
                    consent.models.encrypted.EncryptedTextField(
                        blank=True, default="", max_length=500, null=True
                    ),
                ),
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
                "default_permissions": ("add", "view"),
            },
        ),
        Protect("SafeContact"),
        migrations.CreateModel(
            name="ServiceDay",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scope_key", models.SmallIntegerField(editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("day", consent.models.encrypted.EncryptedTextField(max_length=10)),
                ("services", consent.models.encrypted.EncryptedJSONField(default=dict)),
                ("built_at", models.DateTimeField()),
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
                "default_permissions": ("view",),
            },
        ),
        Protect("ServiceDay", {"system:hmis": "select insert"}),
        migrations.CreateModel(
            name="Slip",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scope_key", models.SmallIntegerField(editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("name", consent.models.encrypted.EncryptedTextField(max_length=150)),
                ("reach", consent.models.encrypted.EncryptedTextField(max_length=200)),
                ("ways", consent.models.encrypted.EncryptedJSONField(default=list)),
                (
                    "say_as",
                    consent.models.encrypted.EncryptedTextField(
                        blank=True, default="", max_length=100, null=True
                    ),
                ),
                (
                    "best_time",
                    consent.models.encrypted.EncryptedTextField(
                        blank=True, default="", max_length=100, null=True
                    ),
                ),
                (
                    "language",
                    consent.models.encrypted.EncryptedTextField(
                        blank=True, default="", max_length=60, null=True
                    ),
                ),
                (
                    "wishes",
                    consent.models.encrypted.EncryptedTextField(
                        blank=True, default="", max_length=300, null=True
                    ),
                ),
                (
                    "agreed",
                    models.CharField(
                        choices=[("signed", "Signed the slip"), ("spoken", "Said yes to one of us")],
                        max_length=10,
                    ),
                ),
                ("agreed_at", models.DateTimeField()),
                ("taken_up_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("withdrew", "They changed their mind"),
                            ("not_found", "Could not be reached safely"),
                            ("double", "In care already"),
                            ("mistake", "Written by mistake"),
                        ],
                        max_length=10,
                    ),
                ),
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
                    "taken_up_by",
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
                "default_permissions": ("add", "view", "change"),
            },
        ),
        Protect("Slip"),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scope_key", models.SmallIntegerField(editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "service",
                    models.CharField(
                        choices=[
                            ("shower", "Shower"),
                            ("meal", "Meal"),
                            ("mail", "Mail"),
                            ("laundry", "Laundry"),
                            ("naloxone", "Naloxone"),
                            ("nurse", "Nurse"),
                            ("clothes", "Clothes, blanket"),
                            ("rest", "Rest, charge a phone"),
                        ],
                        max_length=10,
                    ),
                ),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinical.deskcard"
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
                    "service_day",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinical.serviceday",
                    ),
                ),
            ],
            options={
                "default_permissions": ("add", "view", "change"),
            },
        ),
        Protect("Visit", {"system:hmis": "select update"}),
        migrations.CreateModel(
            name="Activity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("round", "Outreach round, nobody met"),
                            ("travel", "Travel"),
                            ("papers", "Records and papers"),
                            ("meeting", "Meeting with partners"),
                            ("team", "Team meeting or supervision"),
                            ("training", "Training"),
                            ("court", "Court or agency, for nobody in particular"),
                            ("supplies", "Van and supplies"),
                            ("community", "Community event or talk"),
                            ("desk", "Desk duty"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                    ),
                ),
                ("on", models.DateField()),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(960),
                        ]
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
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
                    "zone",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinical.zone",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["by", "-on"], name="activity_worker"),
                    models.Index(fields=["program", "on"], name="activity_program"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gte", 1), ("minutes__lte", 960)),
                        name="activity_takes_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AnonymousVisit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "service",
                    models.CharField(
                        choices=[
                            ("shower", "Shower"),
                            ("meal", "Meal"),
                            ("mail", "Mail"),
                            ("laundry", "Laundry"),
                            ("naloxone", "Naloxone"),
                            ("nurse", "Nurse"),
                            ("clothes", "Clothes, blanket"),
                            ("rest", "Rest, charge a phone"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
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
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["program", "-at"], name="anonymousvisit_desk")],
            },
        ),
        migrations.AddConstraint(
            model_name="communityevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended", ""), ("ended_at__isnull", True)),
                    models.Q(models.Q(("ended", ""), _negated=True), ("ended_at__isnull", False)),
                    _connector="OR",
                ),
                name="communityevent_ended_for_a_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="deskcard",
            index=models.Index(fields=["scope_key", "nickname_token"], name="deskcard_nickname"),
        ),
        migrations.AddIndex(
            model_name="deskcard",
            index=models.Index(fields=["scope_key", "number_token"], name="deskcard_number"),
        ),
        migrations.AddIndex(
            model_name="eventaction",
            index=models.Index(fields=["event"], name="eventaction_event"),
        ),
        migrations.AddConstraint(
            model_name="eventaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "debrief"), _negated=True), ("people", 0), _connector="OR"
                ),
                name="eventaction_debrief_counts_staff_alone",
            ),
        ),
        migrations.AddIndex(
            model_name="groupmember",
            index=models.Index(fields=["session"], name="groupmember_session"),
        ),
        migrations.AddConstraint(
            model_name="groupmember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("taken_back_at__isnull", True)),
                fields=("session", "compartment"),
                name="groupmember_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="joined",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("undone_at__isnull", True), ("undone_by__isnull", True)),
                    models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                    _connector="OR",
                ),
                name="joined_undone_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="slip",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("taken_up_at__isnull", True), ("taken_up_by__isnull", True)),
                    models.Q(("taken_up_at__isnull", False), ("taken_up_by__isnull", False)),
                    _connector="OR",
                ),
                name="slip_taken_up_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="slip",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended", ""), ("ended_at__isnull", True)),
                    models.Q(models.Q(("ended", ""), _negated=True), ("ended_at__isnull", False)),
                    _connector="OR",
                ),
                name="slip_ended_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="slip",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("taken_up_at__isnull", True),
                    ("agreed_at__lte", models.F("taken_up_at")),
                    _connector="OR",
                ),
                name="slip_agreed_first",
            ),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(
                condition=models.Q(("service_day__isnull", True), ("taken_back_at__isnull", True)),
                fields=["created_at"],
                name="visit_not_built",
            ),
        ),
        migrations.RunPython(open_all_to_renewal, migrations.RunPython.noop),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
