"""``docs/mutation-report.md``: what was noticed, what survived, and why that is no fault."""

import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.mutants.profile import ROOT

PAGE = ROOT / "docs" / "mutation-report.md"
REASONS = Path(__file__).with_name("survivors.toml")
ALL_OF = ("decide", "validity", "forms", "signers")
HEAD = """# Mutation report

`make mutants` puts small faults into `consent/engine` and `consent/law`, one at a time, and sees whether a test
notices. The faults are those of mutmut's operators, over rules, tables and functions alike, and each word left
out of a list of words; what is cited or told (ids, citations, docstrings, sentences, names, and `consent/law/gates.py`,
which is citations throughout) is left alone. Each fault is
shown to the scenarios, to fixed questions for which the reference evaluator has found the matching permits and the
standing bars, to the tests of the law
and the engine, and, in the engine, to its properties with 50 fixed examples each. This page is written by the
command; the reasons are in `tests/mutants/survivors.toml`.

A survivor without a reason is open: a test is missing, or has been written since that run and not been tried on
it. `make mutants MODULES="again consent.law.part2"` tries the survivors of a module alone.
"""


def write(state: Path, modules: Sequence[str]) -> int:
    """Write the page from what the runs have left in ``state``; 1 if a survivor has no reason."""
    reasons = tomllib.loads(REASONS.read_text(encoding="utf-8")) if REASONS.exists() else {}
    runs = {
        name: json.loads((state / f"{name}.json").read_text())
        for name in modules
        if (state / f"{name}.json").exists()
    }
    newest = max(file.stat().st_mtime for file in (ROOT / "tests" / "consent").rglob("test_mutants_*.py"))
    for name, run in runs.items():
        run["is_older"] = (state / f"{name}.json").stat().st_mtime < newest
    left = {name: _survivors(run, reasons.get(name, {})) for name, run in runs.items()}
    lines = [HEAD, *_table(runs, left, modules), "", *_notices(runs), "", "## Survivors", ""]
    for name, found in left.items():
        if found:
            lines += [
                f"### {name}",
                "",
                *(f"- `{_code(key)}`{_times(n)}: {why or 'open'}" for key, why, n in found),
                "",
            ]
    PAGE.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    unexplained = sum(why == "" for found in left.values() for _key, why, _n in found)
    if unexplained:
        print(f"{unexplained} survivors without a reason: {PAGE.relative_to(ROOT)}")
    return 1 if unexplained else 0


def _survivors(run: dict[str, Any], reasons: dict[str, str]) -> list[tuple[str, str, int]]:
    """Each fault that nobody noticed, why that is right, and how often it came."""
    counted = Counter(each["key"] for each in run["faults"] if not each["noticed_by"])
    return [(key, _reason(key, reasons), number) for key, number in counted.items()]


def _reason(key: str, reasons: dict[str, str]) -> str:
    """The reason given for that fault, or for every fault of a scope: ``scope: *``, ``scope: before → *``."""
    scope, _, change = key.partition(": ")
    before = change.partition(" → ")[0]
    for each in (key, f"{scope}: {before} → *", f"{scope}: *"):
        if each in reasons:
            return reasons[each]
    return ""


def _code(text: str) -> str:
    return text.replace("`", "'")


def _times(number: int) -> str:
    return f" ({number} times)" if number > 1 else ""


def _table(
    runs: dict[str, Any], left: dict[str, list[tuple[str, str, int]]], modules: Iterable[str]
) -> list[str]:
    lines = [
        "| module | run on | faults | noticed | survived | unexplained | noticed, % |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    total, survived, unexplained = 0, 0, 0
    for name in modules:
        if name not in runs:
            lines.append(f"| `{name}` | **not run** | | | | | |")
            continue
        faults = len(runs[name]["faults"])
        alive = sum(number for _key, _why, number in left[name])
        dark = sum(number for _key, why, number in left[name] if not why)
        total, survived, unexplained = total + faults, survived + alive, unexplained + dark
        day = runs[name]["on"] + (", tests added since" if dark and runs[name]["is_older"] else "")
        lines.append(_row(f"`{name}`", day, faults, alive, dark))
    return [*lines, _row("all", "", total, survived, unexplained)]


def _row(name: str, day: str, faults: int, alive: int, dark: int) -> str:
    share = 100 * (faults - alive) / faults if faults else 100
    return f"| {name} | {day} | {faults} | {faults - alive} | {alive} | {dark} | {share:.1f} |"


def _notices(runs: dict[str, Any]) -> list[str]:
    """Who noticed first: it shows what each kind of test is worth."""
    kinds = Counter(
        _kind(each["noticed_by"]) for run in runs.values() for each in run["faults"] if each["noticed_by"]
    )
    seconds = sorted(each["seconds"] for run in runs.values() for each in run["faults"])
    if not seconds:
        return []
    told = ", ".join(f"{kind} {number}" for kind, number in kinds.most_common())
    middle = seconds[len(seconds) // 2]
    return [f"First to notice: {told}. Half of the faults took at most {middle:.2f} s each."]


def _kind(name: str) -> str:
    if name.startswith("tests/"):
        return "`" + name.split("::")[0].rsplit("/", 1)[-1] + "`"
    return {"scenario": "a scenario", "the import:": "the import"}.get(name.split(" ")[0], "") or (
        "the import" if name.startswith("the import") else
        "the reference evaluator" if name.startswith("the reference") else "an error or the limit of time"
    )  # fmt: skip
