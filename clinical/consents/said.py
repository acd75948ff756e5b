"""The words of a form in the languages that it is kept in; what stands beside each other was written together."""

import hashlib
from typing import Final, NamedTuple

LANGUAGES: Final = {"en": "English", "es": "Español"}


class Said(NamedTuple):
    """One text of a form. A translator finds both languages in one place, and none can be forgotten."""

    en: str
    es: str

    def tell(self, language: str, **values: object) -> str:
        """The text in ``language``, English where the form has no other; ``{names}`` filled in."""
        text = self.es if language == "es" else self.en
        return text.format(**values) if values else text


# Languages whose words a qualified translator has reviewed: the SHA-256 of exactly those words
# (`words_digest`), and who reviewed them, when. A word that changes afterwards is a draft again.
REVIEWED: Final[dict[str, tuple[str, str]]] = {}


def words_digest(texts: "list[Said]", language: str) -> str:
    """SHA-256 of all texts of the forms in one language, each on a line, in their order."""
    return hashlib.sha256("\n".join(each.tell(language) for each in texts).encode()).hexdigest()


def joined(parts: list[str], language: str) -> str:
    """``a, b and c``, in the language; parts that hold commas are set apart by semicolons."""
    if not parts:
        return ""
    if any("," in part for part in parts):
        return "; ".join(parts)
    last = {"es": " y "}.get(language, " and ")
    return last.join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
