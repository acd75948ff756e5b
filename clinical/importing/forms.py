"""The form that takes a file."""

from collections.abc import Sequence
from typing import Any

from django import forms

from clinical.importing.bundle import MOST_BYTES
from consent.models import Program


class ImportForm(forms.Form):
    """A file, the program whose record it goes into, and, where the person seems another, that it isn't."""

    file = forms.FileField(
        label="File",
        help_text=f"A FHIR R4 bundle of one person in JSON, up to {MOST_BYTES // 1_000_000} MB",
        widget=forms.FileInput(attrs={"accept": ".json,application/json,application/fhir+json"}),
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )
    program = forms.ChoiceField(
        label="Into the record of",
        widget=forms.RadioSelect,
        error_messages={"required": "Say into which program’s record it goes."},
    )
    is_same_person = forms.BooleanField(label="It is the same person: I compared them", required=False)

    def __init__(self, *args: Any, programs: Sequence[Program], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programs = {each.slug: each for each in programs}
        self.fields["program"].choices = [(each.slug, each.name) for each in programs]
        self.fields["program"].required = len(programs) > 1  # the program's segments and law are the file's

    def clean_file(self) -> Any:
        """It is read by what it holds, never by its name."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(f"The file is longer than {MOST_BYTES // 1_000_000} MB.")
        return file

    @property
    def in_program(self) -> Program:
        """The program that was chosen; the first, where there is nothing to choose."""
        return self.programs[self.cleaned_data["program"] or next(iter(self.programs))]
