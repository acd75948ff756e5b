"""Looking words up in a template; `{% load clinical_words %}`."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def item(words: Mapping[str, str], key: str) -> str:
    """The word for ``key``, or the key itself where there is none."""
    return words.get(key, key)


@register.filter
def rules(basis: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The parts of a basis that are rules, each once; the others name consents."""
    return list({each["rule"]: each for each in basis if "rule" in each}.values())


@register.filter
def said(words: Mapping[str, str], language: str) -> str:
    """Words kept in several languages, in one of them; in English where they aren't."""
    return words.get(language) or words.get("en", "") if words else ""


@register.filter
def level_kind(level: str) -> str:
    """The colour of a screening's level."""
    return {"high": "bad", "moderate": "warn", "low": "note", "none": "good"}.get(level, "")
