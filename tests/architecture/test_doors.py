"""Nobody knows whom they must not know: by import, by name in a string, by table or by template."""

import subprocess
import sys

import pytest

from tests.architecture.doors import DOORS_IN_CODE, DOORS_IN_FILES, PURE
from tests.architecture.source import modules, templates
from tests.shared_data import REPOSITORY

LINT = "from importlinter.cli import lint_imports_command as lint; lint()"
CONTRACTS = REPOSITORY / "pyproject.toml"


def listed(breaches):
    return "\n".join(map(str, breaches))


@pytest.mark.parametrize("door", DOORS_IN_CODE, ids=lambda door: door.__name__)
def test_no_module_goes_through(door):
    breaches = [breach for source in modules() for breach in door(source)]

    assert not breaches, listed(breaches)


@pytest.mark.parametrize("door", DOORS_IN_FILES, ids=lambda door: door.__name__)
def test_no_template_goes_through(door):
    breaches = [breach for source in templates() for breach in door(source)]

    assert not breaches, listed(breaches)


def test_imports_keep_their_directions():
    linter = subprocess.run(
        [sys.executable, "-c", LINT, str(CONTRACTS), "--no-cache"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )

    assert linter.returncode == 0, linter.stdout + linter.stderr


LOAD = "import importlib, sys; [importlib.import_module(name) for name in sys.argv[1:]]"


def test_engine_law_and_ledger_load_without_django():
    names = [source.name for source in modules("consent") if source.name.startswith(PURE)]

    loaded = subprocess.run(
        [sys.executable, "-S", "-c", LOAD, *names],  # -S: nothing that was installed is found
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )

    assert names
    assert loaded.returncode == 0, loaded.stderr
