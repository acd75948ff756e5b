"""What a text may not hold, decided in one place: characters that control, or that hide what it says.

And which words are asked about before the police can read them.
"""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from consent.labels.speech import clinical_words

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


class PoliceVisibleForm(forms.Form):
    """A form some of whose lines the police can read; ``police_visible`` names them.

    The first time they hold clinical words the form is not valid and says which; whoever wrote them
    writes what was seen instead, or ticks that the person said so. The page shows ``clinical`` and the
    tick beside it.
    """

    police_visible: tuple[str, ...] = ()
    words_confirmed = forms.BooleanField(label=_("The person said this themselves"), required=False)

    clinical: list[str] = []

    def clean(self) -> dict[str, Any]:
        """Ask about clinical words once."""
        said = super().clean() or {}
        self.clinical = clinical_words(*(said.get(name) or "" for name in self.police_visible))
        if self.clinical and not said.get("words_confirmed"):
            self.add_error("words_confirmed", _("Write it again, or say that the person said so"))
        return said

    @property
    def has_faults(self) -> bool:
        """Is there more to mend than the question about clinical words, which has a place of its own?"""
        return bool(set(self.errors) - {"words_confirmed"})

    @property
    def confirms_words(self) -> bool:
        """Were there clinical words, and was it said that they are the person's own?"""
        return bool(self.clinical) and bool(self.cleaned_data.get("words_confirmed"))
