"""What a run made and changed: for the person at the terminal in numbers, for the ledger in ids."""

from collections import Counter, defaultdict
from typing import Any, TypeVar

from django.db.models import Model

Row = TypeVar("Row", bound=Model)


class Changes:
    """Counts what was new, changed and as before, table by table, and writes a row if it differs."""

    def __init__(self) -> None:
        self.counted: dict[str, Counter[str]] = defaultdict(Counter)
        self.ids: dict[str, list[str]] = defaultdict(list)
        self.remarks: Counter[str] = Counter()

    def settle(self, table: str, model: type[Row], found_by: dict[str, Any], values: dict[str, Any]) -> Row:
        """The row that is ``found_by`` these, with these values."""
        row = model._default_manager.filter(**found_by).first()
        if row is None:
            row = model._default_manager.create(**found_by, **values)
            self.note(table, row, "new")
            return row
        differing = [name for name, value in values.items() if getattr(row, name) != value]
        for name in differing:
            setattr(row, name, values[name])
        if differing:
            row.save(update_fields=differing)
        self.note(table, row, "changed" if differing else "as before")
        return row

    def note(self, table: str, row: Model, what: str) -> None:
        """Count a row; one that is new or changed is named in the ledger by its id."""
        self.counted[table][what] += 1
        if what != "as before":
            self.ids[row._meta.label_lower].append(str(row.pk))

    def remark(self, text: str) -> None:
        """Count something that the person at the terminal should know."""
        self.remarks[text] += 1

    def changed(self, table: str) -> bool:
        """Did a row of this table, which was there, change?"""
        return self.counted[table]["changed"] > 0

    def touched(self, table: str) -> bool:
        """Is a row of this table new or changed?"""
        return self.changed(table) or self.counted[table]["new"] > 0

    @property
    def lines(self) -> list[str]:
        """A line for each table, and one for each remark."""
        told = [
            f"{table}: " + ", ".join(f"{number} {what}" for what, number in counted.items() if number)
            for table, counted in self.counted.items()
            if counted.total()
        ]
        return told + [f"{number} × {text}" for text, number in self.remarks.items()]
