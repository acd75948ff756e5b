"""What the witnesses remember, against what the database says now."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from consent.ledger.files import BadFile, LinesFile
from consent.ledger.note import BadNote, Checkpoint
from consent.ledger.witness import Told, digest_of, padded, told_of
from consent.verifier.database import Connection
from consent.verifier.findings import Finding

BEHIND_SECONDS = 60
Open = Callable[[str], Checkpoint]
NOTES = "select number, note from public.consent_checkpoint where number > %s order by number"
NEWEST_FIRST = "select number, size, note from public.consent_checkpoint order by number desc"
SETTLED = "select coalesce(max(number), 0) from public.consent_checkpoint where sealed_at < now() - make_interval(secs => %s)"


class Memory:
    """The end of a witness's file, read before the database's snapshot is taken: the database is ahead of it.

    Args:
        after: Lines about checkpoints up to this one were compared before.
        begin: So many bytes were read before.
    """

    def __init__(self, path: Path | str, after: int = 0, begin: int = 0) -> None:
        self.path, self.after, self.end = Path(path), after, begin
        self.notes: list[str] = []
        self.told: list[Told] = []
        self.broken = ""
        try:
            file = LinesFile(self.path)
            self.end = file.size()
            for line in file.lines(begin):
                if "digest" in line:
                    self.told.append(told_of(line))
                elif isinstance(line.get("note"), str):
                    self.notes.append(line["note"])
                else:
                    raise BadFile("a line that is not ours")
        except OSError as error:
            self.broken = f"can't be read ({type(error).__name__})"
        except BadFile as error:
            self.broken = str(error)

    @property
    def is_digests(self) -> bool:
        """Is it the other side's file?"""
        return bool(self.told)


def compare(connection: Connection, memory: Memory, open_note: Open) -> Iterator[Finding]:
    """Everything that a witness remembers and the database does not say."""
    if memory.broken:
        yield Finding(code="witness", what=f"{memory.path.name}: {memory.broken}")
    elif memory.is_digests:
        yield from _digests(connection, memory.path.name, memory.told)
    else:
        yield from _notes(connection, memory, open_note)


def _notes(connection: Connection, memory: Memory, open_note: Open) -> Iterator[Finding]:
    name, last = memory.path.name, memory.after
    kept = _kept(connection, memory.after)
    at, text = next(kept, (0, ""))
    for note in memory.notes:
        number = number_in(note)
        last = max(last, number)
        if number <= memory.after:
            continue
        while at and at < number:
            at, text = next(kept, (0, ""))
        if at == number and text_of(text) == text_of(note):
            continue
        yield _contradiction(name, number, note, open_note, is_there=at == number, is_beyond=at == 0)
    settled = connection.execute(SETTLED, [BEHIND_SECONDS]).fetchone()
    if settled and settled[0] > last:
        what = (
            f"{name} ends with checkpoint {last}: it was cut, replaced by an older one, or can't be reached"
        )
        yield Finding(code="witness", what=what, checkpoint=int(settled[0]))


def _contradiction(
    name: str, number: int, note: str, open_note: Open, *, is_there: bool, is_beyond: bool
) -> Finding:
    try:
        size = open_note(note).size
    except BadNote:
        return Finding(code="witness", what=f"{name} holds a note that was not signed", checkpoint=number)
    if is_beyond:
        what = f"{name} knows {size} entries up to here, and the ledger ends before"
        return Finding(code="tail", what=what, checkpoint=number)
    what = "another checkpoint was signed" if is_there else "a checkpoint was signed that the ledger has not"
    return Finding(code="fork", what=f"by {name} {what}", checkpoint=number)


def _kept(connection: Connection, after: int) -> Iterator[tuple[int, str]]:
    with connection.cursor(name="notes") as cursor:
        cursor.itersize = 2_000
        cursor.execute(NOTES, [after])
        yield from cursor


def _digests(connection: Connection, name: str, told: Iterable[Told]) -> Iterator[Finding]:
    """Each hash must be a checkpoint's, and its size must be that one's, padded."""
    wanted = {each.digest: each for each in told}
    with connection.cursor(name="digests") as cursor:
        cursor.itersize = 2_000
        cursor.execute(NEWEST_FIRST)
        for _number, size, note in cursor:
            found = wanted.pop(digest_of(note), None)
            if found is not None and found.padded_size != padded(size):
                yield Finding(code="fork", what=f"{name} was told another size at {found.hour.isoformat()}")
            if not wanted:
                return
    for each in wanted.values():
        what = f"{name} was told at {each.hour.isoformat()} of a checkpoint that the ledger has not"
        yield Finding(code="fork", what=what)


def text_of(note: str) -> str:
    """A note without its signatures."""
    return note.rpartition("\n\n")[0]


def number_in(note: str) -> int:
    """Which checkpoint a note says it is; 0 when it says none."""
    for line in text_of(note).split("\n"):
        if line.startswith("number ") and line[7:].isdecimal():
            return int(line[7:])
    return 0
