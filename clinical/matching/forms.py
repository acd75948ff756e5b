"""What the matching desk says of a pair."""

from django import forms

from clinical.matching.models import Pair
from consent.texts import LineField

SAYINGS = (Pair.Answer.SAME, Pair.Answer.DIFFERENT, Pair.Answer.CANT_TELL)


class AnswerForm(forms.Form):
    """The answer, and why: choices, because a text would hold names."""

    answer = forms.ChoiceField(choices=[(each.value, each.label) for each in SAYINGS])
    because = forms.ChoiceField(
        label="Why do you say so?", choices=Pair.Because.choices, widget=forms.RadioSelect
    )


class AcrossForm(forms.Form):
    """Two records of different legal units: looked for one after the other, then put together."""

    said = LineField(label="Name, birth date or phone", max_length=120, required=False)
    first = forms.UUIDField(required=False, widget=forms.HiddenInput)
    second = forms.UUIDField(required=False, widget=forms.HiddenInput)
    because = forms.ChoiceField(
        label="Why do you say so?",
        choices=[each for each in Pair.Because.choices if each[0] != Pair.Because.TOO_LITTLE],
        widget=forms.RadioSelect,
        required=False,
    )
