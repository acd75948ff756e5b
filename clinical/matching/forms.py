"""What the matching desk says of a pair."""

from django import forms

from clinical.matching.models import Pair

SAYINGS = (Pair.Answer.SAME, Pair.Answer.DIFFERENT, Pair.Answer.CANT_TELL)


class AnswerForm(forms.Form):
    """The answer, and why: choices, because a text would hold names."""

    answer = forms.ChoiceField(choices=[(each.value, each.label) for each in SAYINGS])
    because = forms.ChoiceField(
        label="Why do you say so?", choices=Pair.Because.choices, widget=forms.RadioSelect
    )


class ElsewhereForm(forms.Form):
    """Why the record of another unit is the same person's."""

    because = forms.ChoiceField(
        label="Why do you say so?",
        choices=[each for each in Pair.Because.choices if each[0] != Pair.Because.TOO_LITTLE],
        widget=forms.RadioSelect,
    )
    client = forms.UUIDField(widget=forms.HiddenInput)
