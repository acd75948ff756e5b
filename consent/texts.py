"""What a text may not hold, decided in one place: characters that control, or that hide what it says."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# They turn the direction of what follows: on the screen it reads as something else than it is.
BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
# Those, lone surrogates, and all controls but the ends of lines.
_HIDING = re.compile(
    f"[{''.join(sorted(BIDI_CONTROLS))}\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ud800-\\udfff]"
)
_NOT_PLAIN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def hides(text: str) -> bool:
    """Does something in ``text`` control, or turn or hide its neighbours? An end of a line does not."""
    return _HIDING.search(text) is not None


def without_hiding(text: str) -> str:
    """``text`` without the characters that hide; its lines stay as they are."""
    return _HIDING.sub("", text)


def plain(text: str) -> str:
    """The text on one line, without any invisible character but single spaces."""
    kept = (c if unicodedata.category(c) not in _NOT_PLAIN else " " for c in text)
    return " ".join("".join(kept).split())


def refuse_hiding(text: str) -> None:
    """A validator for fields of one line: names, places, phone numbers."""
    if hides(text):
        raise ValidationError(_("Take out the invisible character in here and type it again."), code="hides")


class LineField(forms.CharField):
    """A text of one line; a character that hides is refused, so that what is read is what is kept."""

    default_validators = [refuse_hiding]


class ProseField(forms.CharField):
    """A text of several lines; a pasted character that hides is dropped, and the words stay."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        """The text without them."""
        said = without_hiding(value) if isinstance(value, str) else value
        return super().to_python(said)


class PlainField(forms.CharField):
    """A text that goes into an envelope: made `plain` before anybody looks through its words."""

    def to_python(self, value: Any) -> Any:
        """The plain text."""
        return super().to_python(plain(value) if isinstance(value, str) else value)
