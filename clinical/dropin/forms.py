"""The desk's forms."""

from typing import Any

from django import forms

from clinical.dropin.models import Service
from consent.texts import LineField, PlainField

NOBODY = "nobody"


class TapForm(forms.Form):
    """Who, and what: two taps; one for nobody named."""

    who = PlainField(required=False)
    service = forms.ChoiceField(
        choices=Service.choices, error_messages={"required": "Tap what they came for."}
    )

    def clean_who(self) -> str:
        """Nobody, unless somebody was chosen."""
        return str(self.cleaned_data["who"] or NOBODY)


class CardForm(forms.Form):
    """A nickname for the desk, and the number on the card that they may carry."""

    nickname = LineField(
        label="What the desk calls them",
        max_length=60,
        help_text="As they wish to be called here; it need not be their name.",
    )
    number = LineField(
        label="Number on the card",
        max_length=40,
        required=False,
        help_text="Scan it or type it. Empty: they carry no card, or keep the one they have.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_number(self) -> str:
        """Enough letters and digits to be one person's alone."""
        number: Any = self.cleaned_data["number"]
        if number and sum(each.isalnum() for each in number) < 4:
            raise forms.ValidationError("The number on a card has at least four letters or digits.")
        return str(number)
