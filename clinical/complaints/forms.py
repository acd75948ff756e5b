"""Taking a complaint down, giving it an owner, answering it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from clinical.complaints.models import Complaint
from consent.models import Principal
from consent.texts import LineField, ProseField

MOST_WORDS = 10_000


class ComplaintForm(forms.Form):
    """In the person's own words, with as little beside them as an answer needs."""

    about = forms.ChoiceField(
        label="What is it about?", choices=Complaint.About.choices, widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is about."},
    )  # fmt: skip
    said = ProseField(
        label="What happened, in their words",
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Write down what they say happened."},
    )
    wished = ProseField(
        label="What would they like to happen?",
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    happened_on = forms.DateField(
        label="When it happened", required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    made_by = forms.ChoiceField(label="Who says so?", choices=Complaint.MadeBy.choices)
    how = forms.ChoiceField(label="How it came", choices=Complaint.How.choices)
    answer_to = LineField(
        label="How to answer them safely", required=False, max_length=300,
        help_text="A phone, an address, a time of day; leave it empty if they want no answer.",
    )  # fmt: skip
    about_staff = forms.ChoiceField(
        label="Whose conduct is it about?", required=False,
        help_text="They will not see it, and can't answer for it.",
    )  # fmt: skip
    destination = forms.ChoiceField(
        label="Where else do they want it to go?",
        choices=Complaint.Destination.choices,
        initial=Complaint.Destination.NOWHERE,
        widget=forms.RadioSelect,
        help_text="Theirs to choose. We send nothing there by ourselves: that needs their signed permission.",
    )

    def __init__(self, *args: Any, colleagues: Iterable[Principal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = {str(each.uid): each for each in colleagues}
        self.fields["about_staff"].choices = [("", "Nobody here, or not known")] + [
            (uid, each.get_full_name()) for uid, each in self.colleagues.items()
        ]

    def clean_happened_on(self) -> Any:
        """Not in the future."""
        day = self.cleaned_data["happened_on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError("This date has not come yet.")
        return day

    def clean_about_staff(self) -> Principal | None:
        """The colleague, if one was chosen."""
        return self.colleagues.get(self.cleaned_data["about_staff"])


class OwnerForm(forms.Form):
    """Who answers for it."""

    owner = forms.ChoiceField(
        label="Who answers for it?", error_messages={"required": "Choose who answers for it."}
    )

    def __init__(self, *args: Any, owners: Iterable[Principal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = {str(each.uid): each for each in owners}
        self.fields["owner"].choices = [(uid, each.get_full_name()) for uid, each in self.owners.items()]

    def clean_owner(self) -> Principal:
        """Somebody of those who may."""
        return self.owners[self.cleaned_data["owner"]]


class OutcomeForm(forms.Form):
    """What was found and what the person is told."""

    outcome = forms.ChoiceField(
        label="What was found?", choices=Complaint.Outcome.choices, widget=forms.RadioSelect,
        error_messages={"required": "Choose what was found."},
    )  # fmt: skip
    answer = ProseField(
        label="What they are told", max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Write what they are told, and why."},
    )  # fmt: skip
