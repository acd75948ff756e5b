"""Which scenarios and tests speak of a rule by its id. Read as text: nothing is imported or run."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_ID: Final = re.compile(r"\w+(?:[.-]\w+)+")
_SCENARIO: Final = re.compile(r"^- id: *(?P<id>\S.*?) *$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Mentions:
    """Scenario ids, and names of tests or of files of test data, in order."""

    scenarios: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()


def mentions(tests: Path, ids: frozenset[str]) -> Mapping[str, Mentions]:
    """For each id, where the folder of tests mentions it."""
    scenarios: dict[str, list[str]] = {}
    names: dict[str, set[str]] = {}
    for file in sorted(tests.rglob("*.yaml")):
        for scenario, text in _scenarios(file.read_text(encoding="utf-8")):
            for id_ in ids.intersection(_ID.findall(text)):
                scenarios.setdefault(id_, []).append(scenario)
    for file in sorted(tests.rglob("*.py")):
        for name, text in _tests(file):
            for id_ in ids.intersection(_ID.findall(text)):
                names.setdefault(id_, set()).add(name)
    return {
        id_: Mentions(scenarios=tuple(scenarios.get(id_, ())), tests=tuple(sorted(names.get(id_, ()))))
        for id_ in sorted(ids)
    }


def _scenarios(text: str) -> Iterator[tuple[str, str]]:
    marks = list(_SCENARIO.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    for mark, end in zip(marks, ends, strict=True):
        yield mark["id"].strip("\"'"), text[mark.end() : end]


def _tests(file: Path) -> Iterator[tuple[str, str]]:
    """Each test with its text; what stands outside of tests goes under the name of the file."""
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines()
    for node in ast.parse(text).body:
        first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
        body = "\n".join(lines[first - 1 : node.end_lineno])
        is_test = isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        yield (node.name if is_test and isinstance(node, ast.FunctionDef) else file.name), body
