"""The forms of an encounter's page."""

from typing import Any

from django import forms

from clinical.encounters.models import Encounter
from consent.texts import ProseField

CHIPS = {"class": "options--chips"}


class SceneForm(forms.Form):
    """What kind of place, who is there, where the police are."""

    place = forms.ChoiceField(
        label="Place", required=False, widget=forms.RadioSelect(attrs=CHIPS), choices=Encounter.Place.choices
    )
    present = forms.MultipleChoiceField(
        label="Present",
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs=CHIPS),
        choices=Encounter.Present.choices,
    )
    police = forms.ChoiceField(
        label="Police",
        required=False,
        widget=forms.RadioSelect(attrs=CHIPS),
        choices=Encounter.Police.choices,
    )


class IntroductionForm(forms.Form):
    """The answer to the spoken introduction: one of four buttons."""

    answer = forms.ChoiceField(choices=Encounter.Answer.choices)


class NoteForm(forms.Form):
    """A note, and the compartment that it goes into."""

    body = ProseField(
        label="Note",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "The note is empty."},
    )

    def __init__(self, *args: Any, compartments: dict[str, tuple[str, ...]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.compartments = compartments
        self.fields["compartment"] = forms.ChoiceField(
            choices=[(word, word) for word in compartments], required=False
        )

    @property
    def segments(self) -> tuple[str, ...]:
        """The segments of the compartment that was chosen; the program's usual one if none was."""
        return self.compartments[self.cleaned_data["compartment"] or "usual"]


class LeaveForm(forms.Form):
    """How it ended."""

    disposition = forms.ChoiceField(
        label="How it ended", widget=forms.RadioSelect, choices=Encounter.Disposition.choices,
        error_messages={"required": "Choose how it ended."},
    )  # fmt: skip
