"""Each kind of breach, planted: the checks of this folder find every one."""

import subprocess
import sys
import textwrap

import pytest

from tests.architecture import doors
from tests.architecture.source import Source

PLANTED_IN_CODE = [
    (doors.forbidden_imports, "policecore.views", "from clinical.models import Client"),
    (doors.forbidden_imports, "policecore.views", "import clinical"),
    (doors.forbidden_imports, "clinical.views", "def view(request):\n    from policecore import models"),
    (doors.forbidden_imports, "referrals.services", "from clinical import selectors"),
    (doors.forbidden_imports, "consent.services", "import referrals.models"),
    (doors.forbidden_imports, "clinical.notes.views", "from config.settings import base"),
    (doors.forbidden_imports, "policecore.views", "from consent import selectors"),
    (doors.forbidden_imports, "clinical.views", "from consent.middleware import AccessMiddleware"),
    (doors.forbidden_imports, "clinical.views", "from consent.rls import Protect"),
    (doors.forbidden_imports, "clinical.handoffs.views", "from referrals.models import OutboxEnvelope"),
    (doors.forbidden_imports, "policecore.views", "from referrals.partners.models import Release"),
    (doors.impure_imports, "consent.engine.decide", "from django.utils import timezone"),
    (doors.impure_imports, "consent.law.part2", "import yaml"),
    (doors.impure_imports, "consent.ledger.tree", "from consent.models import LedgerEntry"),
    (doors.impure_imports, "consent.ledger.tree", "from ..models import LedgerEntry"),
    (doors.names_in_strings, "policecore.views", 'reverse("clinical:note", args=[1])'),
    (doors.names_in_strings, "policecore.views", 'redirect(f"clinical:{page}")'),
    (doors.names_in_strings, "policecore.models", 'apps.get_model("clinical", "Note")'),
    (doors.names_in_strings, "policecore.models", 'apps.get_model(app_label="clinical", model_name="Note")'),
    (doors.names_in_strings, "policecore.models", 'apps.get_model("clinical.Note")'),
    (doors.names_in_strings, "referrals.tasks", 'app.send_task("clinical.tasks.tell")'),
    (doors.names_in_strings, "referrals.tasks", 'import_module("clinical")'),
    (doors.names_in_strings, "referrals.tasks", 'import_string("policecore.services.tell")'),
    (doors.names_in_strings, "consent.models", 'models.ForeignKey("clinical.Client", models.PROTECT)'),
    (doors.names_in_strings, "consent.backend", 'user.has_perm("clinical.view_note")'),
    (doors.names_in_strings, "policecore.views", 'render(request, "clinical/note.html")'),
    (doors.names_in_strings, "policecore.migrations.0001_initial", 'x = [("clinical", "0001_initial")]'),
    (doors.names_in_strings, "config.settings.police", 'INSTALLED_APPS = ["clinical.apps.ClinicalConfig"]'),
    (doors.names_in_strings, "config.urls.police", 'path("", include("clinical.urls"))'),
    (doors.names_in_strings, "config.settings.clinical", 'X = {"url_name": "policecore:incidents"}'),
    (doors.tables_of_others, "policecore.selectors", 'c.execute("select * from clinical_note")'),
    (doors.tables_of_others, "consent.services", 'q = f"update policecore_incident set x = {x}"'),
    (doors.lasting_settings, "consent.access", "c.execute(\"select set_config('app.token', %s, false)\")"),
    (doors.lasting_settings, "consent.access", "c.execute(\"SELECT set_config('a', lower(%s), FALSE)\")"),
    (doors.lasting_settings, "consent.access", 'c.execute("set app.token = 1")'),
    (doors.lasting_settings, "consent.access", 'c.execute("SET SESSION app.token TO 1")'),
    (doors.lasting_settings, "consent.access", 'c.execute("select 1; set role clinical_walk")'),
    (doors.raw_sql, "clinical.selectors", 'Note.objects.raw("select 1")'),
    (doors.raw_sql, "clinical.selectors", "with connection.cursor() as c: pass"),
    (doors.raw_sql, "clinical.selectors", 'Note.objects.annotate(x=RawSQL("1", []))'),
    (doors.raw_sql, "clinical.selectors", 'Note.objects.extra(where=["true"])'),
    (
        doors.queries_as_values,
        "clinical.selectors",
        'Principal.objects.annotate(b=Subquery(Note.objects.values("body")[:1]))',
    ),
    (doors.back_managers, "clinical.selectors", 'Note._base_manager.values("body")'),
    (doors.streams, "clinical.views", "from django.http import StreamingHttpResponse"),
]


@pytest.mark.parametrize(("door", "module", "code"), PLANTED_IN_CODE)
def test_a_breach_in_code_is_found(door, module, code):
    assert list(door(Source(module, code)))


PLANTED_IN_FILES = [
    (doors.addresses_in_templates, "policecore/templates/p.html", "{% url 'clinical:note' pk %}"),
    (doors.addresses_in_templates, "clinical/templates/c.html", '{% include "policecore/incident.html" %}'),
    (doors.addresses_in_templates, "config/templates/base.html", "{% url 'clinical:tonight' %}"),
    (doors.addresses_in_templates, "referrals/templates/r.html", "{% static 'clinical/a.css' %}"),
    (doors.tables_of_others, "policecore/sql/report.sql", "select body from clinical_note"),
    (doors.lasting_settings, "clinical/sql/report.sql", "select 1;\nset app.token = 'x';"),
]


@pytest.mark.parametrize(("door", "path", "text"), PLANTED_IN_FILES)
def test_a_breach_in_a_file_is_found(door, path, text):
    assert list(door(Source(path, text)))


HARMLESS = [
    ("clinical.views", 'reverse("clinical:note")'),
    ("clinical.views", "from consent.models import Protected"),
    (
        "clinical.views",
        "from consent import access, services\nfrom referrals.partners import services as partners",
    ),
    ("clinical.migrations.0001_initial", "from consent.rls import Protect"),
    ("policecore.views", '"""Never clinical: the other side\'s word."""\nx = "clinical supervisor"'),
    ("consent.access", "c.execute(\"select set_config('app.token', %s, true)\")"),
    ("consent.access", 'c.execute("set local role clinical_walk"); c.execute("update t set a = 1")'),
    ("config.local.demo", 'say("set PG_BIN to the folder of the programs")'),
    ("consent.engine.decide", "import re\nfrom consent.engine.facts import Asked\nfrom .rules import Rule"),
]


@pytest.mark.parametrize(("module", "code"), HARMLESS)
def test_what_is_allowed_is_let_pass(module, code):
    source = Source(module, code)

    assert not [breach for door in doors.DOORS_IN_CODE for breach in door(source)]


LINT = "from importlinter.cli import lint_imports_command as lint; lint()"
LAYERS = """
[importlinter]
root_packages =
    upper
    side_a
    side_b
    lower
[importlinter:contract:layers]
name = layers
type = layers
layers =
    upper
    side_a | side_b
    lower
"""


@pytest.mark.parametrize(
    ("module", "code", "kept"),
    [
        ("upper", "import side_a, side_b", True),
        ("side_a", "import side_b", False),
        ("lower", "import side_b", False),
    ],
)
def test_the_linter_of_imports_is_one_that_finds(tmp_path, module, code, kept):
    for package in ("upper", "side_a", "side_b", "lower"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text(textwrap.dedent(code) if package == module else "")
    (tmp_path / "contracts.ini").write_text(LAYERS)

    linter = subprocess.run(
        [sys.executable, "-c", LINT, "contracts.ini", "--no-cache"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (linter.returncode == 0) is kept, linter.stdout
