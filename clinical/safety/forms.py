"""The form of a safety plan: one box for each of its parts."""

from typing import Any

from django import forms

from clinical.plans.forms import CHIPS, InProgram
from clinical.safety.models import PARTS, SafetyPlan
from consent.texts import ProseField


class SafetyPlanForm(InProgram):
    """What helps, in the person's words; any of it may stay empty, not all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, hint) in PARTS.items():
            self.fields[name] = ProseField(
                label=label, help_text=hint, required=False, max_length=2000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )  # fmt: skip
        self.fields["is_theirs"] = forms.BooleanField(label="Made together, in their words", required=False)
        self.fields["copy"] = forms.ChoiceField(
            label="Their copy", choices=SafetyPlan.Copy.choices, widget=forms.RadioSelect(attrs=CHIPS),
            initial=SafetyPlan.Copy.NONE,
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Something is said."""
        cleaned = super().clean() or {}
        if not any(cleaned.get(name) for name in PARTS):
            self.add_error("signs", "Write at least one part.")
        return cleaned

    @property
    def parts(self) -> dict[str, str]:
        """The parts that say something."""
        return {name: self.cleaned_data[name] for name in PARTS if self.cleaned_data.get(name)}
