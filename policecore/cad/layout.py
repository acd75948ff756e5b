"""What a city's file of calls looks like, as data: a new city is a new TOML file and no code."""

import codecs
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

FOLDER = Path(__file__).resolve().parent.parent / "layouts"
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
KEYS = {
    "": {"title", "time_zone", "encoding", "delimiter", "id", "occurred_at", "call", "place", "priority", "kinds", "zones"},
    "id": {"column", "hash_of"},
    "occurred_at": {"columns", "format"},
    "call": {"column", "split", "strip_end", "type", "group"},
    "place": {"location", "description", "latitude", "longitude", "area"},
    "priority": {"column"},
}  # fmt: skip


class BadLayout(ValueError):
    """There is no such layout, or its file doesn't say what it must."""


@dataclass(frozen=True, kw_only=True)
class ZoneRule:
    """Which districts a zone has, where its centre lies, and which types it takes from everywhere."""

    slug: str
    districts: frozenset[str]
    types: frozenset[str]
    groups: frozenset[str]
    center: tuple[float, float] | None


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A file's columns and what they mean."""

    name: str
    title: str
    time_zone: ZoneInfo
    time_columns: tuple[str, ...]
    time_format: str
    location: tuple[str, ...]
    encoding: str = "utf-8"
    delimiter: str = ","
    id_column: str = ""
    id_hash_of: tuple[str, ...] = ()
    type_column: str = ""
    group_column: str = ""
    split: str = ""
    strip_end: str = ""
    description: str = ""
    priority: str = ""
    latitude: str = ""
    longitude: str = ""
    area: Mapping[str, float] = field(default_factory=dict)
    kind_of_type: Mapping[str, str] = field(default_factory=dict)
    kind_of_group: Mapping[str, str] = field(default_factory=dict)
    zone_column: str = ""
    zones: tuple[ZoneRule, ...] = ()

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Every column that the file must have, in the layout's order."""
        named = [
            self.id_column, *self.id_hash_of, *self.time_columns, self.type_column, self.group_column,
            *self.location, self.description, self.priority, self.latitude, self.longitude, self.zone_column,
        ]  # fmt: skip
        return tuple(dict.fromkeys(name for name in named if name))

    @cached_property
    def zone_of_district(self) -> dict[str, str]:
        """District → zone."""
        return {district: zone.slug for zone in self.zones for district in zone.districts}

    @cached_property
    def zone_of_type(self) -> dict[str, str]:
        """Call type → the zone that takes it wherever it happened."""
        return {each: zone.slug for zone in self.zones for each in zone.types}

    @cached_property
    def zone_of_group(self) -> dict[str, str]:
        """Call group → the zone that takes it wherever it happened."""
        return {each: zone.slug for zone in self.zones for each in zone.groups}

    def nearest_zone(self, latitude: float, longitude: float) -> str:
        """The zone whose centre is nearest; ``""`` when the layout gives no centres.

        Plain degrees are near enough within a city, and always the same answer.
        """
        measured = [
            ((zone.center[0] - latitude) ** 2 + (zone.center[1] - longitude) ** 2, zone.slug)
            for zone in self.zones
            if zone.center
        ]
        return min(measured)[1] if measured else ""


def names() -> list[str]:
    """The layouts there are."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load(name: str) -> Layout:
    """The layout called ``name``.

    Raises:
        BadLayout: there is none, or it is incomplete; the message names the key.
    """
    path = FOLDER / f"{name}.toml"
    if not NAME.fullmatch(name) or not path.is_file():
        raise BadLayout(f"no layout `{name}`; there are: {', '.join(names())}")
    try:
        return read(name, tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise BadLayout(f"layout `{name}`: {type(error).__name__}: {error}") from error
    except BadLayout as error:
        raise BadLayout(f"layout `{name}`: {error}") from error


def read(name: str, said: Mapping[str, Any]) -> Layout:
    """A layout from its TOML."""
    for table, keys in KEYS.items():
        unknown = set(said if not table else said.get(table, {})) - keys
        if unknown:
            raise BadLayout(f"unknown key `{sorted(unknown)[0]}` in [{table or 'top'}]")
    call, place, kinds = said["call"], said["place"], said.get("kinds", {})
    zones = dict(said["zones"])
    zone_column = zones.pop("column", "")
    layout = Layout(
        name=name,
        title=said["title"],
        time_zone=_time_zone(said["time_zone"]),
        encoding=said.get("encoding", "utf-8"),
        delimiter=said.get("delimiter", ","),
        id_column=said["id"].get("column", ""),
        id_hash_of=tuple(said["id"].get("hash_of", ())),
        time_columns=tuple(said["occurred_at"]["columns"]),
        time_format=said["occurred_at"]["format"],
        type_column=call.get("column") or call["type"],
        group_column=call.get("group", ""),
        split=call.get("split", ""),
        strip_end=call.get("strip_end", ""),
        location=tuple(place["location"]),
        description=place.get("description", ""),
        priority=said.get("priority", {}).get("column", ""),
        latitude=place.get("latitude", ""),
        longitude=place.get("longitude", ""),
        area=place.get("area", {}),
        kind_of_type={t: kind for kind, rule in kinds.items() for t in rule.get("types", ())},
        kind_of_group={g: kind for kind, rule in kinds.items() for g in rule.get("groups", ())},
        zone_column=zone_column,
        zones=tuple(_zone(slug, rule) for slug, rule in zones.items()),
    )
    _check(layout, kinds)
    return layout


def _zone(slug: str, rule: Mapping[str, Any]) -> ZoneRule:
    unknown = set(rule) - {"districts", "center", "types", "groups"}
    if unknown:
        raise BadLayout(f"unknown key `{sorted(unknown)[0]}` in [zones.{slug}]")
    center = rule.get("center")
    return ZoneRule(
        slug=slug,
        districts=frozenset(rule.get("districts", ())),
        types=frozenset(rule.get("types", ())),
        groups=frozenset(rule.get("groups", ())),
        center=(float(center[0]), float(center[1])) if center else None,
    )


def _time_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError) as error:
        raise BadLayout(f"no time zone `{name}`") from error


def _check(layout: Layout, kinds: Mapping[str, Any]) -> None:
    from policecore.models import Kind  # the layout itself needs no database

    if bool(layout.id_column) == bool(layout.id_hash_of):
        raise BadLayout("[id] needs either `column` or `hash_of`")
    if bool(layout.latitude) != bool(layout.longitude):
        raise BadLayout("[place] needs latitude and longitude, or neither")
    try:
        codecs.lookup(layout.encoding)
    except LookupError as error:
        raise BadLayout(f"no encoding `{layout.encoding}`") from error
    if not layout.zones:
        raise BadLayout("[zones] names no zone")
    if layout.area and set(layout.area) != {"south", "north", "west", "east"}:
        raise BadLayout("[place] area needs south, north, west and east")
    unknown = set(kinds) - set(Kind.values)
    if unknown:
        raise BadLayout(f"unknown kind `{sorted(unknown)[0]}`; there are: {', '.join(Kind.values)}")
    districts = [district for zone in layout.zones for district in zone.districts]
    if len(districts) != len(set(districts)):
        raise BadLayout("a district belongs to two zones")
