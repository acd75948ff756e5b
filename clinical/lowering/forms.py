"""Asking to lower a label, and deciding it."""

from collections.abc import Sequence
from typing import Any

from django import forms

from consent.texts import ProseField

REASON = {"required": "Write why it need not be kept as that."}


class AskForm(forms.Form):
    """Which segments, and why."""

    takes_away = forms.MultipleChoiceField(
        label="Take off", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose what is to be taken off."},
    )  # fmt: skip
    reason = ProseField(
        label="Why", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), error_messages=REASON,
        help_text="For the supervisor who decides, and for whoever asks later.",
    )  # fmt: skip

    def __init__(self, *args: Any, segments: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["takes_away"].choices = segments


class DecideForm(forms.Form):
    """Yes or no, and why; a no needs a reason for whoever asked, a yes has one already."""

    lowers = forms.ChoiceField(
        label="Decision", widget=forms.RadioSelect,
        choices=[("yes", "Lower it: more people will be able to read it"), ("no", "Leave it as it is")],
        error_messages={"required": "Choose one."},
    )  # fmt: skip
    remark = ProseField(
        label="Why", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        """Both decisions say why."""
        said = super().clean() or {}
        if not said.get("remark") and "remark" not in self.errors:
            self.add_error("remark", "Write why, for whoever asked and whoever asks later.")
        return said
