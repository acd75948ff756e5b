"""One fault in one process: the module's source with the fault, everything that builds on it anew, the profile."""

import ast
import contextlib
import gc
import importlib
import importlib.abc
import importlib.util
import os
import resource
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.mutants import profile
from tests.mutants.faults import Fault

ROOT = profile.ROOT
MOST_SECONDS = 40  # of the processor; a fault that makes an endless loop is noticed by this
MOST_MEMORY = 3 * 2**30
NEEDED = ("consent.law", "consent.answers", "consent.scenarios", "consent.engine.decide")


@dataclass(frozen=True)
class Outcome:
    """What came of a fault: the first test that noticed, or nothing."""

    noticed_by: str
    seconds: float


class _Faulty(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from a text."""

    def __init__(self, name: str, source: str) -> None:
        self.name, self.source = name, source
        path = ROOT / Path(*name.split("."))
        self.folder = [str(path)] if path.is_dir() else None  # of a package, where its modules lie
        self.file = str(path / "__init__.py" if path.is_dir() else path.with_suffix(".py"))

    def find_spec(self, fullname: str, _path: Any = None, _target: Any = None) -> Any:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(
            fullname, self.file, loader=self, submodule_search_locations=self.folder
        )

    def exec_module(self, module: Any) -> None:
        exec(compile(self.source, self.file, "exec"), module.__dict__)


def stands_on(name: str) -> set[str]:
    """The loaded modules that import it, on whatever way, and itself."""
    loaded = [each for each in sys.modules if each.split(".")[0] in ("consent", "tests")]
    imports = {each: _imports(each) & set(loaded) for each in loaded}
    found = {name}
    while more := {each for each in loaded if each not in found and imports[each] & found}:
        found |= more
    return (
        found
        - {"tests", "consent", "consent.engine"}
        - {each for each in found if each.startswith("tests.mutants")}
    )


def _imports(name: str) -> set[str]:
    file = getattr(sys.modules[name], "__file__", None)
    found: set[str] = set()
    for node in ast.walk(ast.parse(Path(file).read_bytes() if file else b"")):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return found


def load(module: str) -> None:
    """Load everything but what stands on the module: once for all of its faults."""
    for name in NEEDED:
        importlib.import_module(name)
    for name in stands_on(module):
        sys.modules.pop(name, None)
        above, _, last = name.rpartition(".")
        if above in sys.modules:
            with contextlib.suppress(AttributeError):
                delattr(sys.modules[above], last)
    gc.collect()
    gc.freeze()


def tried(fault: Fault, rule: str, fixed: dict[str, Any]) -> Outcome:
    """Fork, and see."""
    began = time.monotonic()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _run(fault, rule, fixed, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read().decode()
    _pid, status = os.waitpid(child, 0)
    if not told:
        told = f"noticed: the process ended ({status})"
    return Outcome(told.removeprefix("noticed: ") if told != "survived" else "", time.monotonic() - began)


def _run(fault: Fault, rule: str, fixed: dict[str, Any], writing: int) -> None:
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        sys.meta_path.insert(0, _Faulty(fault.module, fault.source))
        name = ""
        try:
            _import_all([*NEEDED, fault.module])
        except BaseException as error:
            name = f"the import: {type(error).__name__}"
        try:
            name = name or profile.first_to_notice(fixed, fault.module, rule)
        except BaseException as error:
            name = f"{type(error).__name__} in a test"
        os.write(writing, (f"noticed: {name}" if name else "survived").encode())
    finally:
        os._exit(0)


def _import_all(names: Iterable[str]) -> None:
    for name in names:
        importlib.import_module(name)
    importlib.import_module("consent.law").packs()
