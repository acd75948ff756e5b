"""What a field of an envelope may hold: each kind checks, writes and reads its own values."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from consent.texts import hides


class Malformed(ValueError):
    """The value or the bytes are not a valid envelope; the message names the place, never the content."""


class Codec(Protocol):
    """How one field stands in an envelope."""

    def check(self, value: Any) -> None:
        """Refuse a value that the field can't hold."""

    def write(self, value: Any) -> Any:
        """The value in JSON's words."""

    def read(self, written: Any) -> Any:
        """The value back; what `write` never writes is refused."""


@dataclass(frozen=True)
class Text:
    """Up to ``most`` characters, none of which hides or controls."""

    most: int

    def check(self, value: Any) -> None:
        """Refuse what is no text, too long, or holds a character that hides."""
        if not isinstance(value, str):
            raise Malformed("not a text")
        if len(value) > self.most:
            raise Malformed(f"longer than {self.most} characters")
        if hides(value):
            raise Malformed("holds a character that hides")

    def write(self, value: Any) -> Any:
        """As it is."""
        return value

    def read(self, written: Any) -> Any:
        """As it is, checked."""
        self.check(written)
        return written


@dataclass(frozen=True)
class OneOf:
    """One of a few words."""

    words: tuple[str, ...]

    def check(self, value: Any) -> None:
        """Refuse any other."""
        if not isinstance(value, str) or value not in self.words:
            raise Malformed("not one of the words")

    def write(self, value: Any) -> Any:
        """As it is."""
        return value

    def read(self, written: Any) -> Any:
        """As it is, checked."""
        self.check(written)
        return written


@dataclass(frozen=True)
class Texts:
    """Up to ``most`` texts of up to ``length`` characters, in order."""

    most: int
    length: int

    def check(self, value: Any) -> None:
        """Refuse what is no tuple of such texts."""
        if not isinstance(value, tuple) or len(value) > self.most:
            raise Malformed(f"not up to {self.most} texts")
        for each in value:
            Text(self.length).check(each)

    def write(self, value: Any) -> Any:
        """A list."""
        return list(value)

    def read(self, written: Any) -> Any:
        """A tuple, checked."""
        if not isinstance(written, list):
            raise Malformed("not a list")
        self.check(tuple(written))
        return tuple(written)


@dataclass(frozen=True)
class Id:
    """A UUID in its one usual spelling; ``None`` where it may be missing."""

    may_be_missing: bool = False

    def check(self, value: Any) -> None:
        """Refuse what is no UUID."""
        if not (isinstance(value, UUID) or (value is None and self.may_be_missing)):
            raise Malformed("not an id")

    def write(self, value: Any) -> Any:
        """Lower case with hyphens."""
        return None if value is None else str(value)

    def read(self, written: Any) -> Any:
        """The id; another spelling of it is refused, so that equal bytes mean equal ids."""
        if written is None and self.may_be_missing:
            return None
        try:
            value = UUID(written) if isinstance(written, str) else None
        except ValueError:
            value = None
        if value is None or str(value) != written:
            raise Malformed("not an id")
        return value


@dataclass(frozen=True)
class Instant:
    """An instant with its offset, kept in UTC to the microsecond."""

    def check(self, value: Any) -> None:
        """Refuse a naive time: nobody knows when it was."""
        if not isinstance(value, datetime) or value.utcoffset() is None:
            raise Malformed("not an instant")
        try:
            value.astimezone(UTC)
        except OverflowError:
            raise Malformed("not an instant that UTC knows") from None

    def write(self, value: Any) -> Any:
        """``2026-03-01T02:14:00.000000+00:00``."""
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def read(self, written: Any) -> Any:
        """The instant, from exactly the form that `write` writes."""
        try:
            value = datetime.fromisoformat(written) if isinstance(written, str) else None
        except ValueError:
            value = None
        if value is None or value.utcoffset() is None or self.write(value) != written:
            raise Malformed("not an instant")
        return value


@dataclass(frozen=True)
class Digest:
    """A SHA-256 hash in lower-case hex."""

    def check(self, value: Any) -> None:
        """Refuse anything else."""
        if not isinstance(value, str) or len(value) != 64 or not set(value) <= set("0123456789abcdef"):
            raise Malformed("not a hash")

    def write(self, value: Any) -> Any:
        """As it is."""
        return value

    def read(self, written: Any) -> Any:
        """As it is, checked."""
        self.check(written)
        return written


@dataclass(frozen=True)
class PaddedSize:
    """A power of two within what a database's numbers hold."""

    def check(self, value: Any) -> None:
        """Refuse a size that could be a count."""
        if type(value) is not int or not 0 < value < 1 << 62 or value & (value - 1):
            raise Malformed("not a padded size")

    def write(self, value: Any) -> Any:
        """As it is."""
        return value

    def read(self, written: Any) -> Any:
        """As it is, checked."""
        self.check(written)
        return written


@dataclass(frozen=True)
class Count:
    """A number from nothing to ``most``; ``None`` where it may be missing."""

    most: int
    may_be_missing: bool = False

    def check(self, value: Any) -> None:
        """Refuse what is no number or too high; ``True`` is no 1."""
        if value is None and self.may_be_missing:
            return
        if type(value) is not int or not 0 <= value <= self.most:
            raise Malformed(f"not a number up to {self.most}")

    def write(self, value: Any) -> Any:
        """As it is."""
        return value

    def read(self, written: Any) -> Any:
        """As it is, checked."""
        self.check(written)
        return written


@dataclass(frozen=True)
class Exactly:
    """One number: the version of a kind's form."""

    number: int

    def check(self, value: Any) -> None:
        """Refuse any other; ``True`` is no 1."""
        if type(value) is not int or value != self.number:
            raise Malformed("not this version")

    def write(self, value: Any) -> Any:
        """As it is."""
        return value

    def read(self, written: Any) -> Any:
        """As it is, checked."""
        self.check(written)
        return written
