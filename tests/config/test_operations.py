"""docs/operations.md lists every variable that something reads, and none that nothing reads."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.local import ports
from tests.shared_data import REPOSITORY

pytestmark = pytest.mark.side("clinical")
PAGE = REPOSITORY / "docs" / "operations.md"
FOLDERS = ("config", "consent", "referrals", "clinical", "policecore", "tests")
SHELL = ("Makefile", ".ci/run")
SIDES = ("CLINICAL", "POLICE")
READERS = {
    "required",
    "database",
    "needed",
}  # of the settings and the verifier: they read what they are given
# Any program's: the system's, Python's, the package installers', pytest's own.
OF_THE_MACHINE = {"PATH", "PYTHONDONTWRITEBYTECODE", "PIP_INDEX_URL", "PYTEST_XDIST_WORKER"}
NAME = re.compile(r"[A-Z][A-Z0-9_]+")


def read_by_python(source: str) -> Iterator[str]:
    """The names that a file's code reads from an environment."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Subscript) and is_environment(node.value):
            yield from names(node.slice)
        elif isinstance(node, ast.Compare) and any(is_environment(each) for each in node.comparators):
            yield from names(node.left)
        elif isinstance(node, ast.Call) and node.args:
            if is_reader(node.func):
                yield from names(node.args[0])


def is_reader(called: ast.expr) -> bool:
    if isinstance(called, ast.Name):
        return called.id in READERS
    return isinstance(called, ast.Attribute) and (is_environment(called.value) or called.attr == "getenv")


def is_of_the_machine(name: str) -> bool:
    return name in OF_THE_MACHINE or name.startswith("UV_")


def is_environment(node: ast.expr) -> bool:
    return (isinstance(node, ast.Attribute) and node.attr == "environ") or (
        isinstance(node, ast.Name) and node.id in ("environ", "environment")
    )


def names(node: ast.expr) -> Iterator[str]:
    """The name that an expression stands for; where it names a side, that of each."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME.fullmatch(node.value):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*names(node.body), *names(node.orelse))
    elif isinstance(node, ast.JoinedStr):
        text = "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        if text.count("{}") == 1:
            yield from (name for side in SIDES if NAME.fullmatch(name := text.replace("{}", side)))


def read_by_the_shell(source: str) -> Iterator[str]:
    """What a Makefile exports or defaults, and what a script expands."""
    for line in source.splitlines():
        if line.startswith("export "):
            yield from line.split()[1:]
    yield from re.findall(r"^([A-Z_]+) \?=", source, re.MULTILINE)
    yield from re.findall(r"\$\{([A-Z_]+)\b", source)


def sources() -> list[Path]:
    return [
        REPOSITORY / "manage.py",
        *(path for each in FOLDERS for path in (REPOSITORY / each).rglob("*.py")),
    ]


def documented() -> list[str]:
    """The names in the first column of the page's tables; ``…_OWNER`` belongs to both sides' databases."""
    found: list[str] = []
    for line in PAGE.read_text().splitlines():
        if not line.startswith("| `"):
            continue
        for name in re.findall(r"`([^`]+)`", line.split("|")[1]):
            ending = name.removeprefix("…")
            if not NAME.fullmatch(ending.lstrip("_")):
                continue  # a row of another table
            found += [name] if ending == name else [f"DATABASE_URL_{side}{ending}" for side in SIDES]
    return found


def test_every_variable_that_is_read_is_listed_and_every_one_listed_is_read():
    read = {name for path in sources() for name in read_by_python(path.read_text())}
    read |= {name for file in SHELL for name in read_by_the_shell((REPOSITORY / file).read_text())}
    read |= {f"{side.upper()}_PORT" for side in ports.PREFERRED}
    read |= {
        f"DATABASE_URL_{side}_VERIFIER" for side in SIDES
    }  # tests/databases.py, by the name of the login

    assert sorted(name for name in read if not is_of_the_machine(name)) == sorted(set(documented()))


def test_no_variable_is_listed_twice():
    assert len(documented()) == len(set(documented()))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("os.environ['A_B']", ["A_B"]),
        ("os.environ.get('A_B', '')", ["A_B"]),
        ("'A_B' in os.environ", ["A_B"]),
        ("os.getenv('A_B')", ["A_B"]),
        ("required('A_B')", ["A_B"]),
        ("os.environ[f'A_{side.upper()}_B']", ["A_CLINICAL_B", "A_POLICE_B"]),
        ("settings['A_B']", []),
    ],
)
def test_a_reader_is_found_in_each_of_its_forms(code, expected):
    assert list(read_by_python(code)) == expected
