"""The forms of intake: an encounter without a card, and a medic's referral."""

from typing import Any

from django import forms

from clinical.intake.models import Card
from clinical.intake.routing import MEDICS_REASONS
from clinical.responses.words import CalledBy
from consent.texts import LineField, ProseField


class NewEncounterForm(forms.Form):
    """Somebody met without a card."""

    described_as = LineField(
        label="Name, or what they look like",
        max_length=200,
        help_text="For example: unknown, man 40s, red coat",
    )
    location = LineField(label="Where", max_length=300, required=False)
    called_by = forms.ChoiceField(
        label="How it came about", required=False, choices=[("", "Not recorded"), *CalledBy.choices]
    )

    def __init__(self, *args: Any, programs: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programs = {program.slug: program for program in programs}
        if len(programs) > 1:
            self.fields["program"] = forms.ChoiceField(
                label="Program", widget=forms.RadioSelect, choices=[(p.slug, p.name) for p in programs]
            )

    def clean(self) -> dict[str, Any]:
        """With one program there is nothing to choose."""
        cleaned = super().clean() or {}
        slug = cleaned.get("program") or next(iter(self.programs), "")
        cleaned["program"] = self.programs.get(slug)
        if cleaned["program"] is None:
            raise forms.ValidationError("None of your programs takes anybody new.")
        return cleaned


class ReferInForm(forms.Form):
    """What a medic, firefighter or crisis service tells: the person, the need, how to find them."""

    person = LineField(label="Who", max_length=300, help_text="The name as given, or what they look like")
    contact = LineField(
        label="How to reach them",
        max_length=300,
        required=False,
        help_text="Phone, or where they can be found",
    )
    location = LineField(label="Where you met", max_length=300)
    reasons = forms.MultipleChoiceField(
        label="What you saw", choices=MEDICS_REASONS, widget=forms.CheckboxSelectMultiple
    )
    agreed = forms.ChoiceField(
        label="Did the person agree to be contacted?",
        widget=forms.RadioSelect,
        choices=[(Card.Agreed.YES, "Yes"), (Card.Agreed.NO, "No"), (Card.Agreed.NOT_ASKED, "Not asked")],
    )
    safety_note = LineField(label="Safety, as seen", max_length=500, required=False)
    description = ProseField(
        label="Anything else", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
