"""``make check`` and ``make fmt``: everything that can be said about the code without running it."""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from config.local import environment, hygiene
from config.local.console import say
from config.local.installation import ROOT, Installation, state_folder
from config.local.keys import SIDES, keys_of
from config.local.ports import NAMES

CODE = ("config", "consent", "referrals", "clinical", "policecore", "tests", "manage.py")
Step = Callable[[], str]


def main() -> int:
    """Run every check, also after one that failed; the exit code counts those."""
    failed = 0
    for name, step in steps().items():
        began = time.monotonic()
        complaint = step()
        say(f"  {'FAILED' if complaint else 'ok':<8}{name:<48}{time.monotonic() - began:6.1f} s")
        if complaint:
            failed += 1
            say(f"\n{complaint.strip()}\n")
    return min(failed, 1)


def format_all() -> int:
    """Write every file as the formatter wants it, and mend what can be mended safely."""
    for arguments in (["check", "--fix", "--quiet", *CODE], ["format", *CODE]):
        subprocess.run([_tool("ruff"), *arguments], cwd=ROOT, env=environment.of_the_machine(), check=False)
    return 0


def steps() -> dict[str, Step]:
    """The checks by name, the quick ones first."""
    plain = environment.of_the_machine()
    found: dict[str, Step] = {
        "ruff: rules": lambda: _complaint(
            [_tool("ruff"), "check", "--output-format", "concise", "--quiet", *CODE], plain
        ),
        "ruff: format": lambda: _complaint([_tool("ruff"), "format", "--check", *CODE], plain),
        "no host, path or secret in tracked files": lambda: "\n".join(map(str, hygiene.findings())),
        "lint-imports: who may import whom": lambda: _complaint([_tool("lint-imports")], plain),
        "mypy": lambda: _complaint([_tool("mypy"), "--no-error-summary"], plain),
    }
    installation = _without_servers()
    for side in SIDES:
        for name, arguments in (
            ("check --deploy", ["check", "--deploy", "--fail-level", "WARNING"]),
            ("makemigrations --check", ["makemigrations", "--check", "--dry-run"]),
        ):
            variables = environment.of_site(installation, side) | {
                "BULKHEAD_HTTPS": "1",
                # No server runs here: whether migrations were applied in order is the tests' matter.
                "PYTHONWARNINGS": "ignore:Got an error checking:RuntimeWarning",
            }
            command = [sys.executable, "manage.py", *arguments]
            found[f"{side}: {name}"] = lambda command=command, variables=variables: _complaint(  # type: ignore[misc]
                command, variables
            )
    return found


def _without_servers() -> Installation:
    """An installation whose keys exist and whose servers do not."""
    state = state_folder() / "check"
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Installation(state=state, ports=dict.fromkeys(NAMES, 1), keys=keys_of(state))


def _complaint(command: list[str], variables: Mapping[str, str]) -> str:
    """What the command says, if it fails."""
    done = subprocess.run(
        command, cwd=ROOT, env=dict(variables), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, check=False,
    )  # fmt: skip
    return (done.stdout or f"exit code {done.returncode}") if done.returncode else ""


def _tool(name: str) -> str:
    return str(Path(sys.prefix) / "bin" / name)
