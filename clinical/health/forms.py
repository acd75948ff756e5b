"""The form of a coded fact, and of its end or its being a mistake."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from clinical.health.diagnoses import tabular
from clinical.health.models import HealthFact
from clinical.health.services import Said, kinds_named
from consent import services
from consent.labels.medicines import medicines
from consent.models import Program
from consent.texts import LineField, ProseField

# What each choice means to whoever writes, in the order in which it is offered.
HINTS = {
    "risk": "Danger to themselves or somebody else, a safety plan",
    "mental": "Mental health",
    "substance": "Alcohol or drugs; tobacco isn't meant",
    "hiv": "HIV, or what implies it",
    "sti": "Another sexually transmitted infection",
    "reproductive": "Sexual and reproductive health",
    "victim": "Violence that somebody suffered",
    "genetic": "Genetics",
    "commitment": "An involuntary examination",
}
HAND_WRITTEN = (HealthFact.What.CONDITION, HealthFact.What.MEDICINE, HealthFact.What.ALLERGY)


def kind_choices() -> list[tuple[str, str]]:
    """The kinds that an author can choose."""
    return [(each.name.lower(), HINTS[each.name.lower()]) for each in services.LABEL_CHOICES]


class LookUpForm(forms.Form):
    """What somebody types to find a diagnosis. It stays in the form: nothing of it goes into an address."""

    sought = LineField(
        label="Condition", max_length=80, required=False, help_text="Words or a code: “depress”, “F32”"
    )


class FactForm(LookUpForm):
    """A condition from ICD-10-CM or in words, a medicine, an allergy; and what else it speaks of."""

    what = forms.ChoiceField(choices=[(each.value, each.label) for each in HAND_WRITTEN])
    code = LineField(max_length=10, required=False)
    words = LineField(label="In words", max_length=200, required=False)
    detail = ProseField(
        label="Detail", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Dose, who prescribed it, what it did",
    )  # fmt: skip
    since = forms.DateField(
        label="Since", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    program = forms.ChoiceField(label="For", required=False, widget=forms.RadioSelect)
    chosen = forms.MultipleChoiceField(
        label="It also speaks of", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="What the code says is added by itself. Adding more keeps it from more people; taking it away later "
        "needs a supervisor.",
    )  # fmt: skip

    def __init__(self, *args: Any, programs: Sequence[Program], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programs = {each.slug: each for each in programs}
        self.fields["program"].choices = [(each.slug, each.name) for each in programs]
        self.fields["chosen"].choices = kind_choices()

    def clean_since(self) -> date | None:
        """It has come already."""
        since = self.cleaned_data["since"]
        if since and since > timezone.localdate():
            raise forms.ValidationError("This date has not come yet.")
        return since

    def clean(self) -> dict[str, Any]:
        """A condition has a code of the list or words; the others have words."""
        said = super().clean() or {}
        if said.get("what") == HealthFact.What.CONDITION:
            if said.get("code"):
                if tabular().named(said["code"]) is None:
                    self.add_error("sought", "There is no such code. Look it up again.")
            elif not said.get("words") and "sought" not in self.errors:
                self.add_error("sought", "Choose a condition from the list, or write it in words.")
        elif not said.get("words") and "words" not in self.errors:
            self.add_error("words", "Write what it is called.")
        return said

    @property
    def in_program(self) -> Program:
        """The program that was chosen; the first, where there is nothing to choose."""
        return self.programs[self.cleaned_data["program"] or next(iter(self.programs))]

    def said(self) -> Said:
        """The valid form as a value."""
        data = self.cleaned_data
        found = (
            tabular().named(data["code"])
            if data["what"] == HealthFact.What.CONDITION and data["code"]
            else None
        )
        since = data["since"].isoformat() if data["since"] else ""
        more = {"detail": data["detail"], "since": since, "chosen": kinds_named(data["chosen"])}
        if found is not None:
            return Said(
                what=data["what"],
                system=HealthFact.System.ICD10CM,
                code=found.code,
                words=found.words,
                **more,
            )
        number = _number_of(data["words"]) if data["what"] == HealthFact.What.MEDICINE else ""
        system = HealthFact.System.RXNORM if number else HealthFact.System.NONE
        return Said(what=data["what"], system=system, code=number, words=data["words"], **more)


def _number_of(words: str) -> str:
    """The ingredient's number in RxNorm, where the name is one of those known here."""
    asked = words.strip().lower()
    return next((each.rxcui for each in medicines() if asked in each.names), "")


class EndForm(forms.Form):
    """From when it goes on no longer."""

    until = forms.DateField(
        label="Until", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean_until(self) -> date | None:
        """It has come already."""
        until = self.cleaned_data["until"]
        if until and until > timezone.localdate():
            raise forms.ValidationError("This date has not come yet.")
        return until


class StrikeForm(forms.Form):
    """Why a fact was a mistake."""

    because = forms.ChoiceField(
        label="What was wrong", widget=forms.RadioSelect, choices=HealthFact.Mistake.choices,
        error_messages={"required": "Choose what was wrong."},
    )  # fmt: skip
