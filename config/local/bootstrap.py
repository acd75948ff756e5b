"""Makes the virtual environment where there is none, and goes on inside it.

Standard library only, and run as ``python3 -I`` so that nothing beside it is imported by
accident: this is the one file that a machine runs before anything is installed.
"""

from __future__ import annotations  # so that an older Python reaches the sentence below

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
NEEDS_TESTS = {"test", "test-deep", "check", "bench", "mutants", "screenshots", "fmt", "servers"}


def main() -> None:
    """Install what the command needs, then become the command."""
    command = sys.argv[1] if len(sys.argv) > 1 else "demo"
    if sys.version_info < (3, 11):  # noqa: UP036
        sys.exit(f"Bulkhead needs Python 3.11 or newer; name one with: make {command} PYTHON=…")
    # With it set every start would compile everything again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    tell_uv_what_pip_knows()
    folder = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)  # two commands at once would install over each other
    try:
        make_environment()
        install(with_tests=command in NEEDS_TESTS)
    finally:
        os.close(folder)
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "config.local", *sys.argv[1:]])


def tell_uv_what_pip_knows() -> None:
    """Let uv trust the machine's certificates and ask the index that pip was told of, as pip does."""
    os.environ["UV_PYTHON_DOWNLOADS"] = "never"
    os.environ.setdefault("UV_SYSTEM_CERTS", "true")
    if os.environ.get("PIP_INDEX_URL"):
        os.environ.setdefault("UV_DEFAULT_INDEX", os.environ["PIP_INDEX_URL"])


def make_environment() -> None:
    """The virtual environment; one whose Python is gone is made anew."""
    if PYTHON.exists() and run([PYTHON, "-c", ""], quiet=True) == 0:
        return
    tell("Making the virtual environment .venv …")
    shutil.rmtree(VENV, ignore_errors=True)
    if run([sys.executable, "-m", "venv", VENV]) != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit("Python cannot make virtual environments here; on Debian: apt-get install python3-venv")


def install(*, with_tests: bool) -> None:
    """Bring the environment to the hashed requirements, unless it is there already.

    Once the tests' packages are in, they stay: a demonstration does not take them out again.
    """
    stamp = json.loads(STAMP.read_text()) if STAMP.exists() else {}
    files = ["requirements.txt"]
    if with_tests or "requirements-dev.txt" in stamp:
        files.append("requirements-dev.txt")
    wanted = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in files}
    if wanted == stamp:
        return
    began = time.monotonic()
    tell("Installing the packages of " + " and ".join(files) + " …")
    STAMP.unlink(missing_ok=True)
    if not (install_with_uv(files) or install_with_pip(files)):
        sys.exit("The packages could not be installed: the lines above say why.")
    STAMP.write_text(json.dumps(wanted, indent=1) + "\n")
    tell(f"Installing the packages: {time.monotonic() - began:.1f} s")


def install_with_uv(files: list[str]) -> bool:
    """Exactly the pinned packages, in seconds. False where uv has no build for the machine."""
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    uv = VENV / "bin" / "uv"
    if not uv.exists() and run([*pip, "-r", ROOT / "requirements-setup.txt"]) != 0:
        return False
    names = [ROOT / name for name in files]
    return run([uv, "pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON, *names]) == 0


def install_with_pip(files: list[str]) -> bool:
    """The same, more slowly."""
    tell("… with pip, which takes a minute or two")
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes"]
    return run([*pip, *(part for name in files for part in ("-r", ROOT / name))]) == 0


def run(command: list[object], *, quiet: bool = False) -> int:
    """Run and return the exit code; ``PYTHONPATH`` of the caller's shell has no say here."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    output = subprocess.DEVNULL if quiet else None
    done = subprocess.run([str(part) for part in command], env=environment, stdout=output, stderr=output)
    return done.returncode


def tell(text: str) -> None:
    """Say at once what is going on."""
    print(text, flush=True)


if __name__ == "__main__":
    main()
