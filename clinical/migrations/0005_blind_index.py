"""Finding names that are kept under keys."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from consent.rls import enable, policy, system_policies, token_form, true_scope, walk_form

TOKENS, WAITING = "clinical_searchtoken", "clinical_unmatched"
KNOWS = "(select sec.system()) in ('system:matching', 'system:index')"


def guard(apps, schema_editor):
    """Tokens open with their client's compartment; who waits to be compared is read by one task alone."""
    statements = [*enable(TOKENS), *enable(WAITING), true_scope(TOKENS), true_scope(WAITING)]
    for table in (TOKENS, WAITING):
        may_write = walk_form(table, writes=True)
        statements += [
            policy(table, f"{role}_insert", role, "insert", check=may_write) for role in ("gather", "walk")
        ]
    statements += [
        *(
            policy(TOKENS, f"{role}_select", role, "select", using=token_form(TOKENS))
            for role in ("gather", "walk")
        ),
        *(
            policy(TOKENS, f"{role}_delete", role, "delete", using=walk_form(TOKENS, writes=True))
            for role in ("gather", "walk")
        ),
        *system_policies(
            TOKENS, {"system:matching": "select", "system:index": "select insert delete"}
        ),
        *system_policies(
            WAITING, {"system:matching": "select update delete", "system:index": "select update delete"}
        ),
        # whom a token is about, and what the two records say
        policy("clinical_client", "search_select", "system", "select", using=KNOWS),
    ]
    for statement in statements:
        schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [
        ("clinical", "0004_under_keys"),
        ("consent", "0003_roles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchCount",
            fields=[
                (
                    "principal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("minute", models.DateTimeField()),
                ("searches", models.PositiveIntegerField(default=0)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="SearchToken",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "client_id", "token", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("client_id", models.UUIDField()),
                ("token", models.BigIntegerField()),
                ("scope_key", models.SmallIntegerField()),
                (
                    "compartment",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consent.compartment",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        fields=["compartment", "token"], include=("client_id", "scope_key"), name="token_granted"
                    ),
                    models.Index(
                        fields=["scope_key", "token"],
                        include=("client_id", "compartment"),
                        name="token_of_office",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Unmatched",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("client_id", models.UUIDField()),
                ("scope_key", models.SmallIntegerField()),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "compartment",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consent.compartment",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["since"], name="unmatched_since")],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
