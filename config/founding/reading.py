"""Reading tables strictly: every key is known and every value of its kind, or the place is named.

A value is never repeated in a message: half of them are people's names.
"""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from datetime import date, datetime, time
from typing import Any, TypeVar

from django.utils import timezone

Check = Callable[[Any], Any]
Row = TypeVar("Row")
PLAIN_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")


class Refused(Exception):
    """The file is wrong in these places."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class Wrong(ValueError):
    """What is wrong with a value, as a sentence goes on after its key."""


def key(check: "Check | Tables", *, name: str = "") -> dict[str, Any]:
    """A field's metadata: what its value must be and, where they differ, the key it stands under."""
    return {"check": check, "key": name}


def read(kind: type[Row], text: str) -> Row:
    """The whole file as a ``kind``.

    Raises:
        Refused: with every place that is wrong.
    """
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at [^)]*\)", str(error))  # the rest of the message may quote the file
        raise Refused([f"this is no TOML {place.group() if place else ''}".rstrip()]) from None
    problems: list[str] = []
    found = _row(kind, said, "", problems)
    if problems or found is None:
        raise Refused(problems)
    return found


def _row(kind: type[Row], said: object, where: str, problems: list[str]) -> Row | None:
    if not isinstance(said, Mapping):
        problems.append(f"{where}is no table")
        return None
    before = len(problems)
    known = {each.metadata["key"] or each.name: each for each in fields(kind)}  # type: ignore[arg-type]
    for name in said:
        if name not in known:
            shown = f"the key `{name}` is" if PLAIN_KEY.fullmatch(name) else "it has a key that is"
            problems.append(f"{where}{shown} not known here")
    values: dict[str, Any] = {}
    for name, each in known.items():
        if name in said:
            _value(each, said[name], f"{where}`{name}` ", values, problems)
        elif each.default is MISSING and each.default_factory is MISSING:
            problems.append(f"{where}`{name}` is missing")
    return kind(**values) if len(problems) == before else None


def _value(each: Field[Any], said: object, where: str, values: dict[str, Any], problems: list[str]) -> None:
    check = each.metadata["check"]
    try:
        values[each.name] = check.read(said, problems) if isinstance(check, Tables) else check(said)
    except Wrong as error:
        problems.append(f"{where}{error}")


class Tables:
    """A check: tables of a kind, ``[[name]]`` in the file, each read with its number in every message."""

    def __init__(self, kind: type, name: str) -> None:
        self.kind, self.name = kind, name

    def read(self, said: object, problems: list[str]) -> tuple[Any, ...]:
        """The rows; what is wrong with one goes to ``problems``."""
        if not isinstance(said, list):
            raise Wrong(f"must be tables: [[{self.name}]]")
        rows = [_row(self.kind, each, place(self.name, number), problems) for number, each in enumerate(said)]
        return tuple(row for row in rows if row is not None)


class Table(Tables):
    """A check: one table, ``[name]`` in the file."""

    def read(self, said: object, problems: list[str]) -> Any:
        """The row."""
        return _row(self.kind, said, f"[{self.name}]: ", problems)


def place(table: str, number: int) -> str:
    """How messages name a table's row: by its number in the file, counted from one."""
    return f"[[{table}]] number {number + 1}: "


def text(longest: int, *, may_be_empty: bool = False) -> Check:
    """A check: one line of words, of characters that show."""

    def check(said: Any) -> str:
        if not isinstance(said, str):
            raise Wrong("must be a text in quotes")
        if said != said.strip() or not said.isprintable():
            raise Wrong("has spaces around it, or characters that don't show")
        if not said and not may_be_empty:
            raise Wrong("is empty")
        if len(said) > longest:
            raise Wrong(f"is longer than {longest} characters")
        return said

    return check


def short_name(longest: int = 40, *, may_be_empty: bool = False) -> Check:
    """A check: letters, digits and hyphens."""

    def check(said: Any) -> str:
        if said == "" and may_be_empty:
            return ""
        if not isinstance(said, str) or not SLUG.fullmatch(said) or len(said) > longest:
            raise Wrong(f"must be letters, digits and hyphens, at most {longest}")
        return said

    return check


def one_of(values: Sequence[str]) -> Check:
    """A check: one of these words."""

    def check(said: Any) -> str:
        if not isinstance(said, str) or said not in values:
            raise Wrong(f"must be one of: {', '.join(values)}")
        return said

    return check


def several(each: Check, *, at_least: int = 1) -> Check:
    """A check: a list without repeats."""

    def check(said: Any) -> tuple[Any, ...]:
        if not isinstance(said, list) or len(said) < at_least:
            raise Wrong("must be a list" + (f" of at least {at_least}" if at_least else ""))
        found = tuple(each(one) for one in said)
        if len(set(found)) != len(found):
            raise Wrong("names something twice")
        return found

    return check


def truth(said: Any) -> bool:
    """A check: true or false."""
    if not isinstance(said, bool):
        raise Wrong("must be true or false")
    return said


def day(said: Any) -> date:
    """A check: a date."""
    if type(said) is not date:  # a datetime is one too
        raise Wrong("must be a date such as 2026-01-31, without quotes")
    return said


def start_of(said: Any) -> datetime:
    """A check: a date, and the instant at which it begins in the city."""
    return timezone.make_aware(datetime.combine(day(said), time.min))
