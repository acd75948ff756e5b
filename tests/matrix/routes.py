"""Every address that the side's resolver knows, and what the table says of it."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import URLResolver, get_resolver
from django.urls.converters import IntConverter

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
SAFE = ("GET", "HEAD")


@dataclass(frozen=True)
class Route:
    """One address: its name with its namespaces, the arguments that it takes, and which of them are numbers."""

    name: str
    arguments: tuple[str, ...]
    numbers: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Row:
    """What the table says of a route.

    Attributes:
        who: Role names; or ``public`` (no account needed), ``signed in`` (any account), ``machine`` (a partner's
            token), ``library`` (allauth's own).
        methods: What each method that the page knows answers to who may come and may see the object.
        object: What the address names, if anything that may be hidden: a kind of `tests.matrix.world`.
        opens_by: ``compartment`` where seeing it is the grants' to say, ``role`` where the role is enough.
        writes: Methods for which the grant must let its holder write.
        elsewhere: Methods whose good answer is asserted in other tests, and why.
    """

    route: Route
    who: frozenset[str]
    methods: dict[str, tuple[int, ...]]
    object: str
    opens_by: str
    writes: frozenset[str]
    elsewhere: dict[str, str]


@cache
def routes() -> tuple[Route, ...]:
    """The side's addresses, each once."""
    return tuple(sorted(set(_walk(get_resolver(), "", {})), key=lambda route: route.name))


def _walk(resolver: Any, prefix: str, arguments: dict[str, Any]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        taken = arguments | entry.pattern.converters
        if isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from _walk(entry, inner, taken)
        else:
            numbers = frozenset(name for name, kind in taken.items() if isinstance(kind, IntConverter))
            yield Route(f"{prefix}{entry.name or entry.pattern}", tuple(taken), numbers)


def written() -> tuple[dict[str, dict[str, Any]], dict[str, list[str]]]:
    """The side's file: what it says of each name, and the words it uses for several roles."""
    file = Path(__file__).parent / f"{settings.SIDE}.toml"
    sections = tomllib.loads(file.read_text(encoding="utf-8"))
    words = sections.pop("words")
    return {name: said for section in sections.values() for name, said in section.items()}, words


@cache
def table() -> dict[Route, Row]:
    """The row of each route; one that the file doesn't name has none."""
    said, words = written()
    found = {}
    for route in routes():
        name = next((each for each in said if fnmatchcase(route.name, each)), None)
        if name is not None:
            found[route] = _row(route, said[name], words)
    return found


def _row(route: Route, said: dict[str, Any], words: dict[str, list[str]]) -> Row:
    unknown = set(said) - {"who", "object", "opens_by", "writes", "positive", *map(str.lower, METHODS)}
    if unknown:
        raise ValueError(f"{route.name}: unknown words {sorted(unknown)}")
    who = said["who"]
    methods = {
        method: _statuses(answer)
        for method in METHODS
        if (answer := said.get(method.lower(), said.get("get") if method == "HEAD" else None)) is not None
    }
    return Row(
        route=route,
        who=frozenset(words.get(who, [who]) if isinstance(who, str) else who),
        methods=methods,
        object=said.get("object", ""),
        opens_by=said.get("opens_by", "compartment" if said.get("object") else ""),
        writes=frozenset(said.get("writes", ())),
        elsewhere={method.upper(): why for method, why in said.get("positive", {}).items()},
    )


def _statuses(answer: int | list[int]) -> tuple[int, ...]:
    return (answer,) if isinstance(answer, int) else tuple(answer)
