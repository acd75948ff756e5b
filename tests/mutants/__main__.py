"""``python -m tests.mutants STATE [again | report] [MODULE …]``: put in every fault of these modules, and report.

Without a module it is all of them. With ``again`` only the faults that survived the last time are tried, which is
enough while nothing but tests has been added; with ``report`` nothing is, and the page is written anew.
"""

import ast
import hashlib
import json
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.mutants import profile, questions, report, trial
from tests.mutants.faults import RULES, Fault, faults_in

MODULES = (
    *(f"consent.engine.{name}" for name in
      "decide validity forms signers obligations elements rules matter facts reasons vocabulary changes explain receipts".split()),
    *(f"consent.law.{name}" for name in
      "part2 part2_consent part2_orders hipaa hipaa_family hipaa_public pennsylvania_care pennsylvania_minds victims "
      "housing justice conference federal pennsylvania words".split()),
    "consent.law",
)  # fmt: skip


def main() -> int:
    """Run what was named; 1 if a fault survived that nobody has explained."""
    state, named = Path(sys.argv[1]), sys.argv[2:]
    mode = named.pop(0) if named and named[0] in ("again", "report") else ""
    names = named or MODULES
    state.mkdir(parents=True, exist_ok=True)
    if unknown := set(names) - set(MODULES):
        sys.exit(f"no such module: {', '.join(sorted(unknown))}")
    profile.make_ready()
    if mode != "report":
        fixed = _fixed(state / "questions.pickle")
        for name in names:
            _run(name, fixed, state, only_survivors=mode == "again")
    return report.write(state, MODULES)


def _fixed(file: Path) -> dict[str, Any]:
    """The fixed questions, made anew by the code as it is: by another process, which may load it."""
    if not file.exists() or file.stat().st_mtime < max(each.stat().st_mtime for each in _sources()):
        command = [sys.executable, "-m", "tests.mutants.questions", str(file)]
        subprocess.run(command, cwd=profile.ROOT, check=True, env=os.environ | {"PYTHONHASHSEED": "0"})
    return pickle.loads(file.read_bytes())


def _sources() -> Iterator[Path]:
    for folder in ("consent/engine", "consent/law", "tests/scenarios"):
        yield from (each for each in (profile.ROOT / folder).iterdir() if each.suffix in (".py", ".yaml"))
    yield Path(questions.__file__)
    for name in ("questions.py", "reference.py", "table.py"):
        yield profile.ROOT / "tests" / "consent" / "engine" / name


def _file(name: str) -> Path:
    path = profile.ROOT / Path(*name.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _run(name: str, fixed: dict[str, Any], state: Path, *, only_survivors: bool) -> None:
    """One module in a process of its own, which loads what doesn't stand on it."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            _all_of(name, fixed, state / f"{name}.json", only_survivors)
            code = 0
        except BaseException as error:
            print(f"{name}: {type(error).__name__}: {error}", flush=True)
        finally:
            os._exit(code)
    _pid, status = os.waitpid(child, 0)
    if status:
        sys.exit(f"{name} could not be finished")


def _all_of(name: str, fixed: dict[str, Any], file: Path, only_survivors: bool) -> None:
    source, began = _file(name).read_text(encoding="utf-8"), time.monotonic()
    of_source = hashlib.sha256(source.encode()).hexdigest()
    before = _noticed_before(file, of_source) if only_survivors else {}
    trial.load(name)
    _must_pass(name, source, fixed)
    rules, told = _rules(source), []
    for fault in faults_in(name, source):
        place = {
            "key": fault.key,
            "line": fault.line,
            "code": hashlib.sha256(fault.source.encode()).hexdigest(),
        }
        if place["code"] in before:
            told.append(before[place["code"]])
            continue
        outcome = trial.tried(fault, rules.get(fault.scope.split(".")[0], ""), fixed)
        told.append(place | {"noticed_by": outcome.noticed_by, "seconds": outcome.seconds})
        if not outcome.noticed_by:
            print(f"  survived  {name}:{fault.line}  {fault.key}", flush=True)
    _must_pass(name, source, fixed)  # if something else changed meanwhile, nothing of this counts
    minutes = (time.monotonic() - began) / 60
    survivors = sum(not each["noticed_by"] for each in told)
    print(f"{name}: {len(told)} faults, {survivors} survived, {minutes:.1f} min", flush=True)
    found = {"on": f"{datetime.now(UTC):%Y-%m-%d}", "source": of_source, "faults": told}
    file.write_text(json.dumps(found, indent=1))


def _noticed_before(file: Path, of_source: str) -> dict[str, Any]:
    """What was noticed the last time, if the module is still the same."""
    last = json.loads(file.read_text()) if file.exists() else {"source": ""}
    if last["source"] != of_source:
        return {}
    return {each["code"]: each for each in last["faults"] if each["noticed_by"]}


def _must_pass(name: str, source: str, fixed: dict[str, Any]) -> None:
    without = trial.tried(Fault(name, "", 0, "", "", source), "", fixed)
    if without.noticed_by:
        raise RuntimeError(f"without a fault the profile fails: {without.noticed_by}")


def _rules(source: str) -> dict[str, str]:
    """The id of the rule that each function is."""
    return dict(_rules_in(ast.parse(source)))


def _rules_in(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        for each in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
            if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id in RULES:
                yield node.name, ast.literal_eval(each.args[0])  # type: ignore[attr-defined]


if __name__ == "__main__":
    sys.exit(main())
