"""Knowing two calls of one place by a token, since the place itself is kept encrypted."""

import re
import unicodedata

from consent import services

KIND = "place"
# As dispatch systems and officers write the same street.
WORDS = {
    "STREET": "ST", "AVENUE": "AVE", "AV": "AVE", "ROAD": "RD", "DRIVE": "DR", "LANE": "LN", "COURT": "CT",
    "PLACE": "PL", "BOULEVARD": "BLVD", "BLOCK": "BLK", "NORTH": "N", "SOUTH": "S", "EAST": "E", "WEST": "W",
    "AND": "&", "APARTMENT": "APT", "UNIT": "APT",
}  # fmt: skip
SAYS_NOTHING = frozenset({"OF", "THE", "&", "DEAD", "END"})


def normal(place: str) -> str:
    """The place in one spelling: upper case, without marks and small words, streets abbreviated."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", place) if not unicodedata.combining(c))
    words = re.findall(r"[A-Z0-9]+|&", plain.upper())
    return " ".join(word for each in words if (word := WORDS.get(each, each)) not in SAYS_NOTHING)


class Places:
    """The index of places; its key is asked for once."""

    def __init__(self) -> None:
        self._index: services.BlindIndex | None = None

    def token(self, place: str) -> int | None:
        """What stands for the place; ``None`` where there is none.

        Raises:
            KeysUnavailable: the index's key can't be had now.
        """
        said = normal(place)
        if not said:
            return None
        if self._index is None:
            self._index = services.index_of_places()
        return self._index.token(KIND, said)
