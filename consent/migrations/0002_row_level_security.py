"""The signed principal, the policies of consent's own tables, and append-only rows."""

from django.db import migrations

from consent import policies
from consent.rls import Protect


def install_functions(apps, schema_editor):
    """The functions that every policy calls, and the key that only the owner reads."""
    for statement in (policies.sec_statements(), *policies.counting_functions()):
        schema_editor.execute(statement, None)


def install_policies(apps, schema_editor):
    """Compartments, grants, assignments, ledger."""
    for statement in policies.own_policies():
        schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [("consent", "0001_words")]

    operations = [
        migrations.RunPython(install_functions, migrations.RunPython.noop),
        Protect("Consent", system={"system:grants": "select"}),
        Protect("Restriction", system={"system:grants": "select"}),
        migrations.RunPython(install_policies, migrations.RunPython.noop),
    ]
