"""``python -m consent.verifier --side clinical``: check a ledger with nothing but the verifier's role.

Exit code 0: intact. 1: something was changed. 2: the check could not be made.
With ``--every`` it goes on for as long as it is let, and is itself checked by whoever reads its verdict.
"""

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from consent.verifier import findings
from consent.verifier.findings import CHANGED, INTACT, NOT_RUN, CouldNotRun, Finding, Verdict
from consent.verifier.run import Means, verify

WHOLE_EVERY = timedelta(hours=24)
FIRST_AFTER = 30.0  # seconds; a sealer that was started together with it has sealed by then
AGAIN_AFTER = timedelta(minutes=10)  # a whole check, after one that found something


def arguments(parser: argparse.ArgumentParser) -> None:
    """What can be asked of a check; the same for ``manage.py ledger verify``."""
    parser.add_argument("--side", required=True, choices=["clinical", "police"])
    parser.add_argument(
        "--since-last", action="store_true", help="only what was added since the last intact check"
    )
    parser.add_argument("--deep", action="store_true", help="compare every column of every entry again")
    parser.add_argument(
        "--witness",
        action="append",
        default=[],
        metavar="FILE",
        help="one more witness's file; may be repeated",
    )
    parser.add_argument(
        "--witness-if-there",
        action="append",
        default=[],
        metavar="FILE",
        help="one that need not be there yet",
    )
    parser.add_argument("--json", action="store_true", help="the verdict as JSON")
    parser.add_argument(
        "--every",
        type=float,
        default=0,
        metavar="SECONDS",
        help="go on: new entries this often, everything once a day",
    )


def run(options: argparse.Namespace, write: Callable[[str], object]) -> int:
    """Do what was asked; the exit code."""
    side = options.side
    verdict_file = os.environ.get(f"VERDICT_FILE_{side.upper()}", "")

    def once(*, since_last: bool) -> Verdict:
        try:
            there = [file for file in options.witness_if_there if Path(file).exists()]
            means = Means.from_environment(side, os.environ, (*options.witness, *there))
        except CouldNotRun as error:
            return Verdict(side=side, verdict=NOT_RUN, why=str(error))
        return verify(means, since_last=since_last, deep=options.deep)

    if options.every:
        return Watch(once, verdict_file, write).go_on(options.every)
    verdict = once(since_last=options.since_last)
    if verdict_file:
        findings.write(verdict, verdict_file)
    write(json.dumps(verdict.as_json(), ensure_ascii=False) if options.json else said(verdict))
    return verdict.exit_code


def said(verdict: Verdict) -> str:
    """The verdict in words."""
    lines = [str(each) for each in verdict.findings]
    if verdict.verdict == NOT_RUN:
        lines.append(f"{verdict.side}: NOT CHECKED: {verdict.why}")
    elif verdict.verdict == CHANGED:
        lines.append(
            f"{verdict.side}: {len(verdict.findings)} findings up to checkpoint {verdict.checkpoint}"
        )
    else:
        lines.append(
            f"{verdict.side}: intact up to checkpoint {verdict.checkpoint}, {verdict.size} entries "
            f"({verdict.checked} read in {verdict.seconds:.1f} s)"
        )
    return "\n".join(lines)


class Watch:
    """Checks again and again. What a whole check found stands until another whole check does not."""

    def __init__(
        self, once: Callable[..., Verdict], verdict_file: str, write: Callable[[str], object]
    ) -> None:
        self._once = once
        self._file = verdict_file
        self._write = write
        self._stop = threading.Event()
        self._standing: tuple[Finding, ...] = ()
        self._whole_tried: datetime | None = None
        self._whole_at: datetime | None = None

    def go_on(self, every: float) -> int:
        """Until somebody asks to stop."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        self._stop.wait(min(every, FIRST_AFTER))
        while not self._stop.is_set():
            self.check()
            self._stop.wait(every)
        return 0

    def check(self) -> Verdict:
        """One round; alarms go to standard output, and the verdict into its file."""
        now = datetime.now(UTC)
        whole = self._is_due(now)
        verdict = self._once(since_last=not whole)
        self._whole_at = verdict.whole_at or self._whole_at
        if whole:
            self._whole_tried = now
            self._standing = verdict.findings
        elif self._standing and verdict.verdict != NOT_RUN:
            told = dict.fromkeys((*self._standing, *verdict.findings))
            verdict = replace(verdict, verdict=CHANGED, findings=tuple(told))
        if self._file:
            findings.write(verdict, self._file)
        if verdict.verdict != INTACT:
            code = "LEDGER-CHANGED" if verdict.verdict == CHANGED else "LEDGER-NOT-CHECKED"
            self._write(f"{now.isoformat(timespec='seconds')} CRITICAL {code} {said(verdict)}")
        return verdict

    def _is_due(self, now: datetime) -> bool:
        if self._whole_tried is None:
            return True
        since = now - self._whole_tried
        return since >= (AGAIN_AFTER if self._standing else WHOLE_EVERY) or since < timedelta(0)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m consent.verifier", description=__doc__)
    arguments(parser)
    return run(parser.parse_args(), lambda line: print(line, flush=True))


if __name__ == "__main__":
    sys.exit(main())
