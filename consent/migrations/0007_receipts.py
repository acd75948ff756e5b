"""Receipts that can be decided again, typed columns to search them by, and counts of finished days."""

import django.contrib.postgres.fields
from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations, models
from django.db.models import Q

from consent import policies


def install(apps, schema_editor):
    """Who reads the ledger for the counts and the replay, and the counts' own door."""
    for statement in policies.receipt_policies():
        schema_editor.execute(statement, None)


def index(name, fields, condition=None, include=()):
    return migrations.AddIndex("ledgerentry", models.Index(fields=fields, name=name, condition=condition, include=include or None))


class Migration(migrations.Migration):
    dependencies = [("consent", "0006_sealed_tree")]

    operations = [
        migrations.RemoveIndex(model_name="ledgerentry", name="ledger_subject"),
        migrations.AddField("ledgerentry", "law_as_of", models.CharField(blank=True, max_length=10)),
        migrations.AddField("ledgerentry", "question", models.JSONField(default=dict)),
        migrations.AddField("ledgerentry", "purposes", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), default=list, size=None)),
        migrations.AddField("ledgerentry", "ground", models.CharField(blank=True, max_length=64)),
        migrations.AddField("ledgerentry", "is_disclosure", models.BooleanField(default=False)),
        migrations.AddField("ledgerentry", "is_accountable", models.BooleanField(default=False)),
        migrations.AddField("ledgerentry", "alike", models.PositiveIntegerField(default=1)),
        migrations.RemoveIndex(model_name="ledgerentry", name="ledger_newest"),
        index("ledger_newest", ["-at", "-id"], Q(alike__gt=0)),
        migrations.AddIndex("ledgerentry", BrinIndex(fields=["at"], name="ledger_at")),
        index("ledger_subject", ["subject", "-at"], ~Q(subject="")),
        index("ledger_seldom", ["action", "-at"], ~Q(action__in=["read", "use", "write"])),
        index("ledger_refused", ["outcome", "-at"], Q(outcome__in=["deny", "failed"])),
        index("ledger_recipient", ["recipient", "ground", "-at", "-id"], Q(is_disclosure=True)),
        index("ledger_ground", ["ground", "-at", "-id"], Q(is_disclosure=True)),
        index(
            "ledger_accounting",
            ["subject", "-at"],
            Q(is_accountable=True),
            ("id", "recipient", "segments", "purpose", "ground", "consents"),
        ),
        migrations.CreateModel(
            name="LedgerDay",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("recipient", models.CharField(blank=True, max_length=64)),
                ("ground", models.CharField(blank=True, max_length=64)),
                ("entries", models.PositiveBigIntegerField()),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("recipient", "ground", "day"), include=("entries",), name="ledger_day_once")],
                "indexes": [models.Index(fields=["ground", "day"], include=("entries",), name="ledger_day_ground")],
            },
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
