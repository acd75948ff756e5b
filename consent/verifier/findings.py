"""What a check of the ledger found, and the file in which the site reads the last verdict."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

INTACT, CHANGED, NOT_RUN = "intact", "changed", "not run"
EXIT = {INTACT: 0, CHANGED: 1, NOT_RUN: 2}
MOST_KEPT = 50  # findings in the verdict's file


class CouldNotRun(Exception):
    """The ledger could not be checked: which is a reason for an alarm as well. Its text holds no row."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is not as it was sealed.

    ``code`` is one of: ``changed`` (an entry's columns or bytes), ``missing``, ``added``, ``order``,
    ``unsealed``, ``tail`` (a witness has more), ``fork`` (a witness has another history), ``witness``
    (a witness's file is older than it was, or not one), ``checkpoint`` (a checkpoint is not what was signed).
    """

    code: str
    what: str
    entry: str = ""  # an entry's id
    number: int | None = None  # an entry's number in the ledger
    column: str = ""
    checkpoint: int | None = None

    def __str__(self) -> str:
        where = [
            f"entry {self.entry}" if self.entry else "",
            f"number {self.number}" if self.number is not None else "",
            f"column {self.column}" if self.column else "",
            f"checkpoint {self.checkpoint}" if self.checkpoint is not None else "",
        ]
        return f"{self.code}: {', '.join(filter(None, where)) or 'ledger'}: {self.what}"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What one check came to."""

    side: str
    verdict: str
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    findings: tuple[Finding, ...] = ()
    why: str = ""  # it could not run
    size: int = 0  # entries in the tree
    checkpoint: int = 0  # the newest one checked
    checked: int = 0  # entries read in this run
    whole: bool = False  # were all of them?
    whole_at: datetime | None = None  # when all of them were last found intact
    seconds: float = 0

    @property
    def exit_code(self) -> int:
        """0 intact, 1 changed, 2 could not run."""
        return EXIT[self.verdict]

    def as_json(self) -> dict[str, Any]:
        """For ``--json`` and for the verdict's file."""
        kept = [
            {k: v for k, v in asdict(each).items() if v not in ("", None)}
            for each in self.findings[:MOST_KEPT]
        ]
        return asdict(self) | {
            "at": self.at.isoformat(timespec="seconds"),
            "whole_at": self.whole_at.isoformat(timespec="seconds") if self.whole_at else None,
            "findings": kept,
            "found": len(self.findings),
            "seconds": round(self.seconds, 3),
        }


def write(verdict: Verdict, path: Path | str) -> None:
    """Put the verdict where the site reads it, whole or not at all."""
    file = Path(path)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.write_text(json.dumps(verdict.as_json(), ensure_ascii=False) + "\n", encoding="utf-8")
    draft.replace(file)


def read(path: Path | str) -> Mapping[str, Any] | None:
    """The last verdict, as `Verdict.as_json` wrote it; ``None`` when there is none that can be read."""
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
        datetime.fromisoformat(found["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if found.get("verdict") in EXIT else None
