"""The form of a document: the file, what it is, and nothing of the name that it came with."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from clinical.documents.checking import NotKept, Paper, paper_of
from clinical.documents.models import Document
from clinical.plans.forms import InProgram, day_field
from consent.texts import LineField

TAKES = "application/pdf,image/jpeg,image/png"


class DocumentForm(InProgram):
    """A paper that is kept."""

    file = forms.FileField(
        label="File", help_text="PDF, JPEG or PNG, up to 10 MB",
        widget=forms.FileInput(attrs={"accept": TAKES, "class": "usa-input file-input"}),
        error_messages={"required": "Choose a file.", "empty": "This file is empty."},
    )  # fmt: skip
    title = LineField(
        label="What it is", max_length=150, help_text="For example: birth certificate",
        error_messages={"required": "Say what it is."},
    )  # fmt: skip
    kind = forms.ChoiceField(label="Kind", choices=[("", "Choose"), *Document.Kind.choices])
    dated_on = day_field("Date on it", required=False)
    remark = LineField(label="Remark", required=False, max_length=500)
    is_risk = forms.BooleanField(
        label="It speaks of danger to somebody", required=False, help_text="Kept as risk as well"
    )

    def clean_file(self) -> Paper:
        """The paper as it is kept; what it says of itself is not believed."""
        try:
            return paper_of(self.cleaned_data["file"])
        except NotKept as why:
            raise forms.ValidationError(str(why)) from None

    def clean_dated_on(self) -> date | None:
        """A paper is not from the future."""
        day = self.cleaned_data["dated_on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError("This date has not come yet.")
        return day

    @property
    def said(self) -> dict[str, Any]:
        """What was said beside program and file."""
        return {name: value for name, value in super().said.items() if name != "file"}


class StrikeForm(forms.Form):
    """Why a document was a mistake."""

    because = forms.ChoiceField(
        label="What was wrong", widget=forms.RadioSelect, choices=Document.Mistake.choices,
        error_messages={"required": "Choose what was wrong."},
    )  # fmt: skip
