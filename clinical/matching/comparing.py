"""What two records have in common, and whether that is a reason for somebody to look at both. Pure."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from clinical.matching.models import Pair
from clinical.search import words

if TYPE_CHECKING:
    from clinical.clients.models import Client

FEWEST_WORDS = 2  # a given name alone, or a family name, is no reason
Alike = Pair.Alike


@dataclass(frozen=True, kw_only=True)
class Known:
    """A record as it is compared."""

    names: frozenset[str]
    born_on: date | None
    phone: str

    @classmethod
    def of(cls, client: "Client") -> "Known":
        """The client's name, or what in the description may be one."""
        named = {w for text in (client.given_name, client.family_name) for w in words.pieces(text)}
        return cls(
            names=frozenset(named or set(words.naming(client.described_as))),
            born_on=client.born_on,
            phone=words.phone(client.phone),
        )

    @classmethod
    def of_text(cls, text: str, *, phone: str = "") -> "Known":
        """Somebody just met: a name or a description as one line, and perhaps a phone number."""
        return cls(names=frozenset(words.naming(text)), born_on=None, phone=words.phone(phone))


def alike(one: Known, other: Known) -> list[str]:
    """What makes the two worth a look, in the order of `Pair.Alike`; nothing if they are not.

    A whole name, written or sounding the same, is enough. With the same birth date or phone one
    word of it is, and a phone where one record has no name. Where birth dates differ it takes
    the whole name and the phone: families share names and phones.
    """
    has_phone = bool(one.phone) and one.phone == other.phone
    has_birth_date = one.born_on is not None and one.born_on == other.born_on
    differ_in_birth = None not in (one.born_on, other.born_on) and not has_birth_date
    same = len(one.names & other.names)
    sounding = len(
        {word for word in one.names if word in other.names or words.sounds(word) & _sounds(other.names)}
    )
    is_whole = sounding >= FEWEST_WORDS
    is_enough = is_whole or ((has_birth_date or has_phone) and sounding > 0)
    if differ_in_birth:
        is_enough = is_whole and has_phone
    elif has_phone and not (one.names and other.names):
        is_enough = True
    if not is_enough:
        return []
    found = {
        Alike.NAME: same >= FEWEST_WORDS,
        Alike.SOUND: is_whole and same < FEWEST_WORDS,
        Alike.PART: 0 < sounding < FEWEST_WORDS,
        Alike.BORN: has_birth_date,
        Alike.PHONE: has_phone,
    }
    return [str(kind) for kind, holds in found.items() if holds]


def _sounds(names: Set[str]) -> set[str]:
    return {sound for name in names for sound in words.sounds(name)}
