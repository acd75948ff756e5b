"""What must not stand in a tracked file: hosts of registries, paths of one machine, secrets."""

import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from config.local.installation import ROOT

# Written in pieces, so that this file does not find itself.
HOSTS = [
    ".".join(parts)
    for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("yarnpkg", "com"))
]
FORBIDDEN = {
    "a registry's host": re.compile("|".join(re.escape(host) for host in HOSTS)),
    "a path of one machine": re.compile(r"(?:^|[\s\"'=(:`])/(?:home|root|work|Users)/\w"),
    "a private key": re.compile("-----BEGIN [A-Z ]*" + "PRIVATE KEY-----"),
    "a credential": re.compile(
        r"\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|\bxox[abprs]-[A-Za-z0-9-]{20,}"
        r"|\b(?:postgres(?:ql)?|rediss?|amqps?)://[^\s:/@{}]*:[^\s@{}<>$…]{8,}@"
    ),
}
PLANTED = {
    "a registry's host": f"https://{HOSTS[0]}/simple",
    "a path of one machine": "open('/" + "home/oduya/notes')",
    "a private key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "a credential": "postgres" + "://lind:correct-horse@db/clinical",
}
GENERATED = {".venv", ".git", "node_modules", "__pycache__", ".bulkhead"}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A forbidden thing and where it stands; not the thing itself, for it may be a secret."""

    file: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


def findings() -> list[Finding]:
    """Every forbidden thing in the tracked files. A scanner that misses a planted one proves nothing."""
    for what, text in PLANTED.items():
        if [found.what for found in in_text(Path("planted"), text)] != [what]:
            raise AssertionError(f"the scanner does not find {what} that was planted")
    found: list[Finding] = []
    for file in tracked_files():
        try:
            text = (ROOT / file).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        found += in_text(file, text)
    return found


def in_text(file: Path, text: str) -> Iterable[Finding]:
    """The forbidden things of one text."""
    return [
        Finding(file=file, line=number, what=what)
        for number, line in enumerate(text.splitlines(), start=1)
        for what, pattern in FORBIDDEN.items()
        if pattern.search(line)
    ]


def tracked_files() -> list[Path]:
    """What git tracks; in an unpacked archive, everything that no command made."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return [Path(name) for name in listed.stdout.split("\0") if name]
    files = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return sorted(file for file in files if not GENERATED.intersection(file.parts))
