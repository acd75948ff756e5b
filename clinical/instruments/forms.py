"""The form around an instrument's questions: in which program and language, why it is skipped, a remark."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from clinical.instruments.models import Screening
from consent.models import Program
from consent.texts import ProseField

ANSWER = "q-"  # what the name of an answer's field begins with


def answers_in(posted: Mapping[str, Any]) -> dict[str, str]:
    """The answers of a posted page: question id -> key."""
    return {name.removeprefix(ANSWER): value for name, value in posted.items() if name.startswith(ANSWER)}


class RunForm(forms.Form):
    """What stands around the questions, and goes from page to page with them."""

    program = forms.ChoiceField(label="For", required=False, widget=forms.RadioSelect)
    language = forms.ChoiceField(choices=Screening.Language.choices, required=False)
    skipped = forms.ChoiceField(
        label="Why not",
        required=False,
        widget=forms.RadioSelect,
        choices=Screening.Skipped.choices,
        error_messages={"required": "Choose why it is skipped."},
    )
    remark = ProseField(
        label="Remark",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What the answers alone don't tell",
    )
    encounter = forms.UUIDField(required=False)

    def __init__(
        self, *args: Any, programs: Sequence[Program], is_skipped: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.programs = {each.slug: each for each in programs}
        self.fields["program"].choices = [(each.slug, each.name) for each in programs]
        self.fields["skipped"].required = is_skipped

    @property
    def in_program(self) -> Program:
        """The program that was chosen; the first, where there is nothing to choose."""
        return self.programs[self.cleaned_data["program"] or next(iter(self.programs))]

    @property
    def back_to(self) -> UUID | None:
        """The encounter that it is asked in; what is no id of one is nothing."""
        try:
            found: UUID | None = self.fields["encounter"].clean(self["encounter"].value())
        except ValidationError:
            return None
        return found

    @property
    def in_language(self) -> str:
        """The language that was chosen, English if none was."""
        asked = self["language"].value()
        return asked if asked in Screening.Language.values else Screening.Language.ENGLISH.value


class StrikeForm(forms.Form):
    """Why a screening was a mistake."""

    because = forms.ChoiceField(
        label="What was wrong", widget=forms.RadioSelect, choices=Screening.Mistake.choices,
        error_messages={"required": "Choose what was wrong."},
    )  # fmt: skip
