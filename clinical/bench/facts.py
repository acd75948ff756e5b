"""The facts of a question as a form, in groups; and as the engine takes them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from clinical.bench import fact_words as words
from clinical.bench.forms import SEGMENTS, one, several

PREFIX = "fact"
UNSAID = ("", "Not shown")
RESTRICTION = "restriction"  # the field that says whether; `restriction_agreed` says for what
_LISTED = {
    "order_scope": SEGMENTS,
    "restriction_agreed": SEGMENTS,
    "elements": list(words.ELEMENTS.items()),
    "cj_info": list(words.CJ_INFO.items()),
}


@dataclass(frozen=True, kw_only=True)
class Group:
    """Facts that belong together."""

    name: str
    fields: list[tuple[str, forms.BoundField]]  # with the engine's key
    said: int
    has_errors: bool


def _fields() -> Iterator[tuple[str, str, forms.Field]]:
    """Every field with its group and name."""
    for group, flags in words.FLAGS.items():
        for key, label in flags.items():
            yield group, key, one(label, words.TRI_STATE, required=False)
    for key, (group, label, values) in words.CHOICES.items():
        yield group, key, one(label, [UNSAID, *values.items()], required=False)
    for key, (group, label) in words.NUMBERS.items():
        yield group, key, forms.IntegerField(label=label, required=False, min_value=0, max_value=120)
    for key, (group, label) in words.TEXTS.items():
        yield group, key, one(label, [UNSAID, ("cited", "Cited")], required=False)
    wishes = words.LISTS["restriction_agreed"][0]
    yield wishes, RESTRICTION, one("Restriction agreed to", words.RESTRICTION.items(), required=False)
    for key, (group, label) in words.LISTS.items():
        yield group, key, several(label, _LISTED[key])


class FactsForm(forms.Form):
    """Booleans are shown, recorded as a no, or not shown; the rest has a value or none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=PREFIX, **kwargs)
        self._group_of: dict[str, str] = {}
        for group, key, field in _fields():
            self.fields[key] = field
            self._group_of[key] = group
        self.initial.setdefault(RESTRICTION, "no")

    def clean(self) -> dict[str, Any]:
        """A restriction for some segments names them."""
        said = super().clean() or {}
        if said.get(RESTRICTION) == "some" and not said.get("restriction_agreed"):
            self.add_error("restriction_agreed", "Tick the segments that it is for.")
        return said

    def facts(self) -> dict[str, Any]:
        """What is said, as the engine takes it. An absent key is not shown."""
        said = self.cleaned_data
        flags = {key: said[key] == "shown" for key in _flags() if said.get(key)}
        plain = {
            key: said[key] for key in (*words.CHOICES, *words.NUMBERS, *words.TEXTS)
            if said.get(key) not in (None, "")
        }  # fmt: skip
        lists = {
            key: sorted(said[key]) for key in words.LISTS if key != "restriction_agreed" and said.get(key)
        }
        restriction = {
            "no": {"restriction_agreed": False},
            "all": {"restriction_agreed": True},
            "some": {"restriction_agreed": sorted(said.get("restriction_agreed") or [])},
        }.get(said.get(RESTRICTION) or "", {})
        return flags | plain | lists | restriction

    def groups(self) -> list[Group]:
        """The groups in the page's order, with how many facts are said in each."""
        return [self._group(name) for name in words.GROUPS]

    def _group(self, name: str) -> Group:
        keys = [key for key, group in self._group_of.items() if group == name]
        return Group(
            name=name,
            fields=[(key, self[key]) for key in keys],
            said=sum(1 for key in keys if self._is_said(key)),
            has_errors=self.is_bound and any(key in self.errors for key in keys),
        )

    def _is_said(self, key: str) -> bool:
        value = self[key].value()
        return value not in (None, "", [], "no" if key == RESTRICTION else None)


def _flags() -> list[str]:
    return [key for flags in words.FLAGS.values() for key in flags]


def initial_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The form's values for facts as the engine takes them."""
    flags = set(_flags())
    found: dict[str, Any] = {
        key: ("shown" if value else "no") if key in flags else value
        for key, value in facts.items()
        if key != "restriction_agreed"
    }
    agreed = facts.get("restriction_agreed", "")
    if isinstance(agreed, list):
        return found | {RESTRICTION: "some", "restriction_agreed": agreed}
    return found | {RESTRICTION: {True: "all", False: "no"}.get(agreed, "") if agreed != "" else ""}
