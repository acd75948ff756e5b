"""The form of hours covered."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinical.responses.models import WEEKDAYS, Coverage, ResponseModel
from clinical.units.models import Zone

CHIPS = {"class": "options--chips"}


class CoverageForm(forms.Form):
    """By which model a program answers, where and when, from a day on."""

    model = forms.ModelChoiceField(
        label=_("Response model"),
        empty_label=_("Choose one"), queryset=ResponseModel.objects.none(),
        error_messages={"required": _("Choose the response model.")},
    )  # fmt: skip
    zones = forms.ModelMultipleChoiceField(
        label=_("Zones"), queryset=Zone.objects.all(), widget=forms.CheckboxSelectMultiple(attrs=CHIPS),
        error_messages={"required": _("Choose a zone at least.")},
    )  # fmt: skip
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple(attrs=CHIPS),
        error_messages={"required": _("Choose a weekday at least.")},
    )  # fmt: skip
    from_time = forms.TimeField(
        label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": _("Say from what hour."), "invalid": _("Say from what hour.")},
    )  # fmt: skip
    until_time = forms.TimeField(
        label=_("Until"), help_text=_("The same hour twice is around the clock; an earlier one is the next morning."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": _("Say until what hour."), "invalid": _("Say until what hour.")},
    )  # fmt: skip
    begins_on = forms.DateField(
        label=_("From the day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Say from what day."), "invalid": _("Say from what day.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["model"].queryset = ResponseModel.objects.in_use(today)
        self.fields["begins_on"].initial = today


class EndCoverageForm(forms.Form):
    """The first day that is not covered any more."""

    ends_on = forms.DateField(
        label=_("Not covered from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Say from what day."), "invalid": _("Say from what day.")},
    )  # fmt: skip

    def __init__(self, *args: Any, coverage: Coverage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.coverage = coverage

    def clean_ends_on(self) -> Any:
        """Not before it began."""
        ends_on = self.cleaned_data["ends_on"]
        if ends_on < self.coverage.begins_on:
            raise forms.ValidationError(_("It began later than that."))
        return ends_on
