"""Checks a run of checkpoints: every entry they added, the tree that this makes, and what was signed.

A run begins from the frontier that the checkpoint before it keeps; that this is the true
one is for the run before to see. So runs can be checked side by side.
"""

import base64
import hashlib
from collections.abc import Callable, Iterator, Sequence

from consent.ledger import numbers
from consent.ledger.image import Form, Row, images_digest
from consent.ledger.note import BadNote, Checkpoint
from consent.ledger.tree import TILE_WIDTH, Frontier, split
from consent.verifier import database
from consent.verifier.columns import Columns
from consent.verifier.database import Connection, Sealed
from consent.verifier.findings import Finding

ROWS_AT_ONCE = 20_000
NOTHING = Sealed(number=0, size=0, high=0, added=[], pending=[], frontier=b"", note="")
Open = Callable[[str], Checkpoint]


class Run:
    """One run of checkpoints, checked on one connection.

    Args:
        compared: Up to this checkpoint the columns were compared with the canonical bytes before;
            what was signed of the rows' images stands for them, and only later ones are compared again.
    """

    def __init__(
        self, connection: Connection, form: Form, oids: Sequence[int], open_note: Open, compared: int
    ) -> None:
        self._connection = connection
        self._form = form
        self._columns = Columns(connection, form, oids)
        self._open = open_note
        self._compared = compared
        self.findings: list[Finding] = []
        self.checked = 0

    def check(self, after: int, until: int) -> None:
        """Check the checkpoints with numbers greater than ``after``, up to ``until``."""
        before = database.checkpoint(self._connection, after) if after else NOTHING
        if before is None:
            self._found("checkpoint", "is gone", checkpoint=after)
            return
        frontier = self._kept_frontier(before)
        for group in _grouped(database.checkpoints(self._connection, after, until)):
            wanted = [run for sealed in group for run in numbers.runs(sealed.added)]
            rows: dict[int, Row] = {}
            for row in database.rows_of(self._connection, self._form, wanted):
                if row.number in rows:
                    self._found("added", "a second entry with this number", number=row.number)
                rows[row.number] = row
            for sealed in group:
                frontier = self._one(before, sealed, rows, frontier)
                before = sealed
        if before.number != until:
            self._found("checkpoint", "is gone", checkpoint=until)

    def _one(self, before: Sealed, sealed: Sealed, rows: dict[int, Row], frontier: Frontier) -> Frontier:
        """Check one checkpoint; the frontier behind it."""
        if sealed.number != before.number + 1:
            self._found("checkpoint", f"those from {before.number + 1} are gone", checkpoint=sealed.number)
            frontier = Frontier(0)  # whatever it adds can't be placed
        said = self._said(sealed)
        mine = [rows.get(number) for number in numbers.expanded(sealed.added)]
        for number, row in zip(numbers.expanded(sealed.added), mine, strict=True):
            if row is None:
                self._found(
                    "missing", "an entry that was sealed is gone", number=number, checkpoint=sealed.number
                )
        there = [row for row in mine if row is not None]
        self.checked += len(there)
        is_whole = said is not None and len(there) == len(mine) and frontier.size == before.size
        if is_whole and said is not None:
            frontier.extend([row.leaf for row in there])
            is_whole = frontier.size == said.size and frontier.root() == said.root
        is_as_seen = is_whole and said is not None and self._images_agree(said, there)
        if sealed.number > self._compared or not is_as_seen:
            found = self._compare(there, sealed.number)
            if said is not None and not is_as_seen and not found and len(there) == len(mine):
                self._locate(before, sealed, there, is_whole)
        return frontier if is_whole and self._keeps(sealed, frontier) else self._kept_frontier(sealed)

    def _said(self, sealed: Sealed) -> Checkpoint | None:
        """What was signed, if the row says the same; otherwise what is wrong is noted."""
        try:
            said = self._open(sealed.note)
            members = base64.b64encode(hashlib.sha256(numbers.written(sealed.added)).digest()).decode()
            agrees = (
                said.size == sealed.size
                and said.said("number") == str(sealed.number)
                and said.said("members") == members
            )
        except (BadNote, ValueError) as error:
            self._found("checkpoint", f"its note: {error}", checkpoint=sealed.number)
            return None
        if not agrees:
            self._found("checkpoint", "its row is not what was signed", checkpoint=sealed.number)
        return said

    def _images_agree(self, said: Checkpoint, there: Sequence[Row]) -> bool:
        form, _, digest = said.said("rows").partition(" ")
        seen = base64.b64encode(images_digest([row.image for row in there])).decode()
        return form == self._form.id and digest == seen

    def _compare(self, there: Sequence[Row], checkpoint: int) -> bool:
        """Compare columns with canonical bytes; was any found to differ?"""
        found = False
        for row in there:
            if self._columns.agree(row.raw, row.leaf):
                continue
            entry, wrong = self._columns.differences(row.raw, row.leaf)
            for column in wrong:
                found = True
                what = "does not say what was written"
                self._found(
                    "changed", what, entry=entry, number=row.number, column=column, checkpoint=checkpoint
                )
        return found

    def _locate(self, before: Sealed, sealed: Sealed, there: Sequence[Row], is_whole: bool) -> None:
        """The columns agree with each other, and yet this is not what was sealed: where?"""
        said = self._open(sealed.note)
        if is_whole:
            if said.said("rows").partition(" ")[0] == self._form.id:
                self._found("changed", "its rows are not those that were sealed", checkpoint=sealed.number)
            return  # the columns are others than then, and were compared instead
        named = False
        for at, row in enumerate(there, start=before.size):
            kept = split(database.tile(self._connection, at // TILE_WIDTH))
            if kept and kept[at % TILE_WIDTH] != row.leaf:
                named = True
                entry = self._columns.differences(row.raw, row.leaf)[0]
                what = "is another entry than the one that was sealed, or stands in another's place"
                self._found("changed", what, entry=entry, number=row.number, checkpoint=sealed.number)
        if not named:
            first = there[0].number if there else None
            what = f"of its {len(there)} entries at least one is not what was sealed, or not in its place"
            self._found("order", what, number=first, checkpoint=sealed.number)

    def _keeps(self, sealed: Sealed, frontier: Frontier) -> bool:
        if sealed.frontier == frontier.to_bytes():
            return True
        self._found("checkpoint", "the tree's edge that it keeps is not the tree's", checkpoint=sealed.number)
        return False

    @staticmethod
    def _kept_frontier(sealed: Sealed) -> Frontier:
        """Where to go on from; what it leads to is compared with what was signed."""
        try:
            return Frontier.from_bytes(sealed.size, sealed.frontier)
        except ValueError:
            return Frontier(0)

    def _found(self, code: str, what: str, **where: str | int | None) -> None:
        self.findings.append(Finding(code=code, what=what, **where))  # type: ignore[arg-type]


def _grouped(sealed: Iterator[Sealed]) -> Iterator[list[Sealed]]:
    """Checkpoints together that add some ten thousand entries, so that these are read at once."""
    group: list[Sealed] = []
    held = 0
    for each in sealed:
        group.append(each)
        try:
            held += numbers.count(each.added)
        except ValueError:
            each.added.clear()  # not a set of numbers: then it is not what was signed, which is noted
        if held >= ROWS_AT_ONCE or len(group) >= ROWS_AT_ONCE:
            yield group
            group, held = [], 0
    if group:
        yield group
