"""A side's site, as a process, holds nothing of the other side's."""

import json
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings

from tests.config import site

SIDE, OTHER = settings.SIDE, settings.OTHER_SIDE
APP_OF = {"clinical": "clinical", "police": "policecore"}
# The one thing a side has of the other: the key that seals what it sends there.
KEY_FILES = {"clinical": 6, "police": 5}  # what phones seal to is the clinical side's alone
ALLOWED = {f"SEALING_PUBLIC_{OTHER.upper()}"}


@pytest.fixture(scope="module")
def running(database, tmp_path_factory):
    with site.running_site(tmp_path_factory.mktemp("site"), database.name) as (process, url):
        yield process, url


@pytest.fixture(scope="module")
def variables(database, tmp_path_factory):
    installation = site.installation_of_this_run(tmp_path_factory.mktemp("site"))
    return site.environment_of_site(installation, database.name)


def secrets_of(side: str) -> set[str]:
    """Every password and private key of a side, as text."""
    keys = site.keys_of(Path(settings.STATE_DIR))
    passwords = {text for name, text in keys.passwords.items() if side in name}
    files = {keys.file(kind, side).read_text().strip() for kind in ("principal", "pseudonym", "sealing")}
    return passwords | files


def test_no_process_of_the_site_holds_a_credential_of_the_other_side(running):
    process, _url = running
    pids = site.processes_of(process.pid)
    environments = [Path(f"/proc/{pid}/environ").read_bytes().decode() for pid in pids]
    names = {entry.split("=")[0] for held in environments for entry in held.split("\0") if entry}

    assert len(pids) >= 2
    assert {name for name in names if OTHER.upper() in name} == ALLOWED
    assert not {secret for secret in secrets_of(OTHER) for held in environments if secret in held}
    assert any(
        secret in held for secret in secrets_of(SIDE) for held in environments
    )  # the look is a real one


def test_the_key_files_the_site_is_told_of_are_not_the_other_sides(variables):
    files = [Path(value) for value in variables.values() if value.endswith(".key")]

    assert len(files) == KEY_FILES[SIDE]
    assert not {file.read_text().strip() for file in files} & secrets_of(OTHER)


def test_the_site_knows_no_app_no_module_and_no_table_of_the_other_side(variables):
    told = json.loads(
        site.told_by_python(
            "import json, sys\nfrom django.apps import apps\nfrom django.conf import settings\n"
            "from django.urls import get_resolver\nget_resolver().url_patterns\n"
            "print(json.dumps({'apps': settings.INSTALLED_APPS, 'modules': sorted(sys.modules),"
            " 'tables': [m._meta.db_table for m in apps.get_models()], 'databases': list(settings.DATABASES)}))",
            variables,
        )
    )

    foreign = APP_OF[OTHER]
    assert APP_OF[SIDE] in told["apps"]
    assert not [name for key in ("apps", "modules") for name in told[key] if name.split(".")[0] == foreign]
    assert not [table for table in told["tables"] if table.startswith(f"{foreign}_")]
    assert told["databases"] == ["default"]


def test_behind_https_no_neighbour_of_the_host_can_plant_a_cookie(variables):
    """A page below the same domain can set any cookie for it, but none with this prefix."""
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME")
    code = f"from django.conf import settings\nprint(*(getattr(settings, name) for name in {names}))"

    told = site.told_by_python(code, variables | {"BULKHEAD_HTTPS": "1"}).split()

    assert told == [f"__Host-{SIDE}_session", f"__Host-{SIDE}_csrf"]


def test_the_site_answers_with_its_own_database_alone(running):
    _process, url = running

    with urllib.request.urlopen(f"{url}/health/", timeout=10) as answer:
        assert answer.read() == b"ok\n"


def test_a_setting_that_is_missing_stops_the_start_and_is_named(variables):
    without = {name: value for name, value in variables.items() if name != f"DATABASE_URL_{SIDE.upper()}"}

    with pytest.raises(site.subprocess.CalledProcessError) as stopped:
        site.told_by_python("", without)

    assert f"DATABASE_URL_{SIDE.upper()}" in stopped.value.stderr
    assert not [secret for secret in secrets_of(SIDE) if secret in stopped.value.stderr]
