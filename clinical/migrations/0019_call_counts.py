"""Calls before and after a referral, as the police side counted them."""

import consent.models.encrypted
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models


from consent.keys.columns import open_to_renewal
from consent.rls import Protect
from consent.roles import allow

READERS = ("social worker", "peer", "case manager", "clinical supervisor")


def open_to_the_keeper(apps, schema_editor):
    """A client's key can be renewed."""
    for statement in open_to_renewal("clinical_callcount", ["counts"]):
        schema_editor.execute(statement, None)


def give_rights(apps, schema_editor):
    """Who sees cards sees their numbers; nobody but the task of intake writes them."""
    allow(apps, "clinical", {role: ["view_callcount"] for role in READERS})


class Migration(migrations.Migration):

    dependencies = [
        ('clinical', '0017_home'),
        ('consent', '0012_taking'),
    ]

    operations = [
        migrations.CreateModel(
            name='CallCount',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope_key', models.SmallIntegerField(editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('days', models.PositiveSmallIntegerField()),
                ('is_over', models.BooleanField(default=False)),
                ('counts', consent.models.encrypted.EncryptedJSONField(blank=True, default=dict, null=True)),
                ('counted_at', models.DateTimeField()),
                ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinical.card')),
                ('compartment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.compartment')),
            ],
            options={
                'default_permissions': ('view',),
                'constraints': [models.UniqueConstraint(fields=('compartment', 'card', 'days', 'is_over'), name='call_count_once')],
            },
        ),
        Protect("CallCount", system={"system:intake": "select insert"}),
        migrations.RunPython(open_to_the_keeper, migrations.RunPython.noop),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
