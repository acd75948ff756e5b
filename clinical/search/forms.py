"""What is typed to find a client."""

from typing import Any

from django import forms

from clinical.search import words
from consent.texts import PlainField, plain

MOST_CHARACTERS = 120


class SearchForm(forms.Form):
    """One line; it travels in the body of a request and is kept nowhere."""

    said = PlainField(max_length=MOST_CHARACTERS, required=False)
    cursor = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """The line taken apart; a line that is too long, or hides something, is looked for as it reads."""
        cleaned = super().clean() or {}
        self.line = plain(str(self.data.get("said", "")))[:MOST_CHARACTERS]
        cleaned["parts"] = words.read(self.line)
        return cleaned
