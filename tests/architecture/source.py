"""The product's own source, as the architecture tests read it: as text and as syntax trees."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.shared_data import REPOSITORY

APPS = ("config", "consent", "referrals", "clinical", "policecore")
GENERATED = {"frontend", "node_modules", "__pycache__"}


@dataclass(frozen=True)
class Source:
    """One file of the product: the dotted name of a module, or the path of anything else."""

    name: str
    text: str

    @property
    def app(self) -> str:
        return self.name.replace("/", ".").split(".")[0]

    @property
    def is_migration(self) -> bool:
        return ".migrations." in self.name

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)


@dataclass(frozen=True)
class Breach:
    """A place where the architecture does not hold, and what is wrong with it."""

    where: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.where}:{self.line} {self.what}"


def modules(*apps: str) -> Iterator[Source]:
    """Every Python module of the apps, all of them by default."""
    for app in apps or APPS:
        for path in sorted((REPOSITORY / app).rglob("*.py")):
            if GENERATED.isdisjoint(path.parts):
                yield Source(module_name(path.relative_to(REPOSITORY)), path.read_text())


def module_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def templates() -> Iterator[Source]:
    """Every template, and every text of e-mail or SQL that lies in a file."""
    for app in APPS:
        for path in sorted((REPOSITORY / app).rglob("*")):
            wanted = path.suffix in {".html", ".txt", ".svg", ".sql", ".xml", ".json"}
            if wanted and path.is_file() and GENERATED.isdisjoint(path.parts):
                yield Source(str(path.relative_to(REPOSITORY)), path.read_text())


def strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The strings a program uses, with their lines: not its docstrings, which only speak of things.

    A string put together from pieces counts as its fixed pieces, one after the other.
    """
    docstrings = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    parts_of_joined: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            pieces = [p.value if isinstance(p, ast.Constant) else "{}" for p in node.values]
            parts_of_joined.update(id(p) for p in node.values)
            yield node.lineno, "".join(map(str, pieces))
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings
            and id(node) not in parts_of_joined
        ):
            yield node.lineno, node.value


def imports(source: Source) -> Iterator[tuple[int, str]]:
    """The dotted names a module imports, relative ones made absolute, ``from x import y`` as ``x.y``."""
    package = source.name.split(".")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level]) if node.level else ""
            origin = ".".join(filter(None, (base, node.module)))
            yield from ((node.lineno, f"{origin}.{alias.name}") for alias in node.names)


def called_name(call: ast.Call) -> str:
    """``get_model`` of ``apps.get_model(…)``."""
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""
