"""The engine's part of ``make bench``: the whole law against a hand-written function and Cedar.

The contestants have an environment of their own in the state folder. Where the benchmark
doesn't lie beside the repository, the engine runs alone.
"""

import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from config.local import environment
from config.local.console import say, timed
from config.local.installation import ROOT

# Of the benchmark's requirements, those of job A's lower bound and of Cedar.
WANTED = ("numpy", "cedarpy")


def main(state: Path) -> None:
    """Measure, and print what came of it."""
    folder = Path(os.environ.get("BULKHEAD_SHARED", ROOT.parent / "shared")) / "bench"
    python, named = Path(sys.executable), [str(folder)]
    try:
        python = peers_of(folder, state / "peers")
    except (OSError, subprocess.CalledProcessError) as error:
        say(f"The engine is measured alone, its contestants can't be had: {error}")
        named = []
    quiet = {"PYTHONDONTWRITEBYTECODE": "1"}  # the benchmark's folder may be read-only
    command = [str(python), "-m", "tests.bench.law", *named]
    subprocess.run(command, cwd=ROOT, env=environment.of_the_machine() | quiet, check=False)


def peers_of(folder: Path, venv: Path) -> Path:
    """The interpreter of an environment with what the contestants need, and what reads the scenarios."""
    python = venv / "bin" / "python"
    lines = (folder / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = [line.split("#")[0].strip() for line in lines if re.split(r"[\s<>=#\[]", line)[0] in WANTED]
    wanted.append(f"pyyaml=={version('pyyaml')}")
    stamp = venv / "installed.txt"
    if not stamp.exists() or stamp.read_text() != "\n".join(wanted):
        uv = str(Path(sys.prefix) / "bin" / "uv")
        with timed("Installing the contestants"):
            for arguments in (["venv", "--quiet", "--clear", "--python", sys.executable, str(venv)],
                              ["pip", "install", "--quiet", "--python", str(python), *wanted]):  # fmt: skip
                subprocess.run([uv, *arguments], env=dict(os.environ), check=True)
        stamp.write_text("\n".join(wanted))
    return python
